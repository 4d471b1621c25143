"""Stored: an idea, its versions, its files, its links, and the counts kept beside it."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideabox.database import Base, Key, Moment, Short, Uid, Word

NAMED, SEALED = "named", "sealed"
DRAFT, OPEN, WITHDRAWN = "draft", "open", "withdrawn"
SHORTLISTED, DECIDED, IN_PROGRESS, DELIVERED = "shortlisted", "decided", "in_progress", "delivered"
STAGES = (DRAFT, OPEN, SHORTLISTED, DECIDED, IN_PROGRESS, DELIVERED, WITHDRAWN)
#: Stages in which an idea counts: it can be read by those it is meant for, and must be answered.
LIVE = (OPEN, SHORTLISTED, DECIDED, IN_PROGRESS, DELIVERED)
OUTCOMES = ("accepted", "not_retained", "parked", "needs_clarification", "in_progress", "delivered")
_STAGES = ",".join(f"'{stage}'" for stage in STAGES)
_OUTCOMES = ",".join(f"'{outcome}'" for outcome in OUTCOMES)

#: Prime: multiplying by anything but 0 and adding anything, modulo it, is another order of the same numbers.
SHUFFLE_RANGE = 2_147_483_647


def new_shuffle() -> int:
    """Where an idea stands before each viewer's own order is made of it: 0 to SHUFFLE_RANGE - 1, at random."""
    return secrets.randbelow(SHUFFLE_RANGE)


class Idea(Base):
    """One proposed change. `outcome` is what became of it; its letter says why.

    `version` counts the saves of a draft, then the versions of the sent text. `saved_by` is the client key of the page
    that saved the draft last, so that a second page notices.

    `body_html` and `excerpt` are made from `body` when it is written. A sealed idea has its author here, and every
    query that hands an idea to a page leaves the author out unless the viewer is that author.
    """

    __tablename__ = "idea"
    __table_args__ = (
        CheckConstraint(f"stage IN ({_STAGES})", name="stage"),
        CheckConstraint(f"outcome IS NULL OR outcome IN ({_OUTCOMES})", name="outcome"),
        CheckConstraint("privacy IN ('named','sealed')", name="privacy"),
        UniqueConstraint("campaign_id", "source_ref"),
        Index("ix_idea_campaign_stage", "campaign_id", "stage", "submitted_at"),
        # Holds all that the fair order of a list asks, so that sorting reads no texts.
        Index("ix_idea_shuffle", "campaign_id", "hidden_at", "stage", "shuffle", "id"),
        Index("ix_idea_author", "author_id", "stage"),
    )

    id: Mapped[Key]
    uid: Mapped[Uid]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    privacy: Mapped[Word] = mapped_column(default=NAMED)
    stage: Mapped[Word] = mapped_column(default=DRAFT)
    outcome: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[Short] = mapped_column(default="")
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    difference: Mapped[str] = mapped_column(Text, default="")
    differs_from_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id", ondelete="SET NULL"), index=True)
    cost_low: Mapped[int | None]
    cost_high: Mapped[int | None]
    cost_note: Mapped[Short] = mapped_column(default="")
    who_could_help: Mapped[Short] = mapped_column(default="")
    tried_where: Mapped[Short] = mapped_column(default="")
    tags: Mapped[Short] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    shuffle: Mapped[int] = mapped_column(default=new_shuffle)
    created_at: Mapped[Moment]
    saved_at: Mapped[Moment]
    saved_by: Mapped[str] = mapped_column(String(64), default="")
    submitted_at: Mapped[datetime | None]
    first_answer_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[Short] = mapped_column(default="")
    source_ref: Mapped[str | None] = mapped_column(String(80))


class IdeaVersion(Base):
    """A text as it stood, readable for as long as the idea is."""

    __tablename__ = "idea_version"
    __table_args__ = (UniqueConstraint("idea_id", "number"),)

    id: Mapped[Key]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[Short]
    body: Mapped[str] = mapped_column(Text)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[Short] = mapped_column(default="")
    created_at: Mapped[Moment]


class IdeaTally(Base):
    """Counts, moved by the transaction they count, so that no page adds up rows. One row an idea, from its draft on.

    `agrees` counts good and best answers, `bests` the best among them, `passes` the unsure. `shows` counts rows of
    Show, `readers` those on the idea's page. `shuffle` breaks ties between equal shows: early ideas have no advantage.
    """

    __tablename__ = "idea_tally"
    __table_args__ = (Index("ix_idea_tally_queue", "campaign_id", "shows", "shuffle"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    shuffle: Mapped[int] = mapped_column(default=lambda: secrets.randbelow(2**31))
    agrees: Mapped[int] = mapped_column(default=0)
    bests: Mapped[int] = mapped_column(default=0)
    passes: Mapped[int] = mapped_column(default=0)
    disagrees: Mapped[int] = mapped_column(default=0)
    shows: Mapped[int] = mapped_column(default=0)
    readers: Mapped[int] = mapped_column(default=0)
    comments: Mapped[int] = mapped_column(default=0)
    questions: Mapped[int] = mapped_column(default=0)
    builds: Mapped[int] = mapped_column(default=0)
    follows: Mapped[int] = mapped_column(default=0)


class IdeaLink(Base):
    """How two ideas belong together. `kind`: builds_on (from the newer to its source), near, differs."""

    __tablename__ = "idea_link"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"), CheckConstraint("from_id <> to_id", name="two"))

    id: Mapped[Key]
    from_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    to_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Word]
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Moment]


class IdeaFollow(Base):
    """Somebody wants to hear of this idea."""

    __tablename__ = "idea_follow"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class Attachment(Base):
    """A file beside an idea. The bytes lie under the data folder by a name of ours; type and name are kept here."""

    __tablename__ = "attachment"

    id: Mapped[Key]
    uid: Mapped[Uid]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[Short]
    kind: Mapped[Word]
    content_type: Mapped[Short]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[Short] = mapped_column(default="")
    created_at: Mapped[Moment]
