"""Letters and notes as those see them who may see the idea."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.answer import FollowUp, Letter, Standing, StandingRow
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import SEALED, Idea
from ideabox.ideas.queries.names import author_known_to
from ideabox.ideas.queries.visible import idea_visible_to
from ideabox.verdict import Missing
from ideabox.viewer import Viewer, initials, tint

_TWIN = aliased(Letter)
_AUTHOR = aliased(Person)


@dataclass(frozen=True)
class Signer:
    """Whoever signed: what a signature needs."""

    id: int
    uid: str
    name: str
    unit_name: str = ""

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def tint(self) -> int:
        return tint(self.id)


@dataclass(frozen=True)
class LetterSeen:
    """A letter with its idea, who signed, and how many ideas it answers. `to` is empty when no name may be shown."""

    letter: Letter
    idea: Idea
    campaign: Campaign
    signer: Signer
    twins: int
    to: str
    mine: bool

    @property
    def sealed(self) -> bool:
        return self.idea.privacy == SEALED


@dataclass(frozen=True)
class Place:
    """Where the votes put an idea: what a letter's rank strip shows."""

    rank: int
    rank_low: int
    rank_high: int
    p_top: float
    band: str
    cells: list[float]
    places: int
    frozen_at: datetime


@dataclass(frozen=True)
class Note:
    """One step of an accepted idea."""

    stage: str
    words: str
    at: datetime
    name: str


def letter_for(viewer: Viewer, uid: str) -> LetterSeen:
    """The letter of that uid, for those who may see its idea; Missing otherwise."""
    row = db.session.execute(_letters(viewer).where(Letter.uid == uid)).one_or_none()
    if row is None:
        raise Missing
    return _seen(viewer, row)


def letters_of(viewer: Viewer, idea_id: int) -> list[LetterSeen]:
    """All letters of an idea that this viewer may see, the newest first; one statement."""
    query = _letters(viewer).where(Letter.idea_id == idea_id).order_by(Letter.number.desc())
    return [_seen(viewer, row) for row in db.session.execute(query)]


def notes_of(idea_id: int) -> list[Note]:
    """How an accepted idea goes on, the newest first. The caller has the idea from `visible`."""
    query = (
        select(FollowUp.stage, FollowUp.words, FollowUp.created_at, Person.name)
        .join(Person, Person.id == FollowUp.author_id)
        .where(FollowUp.idea_id == idea_id)
        .order_by(FollowUp.id.desc())
    )
    return [Note(*row) for row in db.session.execute(query)]


def place_of(idea_id: int) -> Place | None:
    """Where the last frozen standing put an idea; None when it put it nowhere."""
    row = StandingRow
    query = (
        select(row.rank, row.rank_low, row.rank_high, row.p_top, row.band, row.cells, Standing.places)
        .add_columns(Standing.computed_at)
        .join(Standing, Standing.id == StandingRow.standing_id)
        .where(StandingRow.idea_id == idea_id, Standing.frozen, StandingRow.rank.is_not(None))
        .order_by(Standing.id.desc())
        .limit(1)
    )
    found = db.session.execute(query).one_or_none()
    return Place(*found) if found else None


def unread_letters(viewer: Viewer) -> Sequence[Any]:
    """Letters to this viewer's own ideas that were not seen yet: (uid, outcome, sent_at, title)."""
    query = (
        select(Letter.uid, Letter.outcome, Letter.sent_at, Letter.replied_at, Idea.title)
        .join(Idea, Idea.id == Letter.idea_id)
        .where(Idea.author_id == viewer.id, Letter.seen_at.is_(None))
        .order_by(Letter.id)
        .limit(5)
    )
    return db.session.execute(query).all()


def _letters(viewer: Viewer) -> Select[Any]:
    twins = select(func.count()).where(_TWIN.batch == Letter.batch).correlate(Letter).scalar_subquery()
    return (
        select(
            Letter,
            Idea,
            Campaign,
            Person.id,
            Person.uid,
            Person.name,
            func.coalesce(Unit.name, ""),
            twins,
            _AUTHOR.name,
        )
        .join(Idea, Idea.id == Letter.idea_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(Person, Person.id == Letter.signer_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(_AUTHOR, and_(_AUTHOR.id == Idea.author_id, author_known_to(viewer)))
        .where(idea_visible_to(viewer))
    )


def _seen(viewer: Viewer, row: Any) -> LetterSeen:
    letter, idea, campaign, *signer, twins, to = row
    return LetterSeen(letter, idea, campaign, Signer(*signer), twins or 1, to or "", idea.author_id == viewer.id)
