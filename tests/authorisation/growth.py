"""The small company with many more of everything that a page lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from ideabox import clock, ids
from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.models.answer import FollowUp, Letter, StandingRow
from ideabox.ideas.models.campaign import Campaign, CampaignUpdate, PhaseChange, Seat
from ideabox.ideas.models.idea import Idea, IdeaLink, IdeaTally, IdeaVersion
from ideabox.ideas.models.talk import Comment, Report
from ideabox.ideas.models.vote import Vote
from ideabox.mail import Mail
from ideabox.notifications.models import Notice
from tests.authorisation.world import World


def grow(world: World, more: int) -> None:
    """Add `more` ideas to each campaign, and as many people, comments, notices, letters, campaigns; commits."""
    people = _people(world, more)
    for state in ("open", "voting", "everybody", "deciding"):
        _ideas(world, state, people)
    _campaigns(world, more)
    _around(world, people)
    db.session.commit()


def _rows(table: Any, rows: list[dict[str, Any]]) -> list[int]:
    return list(db.session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))


def _people(world: World, more: int) -> list[int]:
    unit = world.people["employee"].unit_id
    names = [ids.new_uid() for _ in range(more)]
    made = _rows(Unit, [{"name": name, "code": name} for name in names])
    db.session.execute(update(Unit), [{"id": unit, "path": f"/{unit}/"} for unit in made])
    rows = [{"name": f"Person {name}", "email": f"{name}@halden.example", "unit_id": unit} for name in names]
    return _rows(Person, rows)


def _ideas(world: World, state: str, people: list[int]) -> None:
    campaign = world.facts["campaigns"][state]
    facts = {"campaign_id": campaign.id, "stage": "open", "body": "Words.", "body_html": "Words.", "excerpt": "Words."}
    made = _rows(
        Idea, [{**facts, "author_id": who, "title": f"Idea of {who}", "submitted_at": clock.now()} for who in people]
    )
    db.session.execute(insert(IdeaTally), [{"idea_id": idea, "campaign_id": campaign.id} for idea in made])
    campaign.idea_count += len(made)
    if state == "deciding":
        _decided(world, made, people)
    if state == "voting":
        # The employee has answered all but a few.
        voter = world.people["employee"].id
        vote = {"campaign_id": campaign.id, "voter_id": voter, "value": 0, "surface": "page"}
        _rows(Vote, [{**vote, "idea_id": idea} for idea in made[3:]])


def _decided(world: World, made: list[int], people: list[int]) -> None:
    """The new ideas have a place in the standing like the old ones, and half of them their letter."""
    pattern = db.session.scalars(select(StandingRow).order_by(StandingRow.position)).all()
    names = [column.name for column in StandingRow.__table__.columns]
    copied = [{name: getattr(row, name) for name in names} for row in pattern]
    last = max(row["position"] for row in copied)
    rows = [{**copied[n % 5], "idea_id": idea, "position": last + 1 + n} for n, idea in enumerate(made)]
    db.session.execute(insert(StandingRow), rows)
    signer = world.people["sponsor"].id
    half = made[::2]
    _rows(Letter, [{"idea_id": i, "outcome": "accepted", "reason": "Yes.", "signer_id": signer} for i in half])
    accepted = world.facts["deciding"][4].id
    _rows(FollowUp, [{"idea_id": accepted, "author_id": signer, "stage": "in_progress", "words": "On."} for _ in made])


def _campaigns(world: World, more: int) -> None:
    phases = ("suggest", "vote", "decide", "draft")
    sponsor = world.people["sponsor"].id
    made = _rows(
        Campaign, [{"question": f"Question {n}?", "phase": phases[n % 4], "sponsor_id": sponsor} for n in range(more)]
    )
    _rows(Seat, [{"campaign_id": campaign, "person_id": sponsor, "role": "sponsor"} for campaign in made])


def _around(world: World, people: list[int]) -> None:
    """Talk, versions, links, reports, notices, news, mails."""
    idea, open_campaign = world.facts["ideas"]["open"], world.facts["campaigns"]["open"]
    here = {"idea_id": idea.id}
    said = _rows(Comment, [{**here, "author_id": who, "body": "So.", "body_html": "So."} for who in people])
    db.session.get_one(IdeaTally, idea.id).comments += len(said)
    texts = {**here, "title": "T", "body": "B", "editor_id": idea.author_id}
    _rows(IdeaVersion, [{**texts, "number": idea.version + n} for n, _who in enumerate(people, start=1)])
    idea.version += len(people)
    _links(idea)
    reported = {**here, "reason": "insult", "target": f"{idea.id}:0"}
    _rows(Report, [{**reported, "reporter_id": who} for who in people])
    news = {"campaign_id": open_campaign.id, "body": "News", "body_html": "News"}
    _rows(CampaignUpdate, [{**news, "author_id": who} for who in people])
    moved = {"campaign_id": open_campaign.id, "before": "suggest", "after": "improve"}
    _rows(PhaseChange, [{**moved, "actor_id": who} for who in people])
    _notices(world, people)
    _rows(Mail, [{"to": "a@b.example", "subject": "Hello", "text": "Hello", "kind": "test"} for _ in people])


def _links(idea: Idea) -> None:
    """The idea comes near to all others of its campaign."""
    linked = select(IdeaLink.to_id).where(IdeaLink.from_id == idea.id)
    others = select(Idea.id).where(Idea.campaign_id == idea.campaign_id, Idea.id != idea.id, Idea.id.not_in(linked))
    _rows(IdeaLink, [{"from_id": idea.id, "to_id": each, "kind": "near"} for each in db.session.scalars(others)])


def _notices(world: World, people: list[int]) -> None:
    pattern = db.session.scalars(select(Notice).order_by(Notice.id)).first()
    assert pattern is not None
    event = {"name": "campaign.updated", "delivered_at": clock.now()}
    events = _rows(Event, [event for _ in people])
    same = {name: getattr(pattern, name) for name in ("person_id", "kind", "klass", "why", "data")}
    _rows(Notice, [{**same, "event_id": each} for each in events])
