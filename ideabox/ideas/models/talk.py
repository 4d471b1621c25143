"""Stored: comments with their trace, mentions, reports to the moderators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideabox.database import Base, Key, Moment, Short, Uid, Word


class Comment(Base):
    """One turn of talk. A deleted one leaves an empty place so that its answers keep their sense.

    `as_author` marks the author of a sealed (or not yet named) idea speaking as such: shown as 'the author', no name.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_idea", "idea_id", "id"), UniqueConstraint("idea_id", "source_ref"))

    id: Mapped[Key]
    uid: Mapped[Uid]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    as_author: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text, default="")
    is_question: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]
    created_at: Mapped[Moment]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[Short] = mapped_column(default="")
    source_ref: Mapped[str | None] = mapped_column(String(80))


class CommentVersion(Base):
    """What a comment said before it was edited."""

    __tablename__ = "comment_version"

    id: Mapped[Key]
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]


class Mention(Base):
    """Somebody was addressed by name."""

    __tablename__ = "mention"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


def _target(context: Any) -> str:
    """What a report is about, as one word: a unique index takes two absent comments for different ones."""
    given = context.get_current_parameters()
    return f"{given['idea_id']}:{given.get('comment_id') or 0}"


class Report(Base):
    """Somebody asks a moderator to look (conduct, not merit). One per person and `target`."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("reporter_id", "target"),
        CheckConstraint("resolution IS NULL OR resolution IN ('kept','hidden')", name="resolution"),
    )

    id: Mapped[Key]
    uid: Mapped[Uid]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    target: Mapped[Word] = mapped_column(default=_target)
    reason: Mapped[Word]
    words: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Moment]
    resolved_at: Mapped[datetime | None]
    resolver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolution: Mapped[str | None] = mapped_column(String(40))
    resolution_reason: Mapped[str] = mapped_column(Text, default="")
