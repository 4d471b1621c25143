"""What one viewer has done in one campaign, and its latest news: what its page says beside the ideas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, distinct, exists, func, or_, select

from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign, CampaignFollow, CampaignUnit, CampaignUpdate
from ideabox.ideas.models.idea import LIVE, Idea
from ideabox.ideas.models.vote import Ballot, Show
from ideabox.viewer import Viewer


@dataclass(frozen=True)
class Mine:
    """`own`: ideas one sent; `read`: those of others that one was shown; `asked`: whether one may vote here."""

    own: int
    read: int
    follows: bool
    asked: bool
    answers: int
    goods: int
    bests: int
    news_html: str | None
    news_at: datetime | None

    def unread(self, campaign: Campaign) -> int:
        return max(campaign.idea_count - self.own - self.read, 0)

    def cards_left(self, campaign: Campaign) -> int:
        """How many cards of the deck still wait for an answer."""
        return max(campaign.idea_count - self.own - self.answers, 0)


def mine_in(viewer: Viewer, campaign: Campaign) -> Mine:
    """In one statement, whatever the number of ideas."""
    values = {"campaign_id": campaign.id, "viewer_id": viewer.id, "units": viewer.unit_path}
    return Mine(*db.session.connection().execute(_statement(), values).one())


@lru_cache(maxsize=1)
def _statement() -> Select[Any]:
    viewer_id: Any = bindparam("viewer_id")
    live = (Idea.campaign_id == bindparam("campaign_id"), Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
    own = select(func.count()).select_from(Idea).where(*live, Idea.author_id == viewer_id)
    read = (
        select(func.count(distinct(Show.idea_id)))
        .join(Idea, Idea.id == Show.idea_id)
        .where(Show.person_id == viewer_id, Show.campaign_id == bindparam("campaign_id"))
        .where(*live, Idea.author_id != viewer_id)
    )
    follows = exists().where(CampaignFollow.campaign_id == Campaign.id, CampaignFollow.person_id == viewer_id)
    units = CampaignUnit.unit_id.in_(bindparam("units", expanding=True))
    asked = or_(Campaign.audience == "all", exists().where(CampaignUnit.campaign_id == Campaign.id, units))
    latest = select(func.max(CampaignUpdate.id)).where(CampaignUpdate.campaign_id == bindparam("campaign_id"))
    ballot = [func.coalesce(column, 0) for column in (Ballot.answers, Ballot.goods, Ballot.bests)]
    facts = (own.scalar_subquery(), read.scalar_subquery(), follows, asked, *ballot)
    return (
        select(*facts, CampaignUpdate.body_html, CampaignUpdate.created_at)
        .select_from(Campaign)
        .outerjoin(Ballot, and_(Ballot.campaign_id == Campaign.id, Ballot.person_id == viewer_id))
        .outerjoin(CampaignUpdate, CampaignUpdate.id == latest.correlate(None).scalar_subquery())
        .where(Campaign.id == bindparam("campaign_id"))
    )
