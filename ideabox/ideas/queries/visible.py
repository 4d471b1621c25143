"""What a viewer may see at all. Hidden things answer exactly as missing ones."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true

from ideabox.ideas.models.campaign import DRAFT, Campaign, CampaignUnit, Seat
from ideabox.ideas.models.idea import LIVE, Idea
from ideabox.viewer import Viewer


def campaign_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Campaign: asked (by unit), seated, or in a role that reads all. Drafts: seats and admins only."""
    seated = exists().where(Seat.campaign_id == Campaign.id, Seat.person_id == viewer.id)
    if viewer.is_admin:
        return true()
    launched = Campaign.phase != DRAFT
    if viewer.sees_all_campaigns:
        return or_(launched, seated)
    return or_(and_(launched, asked(viewer)), seated)


def asked(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Campaign: the viewer is of its audience, by unit or because it asks everybody."""
    of_path = CampaignUnit.unit_id.in_(viewer.unit_path)
    by_unit = exists().where(CampaignUnit.campaign_id == Campaign.id, of_path)
    return or_(Campaign.audience == "all", by_unit)


def idea_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Idea joined to Campaign: live and not hidden; one's own always; hidden ones for moderators too."""
    shown: ColumnElement[bool] = Idea.stage.in_(LIVE)
    if not viewer.is_moderator:
        shown = and_(shown, Idea.hidden_at.is_(None))
    return or_(and_(campaign_visible_to(viewer), shown), Idea.author_id == viewer.id)


def campaigns_for(viewer: Viewer) -> Select[Campaign]:
    """SELECT of the campaigns that this viewer may see."""
    return select(Campaign).where(campaign_visible_to(viewer))


def ideas_for(viewer: Viewer) -> Select[Idea]:
    """SELECT of the ideas that this viewer may see, joined to their campaigns."""
    return select(Idea).join(Campaign, Campaign.id == Idea.campaign_id).where(idea_visible_to(viewer))
