"""What files does an idea have? Access follows the idea."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Attachment, Idea
from ideabox.ideas.queries.visible import idea_visible_to
from ideabox.verdict import Missing
from ideabox.viewer import Viewer


def files_of(idea_id: int) -> Sequence[Any]:
    """(uid, name, kind, size, width, height, alt) of an idea's files, oldest first. The caller has seen the idea."""
    return db.session.connection().execute(_FILES, {"idea": idea_id}).all()


_SHOWN = ("uid", "name", "kind", "size", "width", "height", "alt")
_FILES = (
    select(*(getattr(Attachment, name) for name in _SHOWN))
    .where(Attachment.idea_id == bindparam("idea"))
    .order_by(Attachment.id)
)


def file_for(viewer: Viewer, uid: str) -> tuple[Attachment, Idea, Campaign]:
    """A file with the idea and campaign it belongs to; Missing when the viewer may not see the idea."""
    query = (
        select(Attachment, Idea, Campaign)
        .join(Idea, Idea.id == Attachment.idea_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Attachment.uid == uid, idea_visible_to(viewer))
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise Missing
    return row[0], row[1], row[2]
