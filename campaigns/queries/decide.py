"""Campaigns in which somebody decides, with how far the deciding has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, exists, func, select

from campaigns.models.shortlist import Shortlist
from ideabox.database import db
from ideabox.ideas.models.answer import Standing
from ideabox.ideas.models.campaign import (
    CLOSED,
    DECIDE,
    DELIVER,
    DRAFT,
    EVALUATE,
    MANAGER,
    SPONSOR,
    VOTE,
    Campaign,
    Seat,
)
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.queries.campaign_state import unanswered
from ideabox.ideas.queries.visible import campaign_visible_to
from ideabox.viewer import Viewer

MOST = 100
_ORDER = {DECIDE: 0, EVALUATE: 1, DELIVER: 2, VOTE: 3, CLOSED: 9}


def decidable_by(viewer: Viewer) -> Sequence[Any]:
    """Campaigns this viewer runs, or all launched ones for leadership; those that wait for a decision first."""
    runs = exists().where(
        Seat.campaign_id == Campaign.id, Seat.person_id == viewer.id, Seat.role.in_((SPONSOR, MANAGER))
    )
    frozen = exists().where(Standing.campaign_id == Campaign.id, Standing.frozen)
    confirmed = exists().where(Shortlist.campaign_id == Campaign.id)
    columns = (
        Campaign.uid,
        Campaign.question,
        Campaign.kind,
        Campaign.phase,
        Campaign.phase_since,
        Campaign.promise_on,
    )
    query = (
        select(*columns, Campaign.idea_count, Campaign.voter_count, _waiting().label("unanswered"))
        .add_columns(frozen.label("frozen"), confirmed.label("confirmed"), Campaign.places)
        .where(campaign_visible_to(viewer), Campaign.phase != DRAFT)
        .order_by(case(_ORDER, value=Campaign.phase, else_=5), Campaign.phase_since.desc())
        .limit(MOST)
    )
    return db.session.execute(query if viewer.is_leadership else query.where(runs)).all()


def _waiting() -> Any:
    return select(func.count()).select_from(Idea).where(unanswered(Campaign.id)).scalar_subquery()


def participation(campaign_id: int) -> tuple[int, int]:
    """Ideas that stand for a vote, and those that at least one person has answered."""
    answered = IdeaTally.agrees + IdeaTally.disagrees + IdeaTally.passes > 0
    query = (
        select(func.count(), func.coalesce(func.sum(case((answered, 1), else_=0)), 0))
        .select_from(Idea)
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .where(Idea.campaign_id == campaign_id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
    )
    ideas, heard = db.session.execute(query).one()
    return ideas, heard
