"""Authors' names, as the database hands them out: no query lets a name go that `rules.names` would not show."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import NAMED, Idea
from ideabox.ideas.rules.phases import NAMELESS
from ideabox.viewer import Viewer


def author_known_to(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Idea joined to Campaign: this viewer may know the author. For the join to Person."""
    shown = and_(Idea.privacy == NAMED, Campaign.phase.not_in(NAMELESS))
    return or_(shown, Idea.author_id == viewer.id)
