"""What waits for those who decide: places to choose, letters to write."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from campaigns.models.shortlist import Shortlist
from campaigns.queries.letters import MINUTES
from campaigns.rules.shortlist import CHOOSING
from ideabox import clock
from ideabox.accounts.models import Organisation
from ideabox.database import db
from ideabox.ideas.models.answer import Standing
from ideabox.ideas.models.campaign import BOX, DECIDE, DELIVER, SPONSOR, SUGGEST, Campaign, Seat
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.queries.campaign_state import unanswered
from ideabox.locale import DEFAULT_ZONE, zone_named
from ideabox.needs import Need
from ideabox.viewer import Viewer

CHOOSING_MINUTES = 15


def needs(viewer: Viewer) -> list[Need]:
    """For a sponsor: shortlists to choose, letters to write. One statement, and none for everybody else."""
    if SPONSOR not in viewer.seats:
        return []
    waiting = select(func.count()).select_from(Idea).where(unanswered(Campaign.id)).scalar_subquery()
    frozen = select(func.max(Standing.id)).where(Standing.campaign_id == Campaign.id, Standing.frozen).scalar_subquery()
    oldest = select(func.min(Idea.submitted_at)).where(unanswered(Campaign.id)).scalar_subquery()
    hours, zone = (select(column).scalar_subquery() for column in (Organisation.answer_hours, Organisation.timezone))
    query = (
        select(Campaign, waiting, frozen, Shortlist.campaign_id, oldest, hours, zone)
        .join(Seat, Seat.campaign_id == Campaign.id)
        .outerjoin(Shortlist, Shortlist.campaign_id == Campaign.id)
        .where(Seat.person_id == viewer.id, Seat.role == SPONSOR)
        .where(Campaign.phase.in_((*CHOOSING, DELIVER, SUGGEST)))
    )
    found = []
    for campaign, letters, standing, confirmed, sent, promised, where in db.session.execute(query):
        due = _due(campaign, sent, promised, zone_named(where or DEFAULT_ZONE))
        found += _needs_of(campaign, letters, due, choosing=standing is not None and confirmed is None)
    return found


def _due(campaign: Campaign, oldest: datetime | None, hours: int | None, zone: ZoneInfo) -> datetime | None:
    """When answers are due: at the end of the company's day; in the box so many hours after its oldest idea came."""
    if campaign.promise_on:
        return datetime.combine(campaign.promise_on, time(23, 59), zone)
    return oldest + timedelta(hours=hours) if campaign.kind == BOX and oldest and hours else None


def _needs_of(campaign: Campaign, letters: int, due: datetime | None, *, choosing: bool) -> list[Need]:
    late = due is not None and due < clock.now()
    if choosing and campaign.phase in CHOOSING:
        said = ngettext("Choose %(num)d place at the cut", "Choose the %(num)d places at the cut", campaign.places)
        url = url_for("decide.show", uid=campaign.uid)
        key, icon = f"choose-{campaign.uid}", "scissors"
        return [Need(key, campaign.question, said, _("Choose"), url, icon, CHOOSING_MINUTES, due, late)]
    writing = campaign.phase in (DECIDE, DELIVER) or (campaign.kind == BOX and campaign.phase == SUGGEST)
    if not letters or not writing:
        return []
    said = ngettext("%(num)d letter to write, 4 minutes", "%(num)d letters to write, 4 minutes each", letters)
    url = url_for("decide.letters", uid=campaign.uid)
    key = f"letters-{campaign.uid}"
    return [Need(key, campaign.question, said, _("Write"), url, "mail", MINUTES * letters, due, late)]
