"""What waits for the moderators, and how much they did: the queue for them, the counts for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, distinct, func, select

from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.talk import Comment, Report
from ideabox.ideas.rules.moderation import may_moderate
from ideabox.verdict import Missing
from ideabox.viewer import Viewer

MOST = 50


@dataclass(frozen=True)
class Counts:
    """Reports so far: all, still open, kept, hidden."""

    reported: int
    waiting: int
    kept: int
    hidden: int


def counts() -> Counts:
    """For everybody: a moderator who filters unseen would be a gatekeeper."""
    kept = func.sum(case((Report.resolution == "kept", 1), else_=0))
    hidden = func.sum(case((Report.resolution == "hidden", 1), else_=0))
    waiting = func.sum(case((Report.resolved_at.is_(None), 1), else_=0))
    row = db.session.execute(select(func.count(), waiting, kept, hidden).select_from(Report)).one()
    return Counts(*(int(number or 0) for number in row))


def waiting_things() -> int:
    """How many ideas and comments wait for a decision."""
    return db.session.scalar(select(func.count(distinct(Report.target))).where(Report.resolved_at.is_(None))) or 0


def queue(viewer: Viewer) -> Sequence[Any]:
    """Open reports, the oldest first, one row a report: (report, idea and comment columns). No names, of nobody."""
    may_moderate(viewer.is_moderator).enforce()
    columns = (Idea.uid.label("idea_uid"), Idea.title, Idea.excerpt, Campaign.question, Comment.body.label("said"))
    query = (
        select(Report.uid, Report.reason, Report.words, Report.created_at, Report.comment_id, Report.idea_id, *columns)
        .join(Idea, Idea.id == Report.idea_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .outerjoin(Comment, Comment.id == Report.comment_id)
        .where(Report.resolved_at.is_(None))
        .order_by(Report.id)
        .limit(MOST)
    )
    return db.session.execute(query).all()


def report_for(viewer: Viewer, uid: str) -> tuple[Report, Idea, Comment | None]:
    """A report with what it is about; Missing for all but moderators."""
    if not may_moderate(viewer.is_moderator):
        raise Missing
    query = (
        select(Report, Idea, Comment)
        .join(Idea, Idea.id == Report.idea_id)
        .outerjoin(Comment, Comment.id == Report.comment_id)
        .where(Report.uid == uid)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise Missing
    return row[0], row[1], row[2]
