"""Votes in the database: what is stored and counted, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.actions.campaign_phases import move
from ideabox.ideas.actions.shows import shown
from ideabox.ideas.actions.vote import cast, difference, take_back
from ideabox.ideas.actions.vote_counts import count_votes
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea, IdeaTally
from ideabox.ideas.models.vote import Ballot, Show, Vote
from ideabox.ideas.queries.ballots import ballot_of
from ideabox.ideas.queries.campaigns import campaign_for
from ideabox.ideas.queries.votes import votable
from ideabox.verdict import Missing, Refused
from ideabox.viewer import Viewer
from tests.factories import make_idea, make_person, make_unit, voting_campaign

pytestmark = pytest.mark.usefixtures("app")
TALLY = ("agrees", "bests", "passes", "disagrees")


def as_viewer(person: Person, **facts: Any) -> Viewer:
    return Viewer(person.id, person.uid, person.name, person.email or "", "session", **facts)


@pytest.fixture
def voter() -> Viewer:
    return as_viewer(make_person())


def answer(voter: Viewer, idea: Idea, value: int | None, **facts: Any) -> Any:
    seen = votable(voter, idea.uid)
    ballot = take_back(voter, seen) if value is None else cast(voter, seen, value, **facts)
    db.session.commit()
    return ballot


def tally(idea: Idea) -> tuple[int, ...]:
    columns = [getattr(IdeaTally, name) for name in TALLY]
    return tuple(db.session.execute(select(*columns).where(IdeaTally.idea_id == idea.id)).one())


def stored(voter: Viewer) -> tuple[int, int, int]:
    row = db.session.execute(
        select(Ballot.answers, Ballot.goods, Ballot.bests).where(Ballot.person_id == voter.id)
    ).one_or_none()
    return tuple(row) if row else (0, 0, 0)


@pytest.mark.parametrize(
    ("values", "counted", "ballot"),
    [
        ([-1], (0, 0, 0, 1), (1, 0, 0)),
        ([0], (0, 0, 1, 0), (1, 0, 0)),
        ([1], (1, 0, 0, 0), (1, 1, 0)),
        ([2], (1, 1, 0, 0), (1, 1, 1)),
        ([2, 1], (1, 0, 0, 0), (1, 1, 0)),
        ([1, 2, -1], (0, 0, 0, 1), (1, 0, 0)),
        ([0, 2, 2], (1, 1, 0, 0), (1, 1, 1)),
        ([2, None], (0, 0, 0, 0), (0, 0, 0)),
        ([1, None, None, 0], (0, 0, 1, 0), (1, 0, 0)),
        ([None], (0, 0, 0, 0), (0, 0, 0)),
    ],
)
def test_the_last_answer_counts_and_only_it(
    voter: Viewer, values: list[int | None], counted: tuple[int, ...], ballot: tuple[int, ...]
) -> None:
    idea = make_idea(voting_campaign())
    for value in values:
        after = answer(voter, idea, value)
    assert tally(idea) == counted
    assert stored(voter) == ballot
    assert (after.answers, after.goods, after.bests) == ballot


def test_each_change_leaves_one_event_and_a_repetition_none(voter: Viewer) -> None:
    idea = make_idea(voting_campaign())
    for value in (1, 1, 2, None, None):
        answer(voter, idea, value)
    told = db.session.execute(
        select(Event.data, Event.delivered_at).where(Event.name == "idea.voted").order_by(Event.id)
    )
    rows = told.all()
    assert [(row.data["previous"], row.data["value"]) for row in rows] == [(None, 1), (1, 2), (2, None)]
    assert all(row.delivered_at for row in rows), "nobody reacts to a vote, so none may wait"


def test_the_good_budget_holds_and_says_how_to_mend_it(voter: Viewer) -> None:
    campaign = voting_campaign(good_limit=2, best_limit=2)
    first, second, third = (make_idea(campaign) for _ in range(3))
    answer(voter, first, 1)
    answer(voter, second, 2)
    for value in (1, 2):
        with pytest.raises(Refused, match="2 good are given") as refusal:
            answer(voter, third, value)
        assert refusal.value.status == 409
        db.session.rollback()
    assert tally(third) == (0, 0, 0, 0)
    assert stored(voter) == (2, 2, 1)
    answer(voter, third, -1)
    answer(voter, first, 0)
    answer(voter, third, 1)
    assert stored(voter) == (3, 2, 1)


def test_the_best_budget_holds_inside_the_good_one(voter: Viewer) -> None:
    campaign = voting_campaign(good_limit=5, best_limit=1)
    first, second = (make_idea(campaign) for _ in range(2))
    answer(voter, first, 2)
    answer(voter, second, 1)
    with pytest.raises(Refused, match="1 best is named"):
        answer(voter, second, 2)
    db.session.rollback()
    assert (stored(voter), tally(second)) == ((2, 2, 1), (1, 0, 0, 0))
    answer(voter, first, 1)
    answer(voter, second, 2)
    assert stored(voter) == (2, 2, 1)


def test_an_answer_may_go_down_even_when_limits_were_lowered_below_it(voter: Viewer) -> None:
    campaign = voting_campaign(good_limit=5, best_limit=2)
    ideas = [make_idea(campaign) for _ in range(3)]
    for idea in ideas:
        answer(voter, idea, 1)
    db.session.execute(update(Campaign).values(good_limit=1))
    db.session.commit()
    answer(voter, ideas[0], -1)
    assert stored(voter) == (3, 2, 0)


def test_a_campaign_without_best_takes_none(voter: Viewer) -> None:
    idea = make_idea(voting_campaign(best_limit=0))
    with pytest.raises(Refused, match='Choose "good" instead'):
        answer(voter, idea, 2)


def test_what_may_not_be_seen_is_missing_and_what_may_not_be_voted_on_refused() -> None:
    plant = make_unit()
    campaign = voting_campaign(units=[plant])
    idea = make_idea(campaign)
    with pytest.raises(Missing):
        votable(as_viewer(make_person()), idea.uid)
    leader = as_viewer(make_person(roles=["leadership"]), is_leadership=True)
    with pytest.raises(Refused, match="asks other units"):
        answer(leader, idea, 1)
    asked = as_viewer(make_person(unit=plant), unit_id=plant.id, unit_path=(plant.id,))
    answer(asked, idea, 1)
    assert tally(idea) == (1, 0, 0, 0)


def test_nobody_votes_on_their_own_idea_sealed_or_not() -> None:
    author = make_person()
    campaign = voting_campaign()
    for privacy in ("named", "sealed"):
        idea = make_idea(campaign, author, privacy=privacy)
        with pytest.raises(Refused, match="your own idea"):
            answer(as_viewer(author), idea, 1)
        db.session.rollback()
        assert tally(idea) == (0, 0, 0, 0)


def test_a_show_counts_once_per_person_and_surface(voter: Viewer) -> None:
    idea = make_idea(voting_campaign())
    other = as_viewer(make_person())
    author = db.session.get_one(Person, idea.author_id)
    for viewer, surface in [(voter, "deck"), (voter, "deck"), (voter, "page"), (voter, "page"), (other, "deck")]:
        shown(viewer, votable(viewer, idea.uid), surface, 3)
        db.session.commit()
    with pytest.raises(Refused):
        shown(as_viewer(author), votable(as_viewer(author), idea.uid), "page", 0)
    db.session.rollback()
    counted = db.session.execute(select(IdeaTally.shows, IdeaTally.readers)).one()
    assert tuple(counted) == (3, 1)
    assert db.session.scalar(select(func.count()).select_from(Show)) == 3


def test_a_vote_logs_the_show_that_no_script_has_logged(voter: Viewer) -> None:
    campaign = voting_campaign()
    told, untold = make_idea(campaign), make_idea(campaign)
    shown(voter, votable(voter, told.uid), "deck", 1)
    db.session.commit()
    for idea in (told, untold):
        answer(voter, idea, 1, surface="deck", slot=2)
    rows = db.session.execute(select(Show.idea_id, Show.slot, Show.surface).order_by(Show.id)).all()
    assert [tuple(row) for row in rows] == [(told.id, 1, "deck"), (untold.id, 2, "deck")]
    assert db.session.scalars(select(IdeaTally.shows)).all() == [1, 1]


def test_the_tick_adds_up_what_votes_leave_uncounted(voter: Viewer) -> None:
    campaign = voting_campaign()
    ideas = [make_idea(campaign) for _ in range(3)]
    other = as_viewer(make_person())
    for idea in ideas:
        answer(voter, idea, 1)
    answer(other, ideas[0], 0)
    answer(other, ideas[0], None)
    count_votes()
    db.session.commit()
    counts = select(Campaign.vote_count, Campaign.voter_count)
    assert tuple(db.session.execute(counts).one()) == (3, 1)


def test_a_move_of_phase_counts_first_and_does_not_go_back_over_votes(voter: Viewer) -> None:
    campaign = voting_campaign()
    answer(voter, make_idea(campaign), 1)
    admin = as_viewer(make_person(roles=["admin"]), is_admin=True)
    seen = campaign_for(admin, campaign.uid)
    with pytest.raises(Refused, match="changed meanwhile"):
        move(admin, seen, "improve", "We want more ideas first.")
    db.session.rollback()
    move(admin, campaign_for(admin, campaign.uid), "evaluate", "Enough people have voted.")
    db.session.commit()
    counts = select(Campaign.vote_count, Campaign.voter_count, Campaign.phase)
    assert tuple(db.session.execute(counts).one()) == (1, 1, "evaluate")


def test_ballot_sentences(voter: Viewer) -> None:
    campaign = voting_campaign(good_limit=10, best_limit=3)
    idea = make_idea(campaign)
    before = ballot_of(voter, campaign)
    assert (before.counts, before.standing) == (False, "Your ballot does not count yet: answer one card")
    after = answer(voter, idea, 2)
    assert (after.counts, after.standing) == (True, "Your ballot counts as it stands")
    assert after.rule == "Up to 10 good, 3 of them best."
    assert (after.good_note, after.best_note) == ("9 of 10 left", "2 of 3 left")
    assert db.session.scalar(select(func.count()).select_from(Vote)) == 1


def test_difference_is_what_the_counts_gain() -> None:
    assert difference(None, None) == difference(2, 2)
    assert difference(0, 2).goods == difference(0, 2).bests == 1
    assert difference(2, None).answers == -1
