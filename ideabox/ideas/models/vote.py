"""Stored: votes, each person's ballot in a campaign, and every time a card was shown."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideabox.database import Base, Key, Moment, Word

NOT_FOR_US, UNSURE, GOOD, BEST = VALUES = (-1, 0, 1, 2)


class Vote(Base):
    """One live answer per person and idea: -1 not for us, 0 unsure, 1 good, 2 one of the best. The last one counts.

    `previous` is what the running change replaced (set by the upsert itself), so that tallies move by the difference.
    """

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("idea_id", "voter_id"),
        CheckConstraint("value BETWEEN -1 AND 2", name="value"),
        Index("ix_vote_campaign_voter", "campaign_id", "voter_id"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    value: Mapped[int]
    previous: Mapped[int | None]
    surface: Mapped[Word] = mapped_column(default="page")
    cast_at: Mapped[Moment]


class Ballot(Base):
    """What a person has used of the budget of one campaign. The guarded upsert on this row is what holds the limit.

    `goods` counts good and best answers, `bests` the best among them, `answers` all.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("goods >= 0 AND bests >= 0 AND answers >= 0", name="not_negative"),
        Index("ix_ballot_person", "person_id"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    goods: Mapped[int] = mapped_column(default=0)
    bests: Mapped[int] = mapped_column(default=0)
    answers: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[Moment]


class Show(Base):
    """An idea was before somebody's eyes: once per person, idea and surface ('deck', 'page'). Shows are exposure."""

    __tablename__ = "show"
    __table_args__ = (
        UniqueConstraint("person_id", "idea_id", "surface"),
        Index("ix_show_campaign_person", "campaign_id", "person_id"),
        Index("ix_show_idea", "idea_id"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    surface: Mapped[Word]
    slot: Mapped[int] = mapped_column(default=0)
    at: Mapped[Moment]
