"""Where a campaign stands at the moment of a change: held rows, what is due, what is unanswered, its rules' digest."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, func, or_, select, update

from ideabox.database import db
from ideabox.ideas.models.campaign import CAMPAIGN, CLOSED, DELIVER, Campaign, CampaignUnit, Criterion
from ideabox.ideas.models.idea import LIVE, Idea
from ideabox.ideas.rules.answer import NEEDS_CLARIFICATION
from ideabox.ideas.rules.phases import OPENS, due_phase


def lock(campaign_id: int) -> Campaign:
    """The campaign as it stands, held until the transaction ends: nobody moves, edits or adds to it meanwhile."""
    return db.session.get_one(Campaign, campaign_id, with_for_update=True, populate_existing=True)


def unanswered(campaign_id: Any) -> ColumnElement[bool]:
    """Condition on Idea: live in that campaign (an id, or a column), not hidden by a moderator, without an outcome."""
    live = (Idea.campaign_id == campaign_id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
    return and_(*live, Idea.outcome.is_(None))


def unsettled(campaign_id: Any) -> ColumnElement[bool]:
    """Condition on Idea: unanswered, or answered by a question only. What keeps a campaign from closing."""
    live = (Idea.campaign_id == campaign_id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
    return and_(*live, or_(Idea.outcome.is_(None), Idea.outcome == NEEDS_CLARIFICATION))


def unsettled_count(campaign_id: int) -> int:
    query = select(func.count()).select_from(Idea).where(unsettled(campaign_id))
    return db.session.scalar(query) or 0


def out_of_counts(campaign_id: int, *, answered: bool) -> Update:
    """The update that takes one idea out of its campaign's counts."""
    fewer = {"idea_count": Campaign.idea_count - 1, "answered_count": Campaign.answered_count - int(answered)}
    return update(Campaign).where(Campaign.id == campaign_id).values(fewer)


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
