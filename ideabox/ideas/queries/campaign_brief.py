"""The whole brief of a campaign, and its news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign, CampaignUnit, CampaignUpdate, Criterion, PhaseChange
from ideabox.markdown import excerpt

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Brief:
    """What surrounds the texts of a brief: criteria, the units asked (empty: everybody), moves made by hand."""

    criteria: Sequence[Criterion]
    units: Sequence[str]
    changes: Sequence[Any]


def brief_of(campaign: Campaign) -> Brief:
    criteria = select(Criterion).where(Criterion.campaign_id == campaign.id).order_by(Criterion.position)
    units = select(Unit.name).join(CampaignUnit, CampaignUnit.unit_id == Unit.id).order_by(Unit.name)
    return Brief(
        db.session.scalars(criteria).all(),
        db.session.scalars(units.where(CampaignUnit.campaign_id == campaign.id)).all(),
        changes_of(campaign),
    )


def changes_of(campaign: Campaign) -> Sequence[Any]:
    """Every step from phase to phase, the latest first: before, after, at, reason, by (None: the calendar)."""
    query = (
        select(PhaseChange.before, PhaseChange.after, PhaseChange.at, PhaseChange.reason, Person.name.label("by"))
        .outerjoin(Person, Person.id == PhaseChange.actor_id)
        .where(PhaseChange.campaign_id == campaign.id)
        .order_by(PhaseChange.id.desc())
    )
    return db.session.execute(query).all()


def news_of(campaign: Campaign) -> Sequence[Any]:
    """The team's news, the latest first: uid, body_html, created_at, author_id, author_name."""
    columns = (CampaignUpdate.uid, CampaignUpdate.body_html, CampaignUpdate.created_at, CampaignUpdate.author_id)
    query = (
        select(*columns, Person.name.label("author_name"))
        .join(Person, Person.id == CampaignUpdate.author_id)
        .where(CampaignUpdate.campaign_id == campaign.id)
        .order_by(CampaignUpdate.id.desc())
    )
    return db.session.execute(query).all()


@lru_cache(maxsize=1024)
def in_short(text: str) -> str:
    """The beginning of a text of the brief, for the page of the campaign: whole sentences where the first is short."""
    shown = excerpt(text, 260)
    whole = re.match(r".{80,}[.!?](?= )", shown) if shown.endswith("…") else None
    return whole[0] if whole else shown


def reading_minutes(campaign: Campaign) -> int:
    """How long the whole brief takes to read, at least one minute."""
    texts = (
        campaign.problem,
        campaign.who_suffers,
        campaign.good_looks_like,
        campaign.in_scope,
        campaign.out_of_bounds,
        campaign.afterwards,
        campaign.questions_answered,
        campaign.prizes,
    )
    return max(1, round(sum(text.count(" ") + 1 for text in texts if text) / WORDS_A_MINUTE))
