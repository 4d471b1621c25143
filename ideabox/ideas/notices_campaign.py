"""Who hears of a campaign: those it asks, those who follow it, its team."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.models.campaign import SUGGEST, VOTE, Campaign
from ideabox.ideas.queries.campaign_people import asked_by, interested_in, team_ids
from ideabox.ideas.words import PHASES
from ideabox.notifications.actions import notify
from ideabox.notifications.kinds import Kind
from ideabox.notifications.models import AROUND, ASKED


def _address(data: dict[str, Any]) -> str:
    return url_for("campaigns.show", uid=data["about"])


def _opened(data: dict[str, Any]) -> str:
    if data["phase"] == VOTE:
        return _("Voting is open: %(question)s", question=data["question"])
    return _("A new question asks you: %(question)s", question=data["question"])


def _moved(data: dict[str, Any]) -> str:
    return _("“%(question)s” is now at: %(phase)s", question=data["question"], phase=PHASES[data["phase"]])


def _news(data: dict[str, Any]) -> str:
    return _("News about “%(question)s”. %(excerpt)s", question=data["question"], excerpt=data["excerpt"])


def _news_address(data: dict[str, Any]) -> str:
    return url_for("campaigns.updates", uid=data["about"])


KINDS = (
    Kind("campaign.opened", AROUND, _l("Your unit is asked by this campaign."), _opened, _address, "signpost"),
    Kind("campaign.moved", AROUND, _l("You follow this campaign, or took part in it."), _moved, _address, "signpost"),
    Kind("campaign.team", ASKED, _l("You are of this campaign's team."), _moved, _address, "sliders-horizontal"),
    Kind(
        "campaign.news", AROUND, _l("You follow this campaign, or took part in it."), _news, _news_address, "megaphone"
    ),
)


def tell_of_phase(event: Event) -> None:
    """The team at once; everybody asked when it opens for ideas or votes; else those who follow or took part."""
    campaign = db.session.get(Campaign, event.campaign_id) if event.campaign_id else None
    if campaign is None:
        return
    data = {"question": event.data["question"], "phase": event.data["after"]}
    team = team_ids(campaign.id)
    notify(event, team, "campaign.team", about=event.subject, **data)
    opens = event.data["after"] in (SUGGEST, VOTE)
    people = asked_by(campaign) if opens else interested_in(campaign.id)
    kind = "campaign.opened" if opens else "campaign.moved"
    notify(event, set(people) - set(team), kind, about=event.subject, **data)


def tell_news(event: Event) -> None:
    if event.campaign_id is None:
        return
    people = set(interested_in(event.campaign_id)) | set(team_ids(event.campaign_id))
    data = {key: event.data[key] for key in ("question", "excerpt")}
    notify(event, people, "campaign.news", about=event.subject, **data)
