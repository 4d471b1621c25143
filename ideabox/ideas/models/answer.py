"""Stored: the letter that answers an idea, and standings frozen as evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideabox.database import Base, Key, Moment, Short, Uid, Word
from ideabox.ideas.models.idea import OUTCOMES

_OUTCOMES = ",".join(f"'{outcome}'" for outcome in OUTCOMES)


class Letter(Base):
    """An answer that was sent: five short parts, signed by a person. Drafts live with the sponsor's team."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("idea_id", "number"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
    )

    id: Mapped[Key]
    uid: Mapped[Uid]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[Word]
    understood: Mapped[str] = mapped_column(Text, default="")
    spoke_for: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text)
    would_change: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    parked_until: Mapped[date | None]
    batch: Mapped[str | None] = mapped_column(String(20), index=True)
    signer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[Moment]
    seen_at: Mapped[datetime | None]
    understand_why: Mapped[bool | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]


class Standing(Base):
    """An order of a campaign's ideas with its doubts, computed at one moment. The frozen one is evidence."""

    __tablename__ = "standing"
    __table_args__ = (
        Index("ix_standing_campaign", "campaign_id", "frozen", "id"),
        CheckConstraint("places >= 1", name="places"),
    )

    id: Mapped[Key]
    uid: Mapped[Uid]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    frozen: Mapped[bool] = mapped_column(default=False)
    computed_at: Mapped[Moment]
    votes: Mapped[int]
    voters: Mapped[int]
    places: Mapped[int]
    method: Mapped[Word]
    seed: Mapped[int]
    code_version: Mapped[Word]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")


class StandingRow(Base):
    """One idea's place in a standing. `cells` are the shares of draws at ranks 1 to 19 and 20 or later."""

    __tablename__ = "standing_row"
    __table_args__ = (Index("ix_standing_row_rank", "standing_id", "position"),)

    standing_id: Mapped[int] = mapped_column(ForeignKey("standing.id", ondelete="CASCADE"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]
    n: Mapped[int]
    score: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    rank: Mapped[int | None]
    rank_low: Mapped[int | None]
    rank_high: Mapped[int | None]
    p_top: Mapped[float | None]
    band: Mapped[str] = mapped_column(String(1), default="")
    cells: Mapped[list[float]] = mapped_column(JSON, default=list)


class FollowUp(Base):
    """A dated note on an accepted idea's way to delivery, seen by everybody who sees the idea."""

    __tablename__ = "follow_up"

    id: Mapped[Key]
    uid: Mapped[Uid]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stage: Mapped[Word]
    words: Mapped[Short]
    created_at: Mapped[Moment]
