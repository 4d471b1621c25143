"""Rows for tests: plain functions that add and commit one thing with sensible defaults, inside an app context."""

from __future__ import annotations

import itertools
from typing import Any

from ideabox import clock
from ideabox.accounts.models import Organisation, Person, Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import VOTE, Campaign, CampaignUnit, Seat
from ideabox.ideas.models.idea import OPEN, Idea, IdeaTally, IdeaVersion
from ideabox.ideas.models.talk import Comment
from ideabox.ideas.models.vote import BEST, GOOD, NOT_FOR_US, UNSURE, Ballot, Vote
from ideabox.markdown import excerpt, render

_numbers = itertools.count(1)
_COUNTERS = {NOT_FOR_US: ["disagrees"], UNSURE: ["passes"], GOOD: ["agrees"], BEST: ["agrees", "bests"]}


def save(row: Any) -> Any:
    """Add a row, commit, and hand it back with its id."""
    db.session.add(row)
    db.session.commit()
    return row


def make_organisation(name: str = "Halden Instruments", **facts: Any) -> Organisation:
    return save(Organisation(id=1, name=name, **facts))


def make_unit(name: str = "", *, parent: Unit | None = None, code: str = "", **facts: Any) -> Unit:
    """A unit, at the root unless `parent` is given, with its path filled."""
    number = next(_numbers)
    unit = Unit(
        name=name or f"Unit {number}", code=code or f"unit-{number}", parent_id=parent.id if parent else None, **facts
    )
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.session.commit()
    return unit


def make_person(
    name: str = "", *, unit: Unit | None = None, roles: tuple[str, ...] | list[str] = (), **facts: Any
) -> Person:
    """An active person. `roles` of admin, leadership, moderator, talent. No password: `sign_in` needs none."""
    number = next(_numbers)
    flags = {f"is_{role}": True for role in roles}
    defaults = {
        "name": name or f"Person {number}",
        "email": f"person{number}@example.org",
        "unit_id": unit.id if unit else None,
    }
    return save(Person(**{**defaults, **flags, **facts}))


def make_campaign(
    question: str = "",
    *,
    phase: str = "suggest",
    sponsor: Person | None = None,
    units: tuple[Unit, ...] | list[Unit] = (),
    **facts: Any,
) -> Campaign:
    """A campaign in a phase. With `units` its audience is those units, else everybody. The sponsor gets a seat."""
    campaign = Campaign(
        question=question or f"How might we mend thing {next(_numbers)}?",
        phase=phase,
        sponsor_id=sponsor.id if sponsor else None,
        audience="units" if units else "all",
        **facts,
    )
    db.session.add(campaign)
    db.session.flush()
    db.session.add_all(CampaignUnit(campaign_id=campaign.id, unit_id=unit.id) for unit in units)
    if sponsor:
        db.session.add(Seat(campaign_id=campaign.id, person_id=sponsor.id, role="sponsor"))
    db.session.commit()
    return campaign


def make_seat(campaign: Campaign, person: Person, role: str = "evaluator") -> Seat:
    return save(Seat(campaign_id=campaign.id, person_id=person.id, role=role))


def make_idea(
    campaign: Campaign,
    author: Person | None = None,
    *,
    title: str = "",
    body: str = "It would save time.",
    stage: str = OPEN,
    **facts: Any,
) -> Idea:
    """An idea with its tally and first version; submitted just now unless it is a draft."""
    author = author or make_person()
    number = next(_numbers)
    draft = stage == "draft"
    submitted = None if draft else clock.now()
    words = {"title": title or f"Idea {number}", "body": body, "body_html": render(body), "excerpt": excerpt(body)}
    placed = {"campaign_id": campaign.id, "author_id": author.id, "stage": stage, "shuffle": number * 7919 % 100_003}
    idea = Idea(**{**words, **placed, "submitted_at": submitted, **facts})
    db.session.add(idea)
    db.session.flush()
    db.session.add(IdeaTally(idea_id=idea.id, campaign_id=campaign.id))
    if not draft:
        db.session.add(IdeaVersion(idea_id=idea.id, number=1, title=idea.title, body=idea.body, editor_id=author.id))
        campaign.idea_count += 1
    db.session.commit()
    return idea


def make_vote(idea: Idea, voter: Person | None = None, value: int = GOOD, *, surface: str = "page") -> Vote:
    """A first vote of this person on this idea, with tally, ballot and campaign counters as the product keeps them."""
    voter = voter or make_person()
    vote = Vote(campaign_id=idea.campaign_id, idea_id=idea.id, voter_id=voter.id, value=value, surface=surface)
    db.session.add(vote)
    tally = db.session.get_one(IdeaTally, idea.id)
    for counter in _COUNTERS[value]:
        setattr(tally, counter, getattr(tally, counter) + 1)
    _count_ballot(idea.campaign_id, voter.id, value)
    db.session.commit()
    return vote


def _count_ballot(campaign_id: int, voter_id: int, value: int) -> None:
    campaign = db.session.get_one(Campaign, campaign_id)
    ballot = db.session.get(Ballot, (campaign_id, voter_id))
    if ballot is None:
        ballot = Ballot(campaign_id=campaign_id, person_id=voter_id, goods=0, bests=0, answers=0)
        db.session.add(ballot)
        campaign.voter_count += 1
    ballot.answers += 1
    ballot.goods += value >= GOOD
    ballot.bests += value == BEST
    campaign.vote_count += 1


def make_comment(
    idea: Idea,
    author: Person | None = None,
    body: str = "What would it cost?",
    *,
    parent: Comment | None = None,
    **facts: Any,
) -> Comment:
    """A comment, counted in the idea's tally."""
    author = author or make_person()
    made = {"idea_id": idea.id, "author_id": author.id, "parent_id": parent.id if parent else None, "body": body}
    comment = Comment(**{**made, "body_html": render(body), **facts})
    db.session.add(comment)
    tally = db.session.get_one(IdeaTally, idea.id)
    tally.comments += 1
    tally.questions += bool(facts.get("is_question"))
    db.session.commit()
    return comment


def voting_campaign(**facts: Any) -> Campaign:
    """A campaign in its vote phase."""
    return make_campaign(phase=VOTE, **facts)
