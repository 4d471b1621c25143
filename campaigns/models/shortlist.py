"""Stored: choices at the cut, objections heard, and letters before they are sent."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideabox.database import Base, Key, Moment, Short, Word


class Shortlist(Base):
    """A shortlist that was confirmed: once per campaign, over one standing."""

    __tablename__ = "shortlist"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    standing_id: Mapped[int] = mapped_column(ForeignKey("standing.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[Moment]


class Choice(Base):
    """An idea on (or taken off) the shortlist by a named person, with the reason."""

    __tablename__ = "shortlist_choice"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    chosen: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Moment]


class Objection(Base):
    """The main thing said against an idea, in a few words, noted by the team."""

    __tablename__ = "objection"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[Short]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[Moment]


class LetterDraft(Base):
    """An answer being written. One per idea; the last writer's words stand."""

    __tablename__ = "letter_draft"
    __table_args__ = (UniqueConstraint("idea_id"),)

    id: Mapped[Key]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    outcome: Mapped[Word] = mapped_column(default="")
    understood: Mapped[str] = mapped_column(Text, default="")
    spoke_for: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    would_change: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    parked_until: Mapped[date | None]
    batch: Mapped[str | None] = mapped_column(String(20))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[Moment]
