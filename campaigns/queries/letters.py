"""Letters as the sponsor's team sees them: what waits, what is being written, what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, null, select

from campaigns.models.shortlist import LetterDraft
from ideabox import text
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.models.answer import Letter
from ideabox.ideas.models.campaign import Campaign, Criterion
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.queries.names import author_known_to
from ideabox.ideas.rules.vote import may_see_tally
from ideabox.verdict import Missing
from ideabox.viewer import Viewer

PAGE = 50
#: What one letter costs a sponsor, as seen in trials of such forms; for the home page's sum.
MINUTES = 4
FILTERS = ("waiting", "draft", "answered", "replied", "accepted")


@dataclass(frozen=True)
class Line:
    """One idea in the list of letters."""

    id: int
    uid: str
    title: str
    stage: str
    outcome: str | None
    submitted_at: datetime | None
    author: str | None
    drafted_at: datetime | None
    letter_uid: str | None
    sent_at: datetime | None
    replied_at: datetime | None
    reply_seen_at: datetime | None
    clear: bool | None

    def days(self, now: datetime) -> int:
        """Days the author has waited, or had waited when the letter left."""
        end = self.sent_at if self.outcome and self.sent_at else now
        return max((end - self.submitted_at).days, 0) if self.submitted_at else 0


def lines(viewer: Viewer, campaign: Campaign, shown: str, page: int) -> list[Line]:
    """One page of a campaign's ideas, one row more when there is another; unanswered first, the longest wait on top."""
    waits = case((Idea.outcome.is_(None), 0), else_=1)
    query = _lines(viewer, campaign.id).where(_filter(shown)).order_by(waits, Idea.submitted_at, Idea.id)
    return [Line(*row) for row in db.session.execute(query.offset(page * PAGE).limit(PAGE + 1))]


def _lines(viewer: Viewer, campaign_id: int) -> Select[Any]:
    last = select(func.max(Letter.id)).where(Letter.idea_id == Idea.id).correlate(Idea).scalar_subquery()
    facts = (Idea.id, Idea.uid, Idea.title, Idea.stage, Idea.outcome, Idea.submitted_at, Person.name)
    sent = (Letter.uid, Letter.sent_at, Letter.replied_at, Letter.reply_seen_at, Letter.understand_why)
    columns: tuple[Any, ...] = (*facts, LetterDraft.saved_at, *sent)
    return (
        select(*columns)
        .select_from(Idea)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .outerjoin(Person, and_(Person.id == Idea.author_id, author_known_to(viewer)))
        .outerjoin(LetterDraft, LetterDraft.idea_id == Idea.id)
        .outerjoin(Letter, Letter.id == last)
        .where(*_standing_ideas(campaign_id))
    )


def _standing_ideas(campaign_id: int) -> tuple[ColumnElement[bool], ...]:
    return Idea.campaign_id == campaign_id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None)


def _filter(shown: str) -> ColumnElement[bool]:
    conditions = {
        "waiting": Idea.outcome.is_(None),
        "draft": and_(Idea.outcome.is_(None), LetterDraft.id.is_not(None)),
        "answered": Idea.outcome.is_not(None),
        "replied": Letter.replied_at.is_not(None),
        "accepted": Idea.outcome.in_(("accepted", "in_progress", "delivered")),
    }
    return conditions.get(shown, Idea.id > 0)


def tally(campaign_id: int) -> dict[str, int]:
    """How many ideas each filter holds."""
    last = select(func.max(Letter.id)).where(Letter.idea_id == Idea.id).correlate(Idea).scalar_subquery()
    columns = [func.coalesce(func.sum(case((_filter(name), 1), else_=0)), 0) for name in FILTERS]
    query = (
        select(func.count(), *columns)
        .select_from(Idea)
        .outerjoin(LetterDraft, LetterDraft.idea_id == Idea.id)
        .outerjoin(Letter, Letter.id == last)
        .where(*_standing_ideas(campaign_id))
    )
    row = db.session.execute(query).one()
    return dict(zip(("all", *FILTERS), row, strict=True))


@dataclass(frozen=True)
class Addressee:
    """An idea to be answered: its author's name where it may be known, who was for it, how many letters it has had.

    `agrees` is None as long as totals are hidden.
    """

    idea: Idea
    author: str | None
    agrees: int | None
    follows: int
    letters: int

    @property
    def first_name(self) -> str:
        return self.author.split()[0] if self.author else ""


def addressees(viewer: Viewer, campaign: Campaign, uids: Sequence[str]) -> list[Addressee]:
    """The ideas of those uids in this campaign, in the order given; Missing when one is not there."""
    sent = select(func.count()).where(Letter.idea_id == Idea.id).correlate(Idea).scalar_subquery()
    # A count that nobody may know yet does not even leave the database.
    agrees: Any = IdeaTally.agrees if may_see_tally(campaign.phase) else null()
    query = (
        select(Idea, Person.name, agrees, IdeaTally.follows, sent)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .outerjoin(Person, and_(Person.id == Idea.author_id, author_known_to(viewer)))
        .where(Idea.uid.in_(uids), *_standing_ideas(campaign.id))
    )
    found = {row[0].uid: Addressee(*row) for row in db.session.execute(query)}
    if not uids or any(uid not in found for uid in uids):
        raise Missing
    return [found[uid] for uid in dict.fromkeys(uids)]


def draft_of(idea_id: int) -> LetterDraft | None:
    return db.session.scalar(select(LetterDraft).where(LetterDraft.idea_id == idea_id))


def criteria_of(campaign_id: int) -> list[str]:
    query = select(Criterion.name).where(Criterion.campaign_id == campaign_id).order_by(Criterion.position)
    return list(db.session.scalars(query))


def sent_alike(campaign_id: int, mark: str, but: Sequence[int]) -> int:
    """Letters of a campaign with this reason, other than to the ideas `but`; a collective letter counts once."""
    query = (
        select(func.count(func.distinct(func.coalesce(Letter.batch, Letter.uid))))
        .join(Idea, Idea.id == Letter.idea_id)
        .where(Letter.reason_mark == mark, Idea.campaign_id == campaign_id, Idea.id.not_in(but))
    )
    return db.session.scalar(query) or 0


def last_letter(idea_id: int) -> tuple[Letter, str] | None:
    """The newest letter of an idea and who signed it."""
    query = select(Letter, Person.name).join(Person, Person.id == Letter.signer_id).where(Letter.idea_id == idea_id)
    row = db.session.execute(query.order_by(Letter.number.desc()).limit(1)).one_or_none()
    return (row[0], row[1]) if row else None


def next_waiting(campaign_id: int) -> str | None:
    """The uid of the idea that has waited longest for its letter."""
    query = select(Idea.uid).where(*_standing_ideas(campaign_id), Idea.outcome.is_(None))
    return db.session.scalar(query.order_by(Idea.submitted_at, Idea.id).limit(1))


def stems_of(*texts: str) -> set[str]:
    """The stems of what was written, common words left out."""
    return {stem for words in texts for stem in text.stems(words)}


def exported(viewer: Viewer, campaign: Campaign) -> Sequence[Any]:
    """Letters of the ideas that stand, for a file: idea, author where shown, the parts, and what the author said."""
    signer = select(Person.name).where(Person.id == Letter.signer_id).correlate(Letter).scalar_subquery()
    parts = (Letter.understood, Letter.spoke_for, Letter.reason, Letter.would_change, Letter.next_step)
    query = (
        select(Idea.uid, Idea.title, Person.name, Letter.number, Letter.outcome, Letter.sent_at, signer, *parts)
        .add_columns(Letter.parked_until, Letter.batch, Letter.understand_why, Letter.reply)
        .join(Idea, Idea.id == Letter.idea_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .outerjoin(Person, and_(Person.id == Idea.author_id, author_known_to(viewer)))
        .where(*_standing_ideas(campaign.id))
        .order_by(Letter.id)
    )
    return db.session.execute(query).all()
