"""The questions one can go to from the command menu."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from ideabox.database import db
from ideabox.ideas.models.campaign import CLOSED, DRAFT, Campaign
from ideabox.ideas.queries.visible import campaigns_for
from ideabox.ideas.rules.campaigns import may_create
from ideabox.needs import Entry
from ideabox.viewer import Viewer

MOST = 20


def entries(viewer: Viewer) -> list[Entry]:
    """Campaigns that run, the latest first, in the words of those who ask."""
    query = campaigns_for(viewer).where(Campaign.phase.not_in((DRAFT, CLOSED))).order_by(Campaign.phase_since.desc())
    group = _("Go")
    found = [
        Entry(group, campaign.question, "signpost", url_for("campaigns.show", uid=campaign.uid), voice="serif")
        for campaign in db.session.scalars(query.limit(MOST))
    ]
    if may_create(viewer):
        found.append(Entry(_("Do"), _("New campaign"), "plus", url_for("panel.new")))
    return found
