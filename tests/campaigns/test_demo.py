"""The demo company: filled in once, whole, consistent, and with something to do for each role."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from campaigns.demo import play, script
from campaigns.models.shortlist import LetterDraft
from campaigns.queries.letters import stems_of
from ideabox import clock
from ideabox.accounts import demo
from ideabox.accounts.models import Person
from ideabox.database import db as database
from ideabox.events import Event
from ideabox.ideas.models.answer import Letter, StandingRow
from ideabox.ideas.models.campaign import CLOSED, DRAFT, EVALUATE, PHASES, Campaign
from ideabox.ideas.models.idea import LIVE, Idea, IdeaFollow, IdeaLink, IdeaTally
from ideabox.ideas.models.talk import Comment, Report
from ideabox.ideas.models.term import IdeaTerm
from ideabox.ideas.models.vote import Ballot, Vote
from ideabox.ideas.queries.campaign_state import due_campaigns
from ideabox.ideas.queries.invariants import violations
from ideabox.ideas.rules.answer import LEAST_REASON
from ideabox.notifications.models import Notice
from tests.factories import make_organisation

TABLES = (Person, Campaign, Idea, IdeaTally, Vote, Ballot, Comment, Letter, Notice, Event, StandingRow)


def seed(app, *words):
    return app.test_cli_runner().invoke(args=["seed", *words])


def rows():
    return {model.__tablename__: database.session.scalar(select(func.count()).select_from(model)) for model in TABLES}


@pytest.fixture
def filled(app):
    play.fill()
    database.session.commit()
    return {person.name: person for person in database.session.scalars(select(Person))}


def campaign(phase, kind="campaign"):
    return database.session.scalars(select(Campaign).where(Campaign.phase == phase, Campaign.kind == kind)).one()


def test_it_is_filled_in_once(make_app):
    app = make_app(demo=True)
    first = seed(app, "--demo")
    assert (first.exit_code, first.output) == (0, "The demo company was filled in.\n")
    with app.app_context():
        before = rows()
    again = seed(app, "--demo")
    assert (again.exit_code, again.output) == (0, "The demo company is here already; nothing was changed.\n")
    with app.app_context():
        assert rows() == before
        assert before["campaign"] == len(script.NAMES) and min(before.values()) > 0


def test_it_goes_nowhere_but_into_a_demo(make_app):
    """Its passwords are public; and somebody's own company is left alone."""
    refused = seed(make_app(demo=False), "--demo")
    assert refused.exit_code == 1 and "IDEABOX_DEMO=1" in refused.output
    app = make_app(demo=True)
    with app.app_context():
        make_organisation("Somebody Else")
    refused = seed(app, "--demo")
    assert refused.exit_code == 1 and "Somebody Else" in refused.output
    with app.app_context():
        assert rows()["person"] == 0


def test_the_people_are_printed_one_a_line(app):
    printed = seed(app, "--print")
    assert printed.exit_code == 0
    lines = printed.output.splitlines()
    for login in demo.DEMO_LOGINS:
        [line] = [line for line in lines if line.startswith(login.name)]
        assert re.split(r" {2,}", line) == [login.name, str(login.role), login.email, demo.PASSWORD, login.lang]


def recounts_agree():
    assert {name: faults for name, faults in violations().items() if faults} == {}
    counted = {
        IdeaTally.comments: select(Comment.idea_id, func.count()),
        IdeaTally.questions: select(Comment.idea_id, func.count()).where(
            Comment.is_question, Comment.answered_at.is_(None)
        ),
        IdeaTally.builds: select(IdeaLink.to_id, func.count()).where(IdeaLink.kind == "builds_on"),
        IdeaTally.follows: select(IdeaFollow.idea_id, func.count()),
    }
    for column, query in counted.items():
        key = query.selected_columns[0]
        recount = dict(database.session.execute(query.group_by(key)).all())
        kept = dict(database.session.execute(select(IdeaTally.idea_id, column).where(column > 0)).all())
        assert kept == recount and recount, column.key


def campaigns_count_what_they_hold():
    for one in database.session.scalars(select(Campaign)):
        ideas = select(func.count()).select_from(Idea).where(Idea.campaign_id == one.id, Idea.stage.in_(LIVE))
        votes = select(func.count(), func.count(func.distinct(Vote.voter_id))).where(Vote.campaign_id == one.id)
        assert one.idea_count == database.session.scalar(ideas)
        assert one.answered_count == database.session.scalar(ideas.where(Idea.outcome.is_not(None)))
        assert (one.vote_count, one.voter_count) == tuple(database.session.execute(votes).one())
    sent = set(database.session.scalars(select(Idea.id).where(Idea.stage.in_(LIVE))))
    assert set(database.session.scalars(select(IdeaTerm.idea_id).distinct())) == sent


def no_campaign_is_due():
    """What the calendar would move at once would not be what the demo means to show."""
    phases = set(database.session.scalars(select(Campaign.phase)))
    assert phases == set(PHASES) - {DRAFT, EVALUATE, CLOSED}
    assert due_campaigns(clock.now()) == []
    assert {one.lang for one in database.session.scalars(select(Campaign))} == {"en", "fr"}


def nothing_comes_before_its_cause():
    now = clock.now()
    moments = (Comment.created_at, Vote.cast_at, Letter.sent_at, Idea.submitted_at, Notice.created_at, Event.at)
    for column in moments:
        assert database.session.scalar(select(func.max(column))) <= now, column
    replied = select(Comment.created_at, Idea.submitted_at).join(Idea, Idea.id == Comment.idea_id)
    assert all(said > sent for said, sent in database.session.execute(replied))
    sent = select(Letter.sent_at, Idea.submitted_at).join(Idea, Idea.id == Letter.idea_id)
    assert all(letter > idea for letter, idea in database.session.execute(sent))
    voted = select(Vote.cast_at, Campaign.vote_at).join(Campaign, Campaign.id == Vote.campaign_id)
    assert all(cast > opened for cast, opened in database.session.execute(voted))


def votes_leave_a_tie_at_the_cut():
    """Deciders are to see both: places that are clear, and places that are theirs to choose. The news says so too."""
    decide = campaign("decide")
    bands = select(StandingRow.band, func.count()).join(Idea, Idea.id == StandingRow.idea_id)
    counts = dict(database.session.execute(bands.where(Idea.campaign_id == decide.id).group_by(StandingRow.band)).all())
    assert (counts["A"], counts["B"], decide.places) == (5, 6, 8)
    assert decide.voter_count == 82
    unanswered = select(func.count()).where(Idea.campaign_id == decide.id, Idea.outcome.is_(None), Idea.stage.in_(LIVE))
    assert database.session.scalar(unanswered) > 40
    assert database.session.scalar(select(func.count()).select_from(LetterDraft)) == 2


def letters_give_reasons_of_their_own():
    """Each reason is long enough, none is sent twice, and each speaks of its idea or a criterion's words."""
    reasons = list(database.session.scalars(select(Letter.reason)))
    assert len(set(reasons)) == len(reasons) == 37 and min(map(len, reasons)) >= LEAST_REASON
    pairs = select(Letter.reason, Idea.title, Idea.body).join(Idea, Idea.id == Letter.idea_id)
    own = [bool(stems_of(reason) & stems_of(title, body)) for reason, title, body in database.session.execute(pairs)]
    assert sum(own) >= 30


def a_ballot_is_begun(ada):
    ballot = database.session.get_one(Ballot, (campaign("vote").id, ada.id))
    own = select(func.count()).where(Idea.author_id == ballot.person_id, Idea.campaign_id == ballot.campaign_id)
    left = campaign("vote").idea_count - database.session.scalar(own) - ballot.answers
    assert (ballot.answers, ballot.goods, ballot.bests, left) == (24, 6, 2, 36)


def test_it_holds_together(filled):
    """One filling is looked at from all sides, for it takes seconds."""
    recounts_agree()
    campaigns_count_what_they_hold()
    no_campaign_is_due()
    nothing_comes_before_its_cause()


def test_each_role_finds_work(filled, sign_in):
    """On the home page, in its own words; and the page behind it opens."""
    votes_leave_a_tie_at_the_cut()
    letters_give_reasons_of_their_own()
    a_ballot_is_begun(filled["Ada Lindqvist"])
    ada = sign_in(filled["Ada Lindqvist"]).get("/").text
    for title in ("How might we halve", "Return the empty reagent bottles", "Refill stations", "Label the cold-room"):
        assert title in ada
    remi = sign_in(filled["Remi Okoye"]).get("/").text
    assert "Choose the 8 places at the cut" in remi and "5 letters to write" in remi
    decide = f"/decide/{campaign('decide').uid}"
    assert "Rinse water twice" in sign_in(filled["Claire Rousseau"]).get(decide).text
    assert "Le certificat en haut du carton" in sign_in(filled["Fatou Diallo"]).get("/").text
    [report] = database.session.scalars(select(Report))
    moderator = sign_in(filled["Priya Raman"])
    assert "Typical of people" in moderator.get(f"/moderate/{report.uid}").text
