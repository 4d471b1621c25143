"""Stored: which stems each idea holds, written with the idea, so that near ideas are found on every database alike."""

from __future__ import annotations

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from ideabox.database import Base
from ideabox.text import MAX_STEM


class IdeaTerm(Base):
    """One stem of one idea. `weight` is 2 when it stands in the title, else 1.

    A plain table, not FTS5 or a tsvector: over 10,000 ideas the query of queries/similar.py was four to seven times as
    fast as either, because it stops counting common stems, and it is the same on both databases.
    """

    __tablename__ = "idea_term"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    stem: Mapped[str] = mapped_column(String(MAX_STEM), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True, index=True)
    weight: Mapped[int] = mapped_column(SmallInteger)
