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
    """An answer that was sent: five short parts, signed by a person. Drafts live with the sponsor's team.

    Letters of one `batch` are one collective answer to near-twins. `reason_mark` is the same for equal reasons, so that
    a text sent to many ideas is noticed.
    """

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
    reason_mark: Mapped[str] = mapped_column(String(16), default="", index=True)
    tell_voters: Mapped[bool] = mapped_column(default=True)
    batch: Mapped[str | None] = mapped_column(String(20), index=True)
    signer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[Moment]
    seen_at: Mapped[datetime | None]
    understand_why: Mapped[bool | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    reply_seen_at: Mapped[datetime | None]


class Standing(Base):
    """An order of a campaign's ideas with its doubts, computed at one moment. The frozen one is evidence.

    `closing` is the number of times that voting had ended when it was frozen (0: votes came without a vote phase);
    unique in its campaign, so that each closing is frozen once however many processes try.
    """

    __tablename__ = "standing"
    __table_args__ = (
        Index("ix_standing_campaign", "campaign_id", "frozen", "id"),
        UniqueConstraint("campaign_id", "closing"),
        CheckConstraint("places >= 1", name="places"),
    )

    id: Mapped[Key]
    uid: Mapped[Uid]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    frozen: Mapped[bool] = mapped_column(default=False)
    closing: Mapped[int | None]
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
    """One idea's place in a standing. `cells` are the shares of draws at ranks 1 to 19 and 20 or later.

    `replays` says in hex, one bit a draw, first draw first, whether the idea was in the top `places`. `up_if` and
    `down_if` are how many more votes for, or not for, would carry it over the middle of the cut (rows of bands A, B).
    """

    __tablename__ = "standing_row"
    __table_args__ = (Index("ix_standing_row_rank", "standing_id", "band", "position"),)

    standing_id: Mapped[int] = mapped_column(ForeignKey("standing.id", ondelete="CASCADE"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]
    n: Mapped[int]
    agrees: Mapped[int] = mapped_column(default=0)
    disagrees: Mapped[int] = mapped_column(default=0)
    score: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    rank: Mapped[int | None]
    rank_low: Mapped[int | None]
    rank_high: Mapped[int | None]
    p_top: Mapped[float | None]
    band: Mapped[str] = mapped_column(String(1), default="")
    cells: Mapped[list[float]] = mapped_column(JSON, default=list)
    replays: Mapped[str] = mapped_column(String(50), default="")
    up_if: Mapped[int | None]
    down_if: Mapped[int | None]


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
