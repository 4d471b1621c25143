"""Hear of an idea, or stop hearing of it."""

from __future__ import annotations

from sqlalchemy import delete, update

from ideabox import events
from ideabox.database import changed, db, upsert
from ideabox.ideas.models.idea import Idea, IdeaFollow, IdeaTally
from ideabox.ideas.rules.idea import may_follow
from ideabox.viewer import Viewer


def follow(viewer: Viewer, idea: Idea) -> None:
    """Hear of the idea from now on. Twice is once."""
    may_follow(viewer.id, idea.author_id, idea.stage).enforce()
    row = upsert(IdeaFollow.__table__).values(idea_id=idea.id, person_id=viewer.id).on_conflict_do_nothing()
    if changed(row):
        _count(viewer, idea, 1, "idea.followed")


def unfollow(viewer: Viewer, idea: Idea) -> None:
    """Hear of it no more. Twice is once."""
    may_follow(viewer.id, idea.author_id, idea.stage).enforce()
    if changed(delete(IdeaFollow).where(IdeaFollow.idea_id == idea.id, IdeaFollow.person_id == viewer.id)):
        _count(viewer, idea, -1, "idea.unfollowed")


def _count(viewer: Viewer, idea: Idea, step: int, name: str) -> None:
    tally = update(IdeaTally).where(IdeaTally.idea_id == idea.id)
    db.session.execute(tally.values(follows=IdeaTally.follows + step))
    events.record(name, actor_id=viewer.id, campaign_id=idea.campaign_id, idea_id=idea.id, subject=idea.uid)
