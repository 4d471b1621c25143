"""Where an idea may be sent, and one's own ideas and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from ideabox.accounts.models import Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import BOX, SUGGEST, Campaign, CampaignUnit
from ideabox.ideas.models.idea import DRAFT, Idea
from ideabox.ideas.queries.prepared import load
from ideabox.ideas.queries.visible import asked, campaign_visible_to, idea_visible_to
from ideabox.verdict import Missing
from ideabox.viewer import Viewer


@dataclass(frozen=True)
class Place:
    """A campaign one may write an idea for. `asked`: its audience includes the viewer."""

    campaign: Campaign
    asked: bool


def place_for(viewer: Viewer, campaign_uid: str) -> Place:
    """The campaign of that uid; Missing when there is none for this viewer. One statement."""
    row = load(_place, viewer, uid=campaign_uid).one_or_none()
    if row is None:
        raise Missing
    return Place(row[0], bool(row[1]))


def _place(viewer: Viewer) -> Any:
    return select(Campaign, asked(viewer)).where(Campaign.uid == bindparam("uid"), campaign_visible_to(viewer))


def places_open(viewer: Viewer) -> Sequence[Campaign]:
    """The campaigns that take an idea of this viewer now, the open box last."""
    query = (
        select(Campaign)
        .where(campaign_visible_to(viewer), asked(viewer), Campaign.phase == SUGGEST)
        .order_by(Campaign.kind == BOX, Campaign.phase_since.desc())
    )
    return db.session.scalars(query).all()


def units_asked(campaign: Campaign) -> Sequence[str]:
    """The names of the units a campaign asks; none when it asks everybody."""
    if campaign.audience == "all":
        return []
    query = select(Unit.name).join(CampaignUnit, CampaignUnit.unit_id == Unit.id)
    return db.session.scalars(query.where(CampaignUnit.campaign_id == campaign.id).order_by(Unit.name)).all()


def draft_in(viewer: Viewer, campaign: Campaign) -> Idea | None:
    """The viewer's latest draft for that campaign."""
    query = select(Idea).where(Idea.campaign_id == campaign.id, Idea.author_id == viewer.id, Idea.stage == DRAFT)
    return db.session.scalar(query.order_by(Idea.saved_at.desc(), Idea.id.desc()).limit(1))


def own(viewer: Viewer, uid: str) -> Idea | None:
    """The viewer's own idea or draft of that uid."""
    return db.session.scalar(select(Idea).where(Idea.uid == uid, Idea.author_id == viewer.id))


def idea_for(viewer: Viewer, uid: str) -> tuple[Idea, Campaign]:
    """An idea the viewer may see, with its campaign; Missing otherwise. One statement."""
    query = select(Idea, Campaign).join(Campaign, Campaign.id == Idea.campaign_id)
    row = db.session.execute(query.where(Idea.uid == uid, idea_visible_to(viewer))).one_or_none()
    if row is None:
        raise Missing
    return row[0], row[1]
