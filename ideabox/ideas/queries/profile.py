"""The ideas that a person's page may show: named ones, whose author this viewer may know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import LIVE, NAMED, Idea
from ideabox.ideas.queries.visible import idea_visible_to
from ideabox.ideas.rules.phases import NAMELESS
from ideabox.viewer import Viewer

MOST = 20


def named_ideas_of(viewer: Viewer, person_id: int) -> Sequence[Any]:
    """(uid, title, outcome, submitted_at, question), newest first.

    The same for the author as for colleagues, so that the page is what others see: sealed ideas and those of a running
    vote are left out.
    """
    query = (
        select(Idea.uid, Idea.title, Idea.outcome, Idea.submitted_at, Campaign.question)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Idea.author_id == person_id, Idea.privacy == NAMED, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
        .where(Campaign.phase.not_in(NAMELESS), idea_visible_to(viewer))
        .order_by(Idea.submitted_at.desc())
        .limit(MOST)
    )
    return db.session.execute(query).all()
