"""Stored: notices, and what a person does not want to hear of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideabox.database import Base, Key, Moment, Uid, Word

ASKED, YOURS, AROUND = "asked", "yours", "around"
CLASSES = (ASKED, YOURS, AROUND)


class Notice(Base):
    """One line in one person's inbox. Its words are made from kind and data when read, in the reader's language."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id", "kind"),
        Index("ix_notice_unread", "person_id", "read_at"),
    )

    id: Mapped[Key]
    uid: Mapped[Uid]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[Word]
    klass: Mapped[Word]
    why: Mapped[Word]
    campaign_id: Mapped[int | None]
    idea_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[Moment]
    read_at: Mapped[datetime | None]


class Mute(Base):
    """A kind of notice that a person has switched off; everywhere, or for one campaign or idea (by its uid)."""

    __tablename__ = "mute"
    __table_args__ = (UniqueConstraint("person_id", "kind", "about"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[Word]
    about: Mapped[Word] = mapped_column(default="")
    created_at: Mapped[Moment]
