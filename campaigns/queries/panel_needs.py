"""What waits for a campaign's team: phases about to change, drafts whose date has come."""

from __future__ import annotations

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from ideabox import clock
from ideabox.database import db
from ideabox.ideas.models.campaign import CLOSED, DELIVER, DRAFT, MANAGER, RUNNING, SPONSOR, Campaign, Seat
from ideabox.ideas.rules.phases import ends_at, opens_at
from ideabox.ideas.words import PHASES
from ideabox.needs import Need
from ideabox.viewer import Viewer

SOON = timedelta(days=2)


def needs(viewer: Viewer) -> list[Need]:
    """A look at a campaign before its phase changes. One statement, and none for those who run nothing."""
    if not viewer.seats & {SPONSOR, MANAGER}:
        return []
    mine = select(Seat.campaign_id).where(Seat.person_id == viewer.id, Seat.role.in_((SPONSOR, MANAGER)))
    query = select(Campaign).where(Campaign.id.in_(mine), Campaign.phase.not_in((DELIVER, CLOSED)))
    return [need for campaign in db.session.scalars(query) if (need := _need_of(campaign))]


def _need_of(campaign: Campaign) -> Need | None:
    now, url = clock.now(), url_for("panel.home", uid=campaign.uid)
    key = f"phase-{campaign.uid}"
    if campaign.phase == DRAFT:
        opening = campaign.suggest_at
        if campaign.launched_at or not opening or opening - now > SOON:
            return None
        said = _("A draft that was to open on this date")
        return Need(key, campaign.question, said, _("Finish"), url, "pencil-line", 15, opening, opening < now)
    end = ends_at(campaign)
    if end is None or not now <= end <= now + SOON:
        return None
    said = _("%(phase)s opens by itself then; look at the dates", phase=_next_word(campaign))
    return Need(key, campaign.question, said, _("Look"), url, "calendar", 2, end)


def _next_word(campaign: Campaign) -> str:
    later = RUNNING[RUNNING.index(campaign.phase) + 1 :]
    return str(PHASES[next(phase for phase in later if opens_at(campaign, phase))])
