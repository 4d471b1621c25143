"""A small company in which every viewer and every state of a thing exists once, for the authorisation table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from campaigns.models.shortlist import Choice
from ideabox import clock, files, ids
from ideabox.accounts import links, passwords
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.actions.standing import freeze
from ideabox.ideas.models.answer import Letter
from ideabox.ideas.models.campaign import BOX, Campaign, CampaignUpdate, Criterion, PhaseChange
from ideabox.ideas.models.idea import DRAFT, WITHDRAWN, Attachment, Idea
from ideabox.ideas.models.talk import Report
from ideabox.mail import Mail
from ideabox.notifications.models import Notice
from tests.factories import (
    make_campaign,
    make_comment,
    make_idea,
    make_organisation,
    make_person,
    make_seat,
    make_unit,
    make_vote,
    save,
)

PASSWORD = "a quiet autoclave"
VISITOR = "visitor"
#: Who looks. All but employee and author are of units that the private campaigns do not ask.
VIEWERS = {
    VISITOR: "not signed in",
    "employee": "of a unit that is asked",
    "author": "of a unit that is asked; wrote the ideas",
    "outsider": "of a unit that is not asked",
    "other_sponsor": "not asked; sponsors another campaign",
    "talent": "not asked; has the talent role",
    "sponsor": "not asked; sponsors these campaigns",
    "manager": "not asked; manages these campaigns",
    "evaluator": "not asked; evaluates in these campaigns",
    "leadership": "not asked; has the leadership role",
    "moderator": "not asked; has the moderator role",
    "admin": "not asked; has the admin role",
}
#: A uid that names nothing.
MISSING = "2" * ids.LENGTH


@dataclass
class World:
    """Things by kind and state: `things["idea"]["hidden"]` are the arguments of its address."""

    people: dict[str, Person] = field(default_factory=dict)
    things: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def put(self, kind: str, state: str, **arguments: str) -> None:
        self.things.setdefault(kind, {})[state] = arguments


def build() -> World:
    """Make the company. One statement after the other, committed: cells roll back to here."""
    world = World()
    make_organisation()
    top = make_unit("Halden")
    asked, other = make_unit("North", parent=top), make_unit("South", parent=top)
    _people(world, asked, other)
    _campaigns(world, asked, other)
    _ideas(world)
    _answers(world)
    _talk(world)
    _letters(world)
    _odds_and_ends(world, asked)
    db.session.commit()
    return world


def _people(world: World, asked: Any, other: Any) -> None:
    hash_ = passwords.hash_of(PASSWORD)
    for name in VIEWERS:
        if name != VISITOR:
            unit = asked if name in ("employee", "author") else other
            role = [name] if name in ("leadership", "moderator", "admin", "talent") else []
            email = f"{name}@halden.example"
            named = name.replace("_", " ").title()
            world.people[name] = make_person(named, unit=unit, roles=role, email=email, password_hash=hash_)
    make_person("Second Admin", roles=["admin"], password_hash=hash_)
    colleague = make_person("Old Colleague", unit=other, password_hash=hash_)
    left = make_person("Left Colleague", active=False, password_hash=hash_)
    invited = make_person("Invited Colleague")
    for state, person in {"colleague": colleague, "left": left, "invited": invited}.items():
        world.put("person", state, uid=person.uid)
    world.put("person", "self", uid=world.people["admin"].uid)
    world.put("person", "missing", uid=MISSING)
    world.facts["invited"] = invited


def _campaigns(world: World, asked: Any, other: Any) -> None:
    now, people = clock.now(), world.people
    private = {"units": [asked], "sponsor": people["sponsor"], "places": 2, "seed": 7}
    ready = {"problem": "Air leaks.", "good_looks_like": "A fix by June.", "afterwards": "We answer each idea."}
    ready |= {"vote_at": now + timedelta(days=20), "promise_on": (now + timedelta(days=60)).date()}
    rows = {
        "open": make_campaign("Open to suggestions?", phase="suggest", **private),
        "voting": make_campaign("Being voted on?", phase="vote", **private),
        "deciding": make_campaign("Being decided?", phase="vote", **private),
        "closed": make_campaign("Closed?", phase="closed", **private),
        "draft": make_campaign("Not launched?", phase="draft", **private, **ready),
        "everybody": make_campaign("For everybody?", phase="suggest", sponsor=people["sponsor"]),
        "box": make_campaign("The open box", phase="suggest", kind=BOX, sponsor=people["sponsor"]),
    }
    elsewhere = make_campaign("Elsewhere?", phase="suggest", units=[other], sponsor=people["other_sponsor"])
    for state, campaign in rows.items():
        make_seat(campaign, people["manager"], "manager")
        make_seat(campaign, people["evaluator"], "evaluator")
        db.session.add(Criterion(campaign_id=campaign.id, position=0, name="Energy saved", weight=100))
        world.put("campaign", state, uid=campaign.uid)
    db.session.add(CampaignUpdate(campaign_id=rows["open"].id, author_id=people["sponsor"].id, body="News"))
    world.put("campaign", "missing", uid=MISSING)
    world.facts["campaigns"] = rows | {"elsewhere": elsewhere}


def _ideas(world: World) -> None:
    author, campaigns = world.people["author"], world.facts["campaigns"]
    world.facts["ideas"] = made = {
        "open": make_idea(campaigns["open"], author, title="Stop the compressor at lunch"),
        "voting": make_idea(campaigns["voting"], author, title="Lamps that follow the shift"),
        "everybody": make_idea(campaigns["everybody"], author, title="One form for all leaves"),
        "hidden": make_idea(campaigns["open"], author, hidden_at=clock.now(), hidden_reason="insult"),
        "withdrawn": make_idea(campaigns["open"], author, stage=WITHDRAWN),
        "draft": make_idea(campaigns["open"], author, stage=DRAFT, title="Not sent yet"),
    }
    for state, idea in made.items():
        world.put("idea", state, uid=idea.uid)
    world.put("idea", "missing", uid=MISSING)
    world.put("draft", "own", uid=made["draft"].uid)
    world.put("draft", "sent", uid=made["open"].uid)
    world.put("draft", "missing", uid=MISSING)


def _answers(world: World) -> None:
    """The campaign that is decided: votes are in, its standing is frozen, two of its ideas have their letter."""
    campaign, author = world.facts["campaigns"]["deciding"], world.people["author"]
    voters = [make_person(f"Voter {number}") for number in range(6)]
    ideas = [make_idea(campaign, author, title=f"Stop the compressor, way {place}") for place in range(5)]
    for place, idea in enumerate(ideas):
        for number, voter in enumerate(voters):
            make_vote(idea, voter, 1 if number < 6 - place else -1)
    campaign.phase = "decide"
    db.session.add(PhaseChange(campaign_id=campaign.id, before="vote", after="decide"))
    db.session.commit()
    freeze(campaign.id)
    db.session.commit()
    # The shortlist is full, so that the sponsor may confirm it.
    for place, idea in enumerate(ideas):
        actor = world.people["sponsor"].id
        db.session.add(Choice(campaign_id=campaign.id, idea_id=idea.id, chosen=place < 2, reason="", actor_id=actor))
    answered, accepted = ideas[3], ideas[4]
    for idea, outcome in ((answered, "not_retained"), (accepted, "accepted")):
        idea.stage, idea.outcome, idea.decided_at = "decided", outcome, clock.now()
        campaign.answered_count += 1
        letter = Letter(idea_id=idea.id, outcome=outcome, reason="The dryer.", signer_id=world.people["sponsor"].id)
        save(letter)
        world.put("letter", outcome, uid=letter.uid)
    replied = db.session.scalars(db.select(Letter).where(Letter.outcome == "accepted")).one()
    replied.reply, replied.replied_at = "Thank you.", clock.now()
    world.put("letter", "missing", uid=MISSING)
    world.put("idea", "deciding", uid=ideas[0].uid)
    world.facts["deciding"] = ideas
    world.facts["ideas"]["deciding"] = ideas[0]


def _talk(world: World) -> None:
    ideas, employee = world.facts["ideas"], world.people["employee"]
    comments = {
        "open": make_comment(ideas["open"], employee, is_question=True),
        "deleted": make_comment(ideas["open"], employee, deleted_at=clock.now()),
        "of_hidden": make_comment(ideas["hidden"], employee),
        "everybody": make_comment(ideas["everybody"], employee),
        "hidden": make_comment(ideas["open"], employee, hidden_at=clock.now()),
    }
    for state, comment in comments.items():
        world.put("comment", state, uid=comment.uid)
    world.put("comment", "missing", uid=MISSING)
    reports = {"open": ("open", "open"), "of_moderator": ("everybody", None)}
    reporter = world.people["employee"].id
    mine = make_idea(world.facts["campaigns"]["everybody"], world.people["moderator"], title="By a moderator")
    for state, (idea, comment) in reports.items():
        about = mine if state == "of_moderator" else ideas[idea]
        said = comments[comment].id if comment and state != "of_moderator" else None
        report = Report(idea_id=about.id, comment_id=said, reporter_id=reporter, reason="insult")
        save(report)
        world.put("report", state, uid=report.uid)
    world.put("report", "missing", uid=MISSING)


def _letters(world: World) -> None:
    """Addresses below a campaign that name one of its ideas too."""
    campaigns, ideas = world.facts["campaigns"], world.facts["ideas"]
    unanswered, accepted = world.facts["deciding"][0], world.facts["deciding"][4]
    for state in ("open", "voting", "deciding"):
        world.put("bench", state, uid=campaigns[state].uid, idea=ideas[state].uid)
    world.put("bench", "answered", uid=campaigns["deciding"].uid, idea=accepted.uid)
    world.put("bench", "of_another", uid=campaigns["open"].uid, idea=unanswered.uid)
    world.put("bench", "hidden", uid=campaigns["open"].uid, idea=ideas["hidden"].uid)
    world.put("bench", "missing", uid=campaigns["open"].uid, idea=MISSING)


def _odds_and_ends(world: World, asked: Any) -> None:
    employee, invited = world.people["employee"], world.facts["invited"]
    event = Event(name="campaign.updated", actor_id=None, delivered_at=clock.now())
    db.session.add(event)
    db.session.flush()
    about = world.facts["campaigns"]["open"]
    data = {"about": about.uid, "question": about.question, "excerpt": "News", "news": "n", "campaign": about.uid}
    kind = "campaign.news"
    notice = Notice(person_id=employee.id, event_id=event.id, kind=kind, klass="around", why=kind, data=data)
    save(notice)
    world.put("notice", "of_employee", uid=notice.uid)
    world.put("notice", "missing", uid=MISSING)
    world.put("unit", "there", uid=asked.uid)
    world.put("unit", "missing", uid=MISSING)
    world.put("invitation", "works", token=links.issue(invited.id, links.INVITE))
    world.put("reset", "works", token=links.issue(world.people["employee"].id, links.RESET))
    world.put("reset", "gone", token="nobody-made-this")
    world.put("invitation", "gone", token="nobody-made-this")
    world.put("mail", "there", uid=save(Mail(to="ada@halden.example", subject="Hello", text="Hello", kind="test")).uid)
    world.put("static", "there", filename="img/logo.svg")
    for state in ("open", "draft", "everybody", "hidden"):
        _file(world, state, world.facts["ideas"][state])
    world.put("file", "missing", uid=MISSING)
    keep_files(world)


def _file(world: World, state: str, idea: Idea) -> None:
    row = Attachment(idea_id=idea.id, owner_id=idea.author_id, name="plan.txt", kind="file", content_type="text/plain")
    row.size = 4
    save(row)
    world.put("file", state, uid=row.uid)


def keep_files(world: World) -> None:
    """Put the bytes of files back: no transaction brings them back when a cell has taken them away."""
    for state, arguments in world.things["file"].items():
        path = files.path_of(arguments["uid"])
        if state != "missing" and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"plan")


def campaign_of(world: World, state: str) -> Campaign:
    found: Campaign = world.facts["campaigns"][state]
    return found
