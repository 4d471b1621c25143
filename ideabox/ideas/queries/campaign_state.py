"""Where a campaign stands at the moment of a change: held rows, what is due, what is unanswered, its rules' digest."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from ideabox.database import db
from ideabox.ideas.models.campaign import CAMPAIGN, CLOSED, DELIVER, Campaign, CampaignUnit, Criterion
from ideabox.ideas.models.idea import LIVE, Idea
from ideabox.ideas.rules.phases import OPENS, due_phase


def lock(campaign_id: int) -> Campaign:
    """The campaign as it stands, held until the transaction ends: nobody moves, edits or adds to it meanwhile."""
    return db.session.get_one(Campaign, campaign_id, with_for_update=True, populate_existing=True)


def unanswered(campaign_id: Any) -> ColumnElement[bool]:
    """Condition on Idea: live in that campaign (an id, or a column), not hidden by a moderator, without an outcome."""
    live = (Idea.campaign_id == campaign_id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
    return and_(*live, Idea.outcome.is_(None))


def unanswered_count(campaign_id: int) -> int:
    query = select(func.count()).select_from(Idea).where(unanswered(campaign_id))
    return db.session.scalar(query) or 0


def due_campaigns(now: datetime) -> list[tuple[int, str]]:
    """(campaign id, phase to move to) of the campaigns whose moment has come."""
    come = [getattr(Campaign, column) <= now for phase, column in OPENS.items() if phase != CLOSED]
    running = (Campaign.kind == CAMPAIGN, Campaign.phase.not_in((DELIVER, CLOSED)))
    rows = db.session.scalars(select(Campaign).where(*running, or_(*come)).order_by(Campaign.id))
    return [(campaign.id, phase) for campaign in rows if (phase := due_phase(campaign, now))]


def rules_digest(campaign: Campaign) -> str:
    """SHA-256 of what decides a vote's result: limits, places, criteria, audience, seed. Kept when voting opens."""
    criteria = select(Criterion.name, Criterion.weight).where(Criterion.campaign_id == campaign.id)
    units = select(CampaignUnit.unit_id).where(CampaignUnit.campaign_id == campaign.id)
    ruled = {
        "limits": [campaign.good_limit, campaign.best_limit, campaign.places],
        "criteria": [list(row) for row in db.session.execute(criteria.order_by(Criterion.position))],
        "audience": [campaign.audience, *db.session.scalars(units.order_by(CampaignUnit.unit_id))],
        "seed": campaign.seed,
    }
    return hashlib.sha256(json.dumps(ruled, sort_keys=True).encode()).hexdigest()
