"""What the votes say of a campaign's ideas: counts, stored standings, support by unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, or_, select

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.answer import Standing, StandingRow
from ideabox.ideas.models.campaign import AFTER_VOTE, VOTE, Campaign, PhaseChange
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.models.vote import GOOD, Vote

_VOTES = IdeaTally.agrees + IdeaTally.disagrees + IdeaTally.passes


@dataclass(frozen=True)
class Counts:
    """One campaign's votes by idea, columns of equal length. `keys` (uids) are what the seed's draws are dealt by."""

    ids: tuple[int, ...]
    keys: tuple[str, ...]
    agrees: tuple[int, ...]
    disagrees: tuple[int, ...]
    passes: tuple[int, ...]


def counts_of(campaign_id: int) -> Counts:
    """Counts of the ideas that stand for a place: live, and not hidden by a moderator."""
    columns = (Idea.id, Idea.uid, IdeaTally.agrees, IdeaTally.disagrees, IdeaTally.passes)
    query = (
        select(*columns)
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .where(Idea.campaign_id == campaign_id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
        .order_by(Idea.uid)
    )
    return _counts(db.session.execute(query).all())


def stored_counts(standing: Standing) -> Counts:
    """The counts that a standing was computed from, as it keeps them."""
    passes = StandingRow.n - StandingRow.agrees - StandingRow.disagrees
    query = (
        select(Idea.id, Idea.uid, StandingRow.agrees, StandingRow.disagrees, passes)
        .join(Idea, Idea.id == StandingRow.idea_id)
        .where(StandingRow.standing_id == standing.id)
        .order_by(Idea.uid)
    )
    return _counts(db.session.execute(query).all())


def _counts(rows: Sequence[Any]) -> Counts:
    columns: Iterable[Any] = zip(*rows, strict=True) if rows else ((),) * 5
    return Counts(*columns)


def latest_standing(campaign_id: int) -> Standing | None:
    """The newest standing of a campaign, frozen or not; None before the first."""
    query = select(Standing).where(Standing.campaign_id == campaign_id).order_by(Standing.id.desc()).limit(1)
    return db.session.scalar(query)


def frozen_standing(campaign_id: int) -> Standing | None:
    """The standing of the last closing of votes; None while there was none."""
    query = select(Standing).where(Standing.campaign_id == campaign_id, Standing.frozen)
    return db.session.scalar(query.order_by(Standing.id.desc()).limit(1))


def closings_of(campaign_id: int) -> int:
    """How many times voting has ended in a campaign."""
    query = select(func.count()).select_from(PhaseChange)
    left = query.where(
        PhaseChange.campaign_id == campaign_id, PhaseChange.before == VOTE, PhaseChange.after.in_(AFTER_VOTE)
    )
    return db.session.scalar(left) or 0


@dataclass(frozen=True)
class Turnout:
    """How many votes were cast in a campaign, by how many people, of how many units."""

    votes: int
    voters: int
    units: int


def turnout_of(campaign_id: int) -> Turnout:
    """Counted from the votes themselves: exact where the campaign's own counters may be a moment late."""
    query = (
        select(func.count(), func.count(func.distinct(Vote.voter_id)), func.count(func.distinct(Person.unit_id)))
        .select_from(Vote)
        .join(Person, Person.id == Vote.voter_id)
        .where(Vote.campaign_id == campaign_id)
    )
    return Turnout(*db.session.execute(query).one())


def standings_due() -> Sequence[int]:
    """Campaigns past their vote whose votes are not those of their newest standing."""
    newest = (
        select(Standing.votes)
        .where(Standing.campaign_id == Campaign.id)
        .order_by(Standing.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    cast = select(func.sum(_VOTES)).where(IdeaTally.campaign_id == Campaign.id).scalar_subquery()
    past = select(Campaign.id).where(Campaign.phase.in_(AFTER_VOTE), cast > 0)
    return db.session.scalars(past.where(or_(newest.is_(None), newest != cast))).all()


@dataclass(frozen=True)
class UnitVotes:
    """Answers of one unit's people on one idea: how many, and how many of them for it."""

    idea_id: int
    unit_id: int
    unit: str
    votes: int
    agrees: int


def unit_votes(idea_ids: Sequence[int]) -> list[UnitVotes]:
    """Answers by idea and voter's unit, units in the order of the directory; people without a unit are left out."""
    if not idea_ids:
        return []
    agrees = func.sum(case((Vote.value >= GOOD, 1), else_=0))
    query = (
        select(Vote.idea_id, Unit.id, Unit.name, func.count(), agrees)
        .join(Person, Person.id == Vote.voter_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Vote.idea_id.in_(idea_ids))
        .group_by(Vote.idea_id, Unit.id, Unit.name, Unit.path)
        .order_by(Unit.path)
    )
    return [UnitVotes(*row) for row in db.session.execute(query)]
