"""Stored: the organisation, its units, its people, their sessions and one-time links."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideabox.database import Base, Key, Moment, Short, Uid, Word

THEMES = ("system", "light", "dark", "contrast")
LANGUAGES = ("en", "fr")
ROLES = ("admin", "leadership", "moderator", "talent")
KEYS = ("culture", "innovation", "reactivity", "attractiveness")


class Organisation(Base):
    """The one company of this installation (row 1)."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Key]
    name: Mapped[Short]
    lang: Mapped[str] = mapped_column(String(5), default="en")
    timezone: Mapped[Word] = mapped_column(default="Europe/Paris")
    leading_key: Mapped[Word] = mapped_column(default="innovation")
    answer_hours: Mapped[int] = mapped_column(default=72)
    created_at: Mapped[Moment]


class Unit(Base):
    """A part of the company. `path` lists the ids from the root down, as '/1/4/9/', itself included."""

    __tablename__ = "unit"

    id: Mapped[Key]
    uid: Mapped[Uid]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Short]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(400), default="", index=True)


class Person(Base):
    """Somebody. People from imported campaigns have no address and cannot sign in."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("source", "source_ref"),
        CheckConstraint("theme IN ('system','light','dark','contrast')", name="theme"),
    )

    id: Mapped[Key]
    uid: Mapped[Uid]
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[Short]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_leadership: Mapped[bool] = mapped_column(default=False)
    is_moderator: Mapped[bool] = mapped_column(default=False)
    is_talent: Mapped[bool] = mapped_column(default=False)
    lang: Mapped[str] = mapped_column(String(5), default="en")
    timezone: Mapped[Word] = mapped_column(default="Europe/Paris")
    theme: Mapped[Word] = mapped_column(default="system")
    density: Mapped[Word] = mapped_column(default="comfortable")
    keys_on: Mapped[bool] = mapped_column(default=True)
    help_with: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[Short] = mapped_column(default="")
    open_to: Mapped[Short] = mapped_column(default="")
    source: Mapped[str | None] = mapped_column(String(80))
    source_ref: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[Moment]
    last_seen_on: Mapped[date | None]


class UserSession(Base):
    """One signed-in browser. Ending the row signs it out at its next request."""

    __tablename__ = "user_session"

    id: Mapped[Key]
    uid: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Moment]
    ended_at: Mapped[datetime | None]
    browser: Mapped[Short] = mapped_column(default="")


class OneTimeLink(Base):
    """An invitation or a password reset, kept only as the hash of its token."""

    __tablename__ = "one_time_link"
    __table_args__ = (Index("ix_one_time_link_person", "person_id", "purpose"),)

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Word]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    created_at: Mapped[Moment]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
