"""People around a campaign: those it asks, those who follow it or took part, its team."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, union

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import MANAGER, SPONSOR, Campaign, CampaignFollow, CampaignUnit, Seat
from ideabox.ideas.models.idea import LIVE, Idea
from ideabox.ideas.models.vote import Ballot


def asked_by(campaign: Campaign) -> Sequence[int]:
    """Ids of the people of its audience who can sign in."""
    query = select(Person.id).where(Person.active, Person.email.is_not(None))
    if campaign.audience != "all":
        root = select(Unit.path).join(CampaignUnit, CampaignUnit.unit_id == Unit.id)
        roots = root.where(CampaignUnit.campaign_id == campaign.id).subquery()
        inside = select(Unit.id).join(roots, Unit.path.startswith(roots.c.path))
        query = query.where(Person.unit_id.in_(inside))
    return db.session.scalars(query).all()


def interested_in(campaign_id: int) -> Sequence[int]:
    """Ids of those who follow a campaign, sent an idea to it, or voted in it."""
    query = union(
        select(CampaignFollow.person_id).where(CampaignFollow.campaign_id == campaign_id),
        select(Idea.author_id).where(Idea.campaign_id == campaign_id, Idea.stage.in_(LIVE)),
        select(Ballot.person_id).where(Ballot.campaign_id == campaign_id),
    )
    return db.session.scalars(query).all()


def team_ids(campaign_id: int) -> Sequence[int]:
    """Ids of its sponsor and managers."""
    query = select(Seat.person_id).where(Seat.campaign_id == campaign_id, Seat.role.in_((SPONSOR, MANAGER)))
    return db.session.scalars(query.distinct()).all()
