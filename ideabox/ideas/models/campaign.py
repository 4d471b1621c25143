"""Stored: a campaign, who runs it, whom it asks, its criteria and its news."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ideabox.database import Base, Key, Moment, Short, Uid, Word

DRAFT, SUGGEST, IMPROVE, VOTE, EVALUATE, DECIDE, DELIVER, CLOSED = PHASES = (
    "draft",
    "suggest",
    "improve",
    "vote",
    "evaluate",
    "decide",
    "deliver",
    "closed",
)
#: The six that the phase strip shows.
RUNNING = (SUGGEST, IMPROVE, VOTE, EVALUATE, DECIDE, DELIVER)
#: Phases in which the votes are in: totals may be seen.
AFTER_VOTE = (EVALUATE, DECIDE, DELIVER, CLOSED)
SEATS = SPONSOR, MANAGER, EVALUATOR = ("sponsor", "manager", "evaluator")
CAMPAIGN, BOX = "campaign", "box"
#: One open box at a time: it cannot be closed, and two would share what everybody sends to "the" box.
_OPEN_BOX = text("kind = 'box' AND phase <> 'closed'")
_QUOTED = ",".join(f"'{phase}'" for phase in PHASES)


class Campaign(Base):
    """A question to the company. Lives here, not in `campaigns`, because the crowd sees it (docs/architecture.md).

    `phase` is where it stands now; the seven moments say when each phase opens by itself (empty: by hand, or never).
    `launched_at` is when the team said go: a draft with it opens at `suggest_at`.
    A box is a campaign that is always in its suggest phase. Counters are moved by the transaction they count.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint(f"phase IN ({_QUOTED})", name="phase"),
        CheckConstraint("kind IN ('campaign','box')", name="kind"),
        CheckConstraint("good_limit >= 1 AND best_limit >= 0 AND places >= 1", name="limits"),
        UniqueConstraint("source"),
        Index("ix_campaign_one_box", "kind", unique=True, sqlite_where=_OPEN_BOX, postgresql_where=_OPEN_BOX),
    )

    id: Mapped[Key]
    uid: Mapped[Uid]
    kind: Mapped[Word] = mapped_column(default=CAMPAIGN)
    template: Mapped[Word] = mapped_column(default="")
    lang: Mapped[str] = mapped_column(String(5), default="en")
    question: Mapped[Short]
    problem: Mapped[str] = mapped_column(Text, default="")
    who_suffers: Mapped[str] = mapped_column(Text, default="")
    good_looks_like: Mapped[str] = mapped_column(Text, default="")
    in_scope: Mapped[str] = mapped_column(Text, default="")
    out_of_bounds: Mapped[str] = mapped_column(Text, default="")
    afterwards: Mapped[str] = mapped_column(Text, default="")
    questions_answered: Mapped[str] = mapped_column(Text, default="")
    prizes: Mapped[str] = mapped_column(Text, default="")
    leading_key: Mapped[Word] = mapped_column(default="innovation")
    audience: Mapped[Word] = mapped_column(default="all")
    sponsor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Moment]
    phase: Mapped[Word] = mapped_column(default=DRAFT, index=True)
    phase_since: Mapped[Moment]
    launched_at: Mapped[datetime | None]
    suggest_at: Mapped[datetime | None]
    improve_at: Mapped[datetime | None]
    vote_at: Mapped[datetime | None]
    evaluate_at: Mapped[datetime | None]
    decide_at: Mapped[datetime | None]
    deliver_at: Mapped[datetime | None]
    close_at: Mapped[datetime | None]
    promise_on: Mapped[date | None]
    budget: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    good_limit: Mapped[int] = mapped_column(default=10)
    best_limit: Mapped[int] = mapped_column(default=3)
    places: Mapped[int] = mapped_column(default=8)
    seed: Mapped[int] = mapped_column(default=1)
    source: Mapped[str | None] = mapped_column(String(120))
    idea_count: Mapped[int] = mapped_column(default=0)
    vote_count: Mapped[int] = mapped_column(default=0)
    voter_count: Mapped[int] = mapped_column(default=0)
    answered_count: Mapped[int] = mapped_column(default=0)


class CampaignUnit(Base):
    """A unit whose people (and those of the units below it) are asked."""

    __tablename__ = "campaign_unit"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)


class Seat(Base):
    """A role in one campaign: sponsor, campaign manager, evaluator."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("campaign_id", "person_id", "role"),
        CheckConstraint("role IN ('sponsor','manager','evaluator')", name="role"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Word]
    created_at: Mapped[Moment]


class Criterion(Base):
    """One thing the answer will look at, with its weight in per cent and what the ends of its scale mean."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("campaign_id", "position"),
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[Short]
    low_anchor: Mapped[Short] = mapped_column(default="")
    high_anchor: Mapped[Short] = mapped_column(default="")
    weight: Mapped[int] = mapped_column(default=0)


class CampaignUpdate(Base):
    """News from the sponsor."""

    __tablename__ = "campaign_update"

    id: Mapped[Key]
    uid: Mapped[Uid]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Moment]


class PhaseChange(Base):
    """One step from phase to phase: by the calendar (no actor), or by hand with a reason."""

    __tablename__ = "phase_change"

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    before: Mapped[Word]
    after: Mapped[Word]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[Moment]


class CampaignFollow(Base):
    """Somebody wants to hear of this campaign."""

    __tablename__ = "campaign_follow"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
