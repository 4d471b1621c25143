"""Who hears of a team: those who were given a seat."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ideabox.events import Event
from ideabox.ideas.models.campaign import EVALUATOR
from ideabox.ideas.words import SEATS
from ideabox.notifications.actions import notify
from ideabox.notifications.kinds import Kind
from ideabox.notifications.models import ASKED


def _sentence(data: dict[str, Any]) -> str:
    return _("You are now %(seat)s of: %(question)s", seat=SEATS[data["seat"]], question=data["question"])


def _address(data: dict[str, Any]) -> str:
    """Evaluators have no panel; they are led to the campaign."""
    return url_for("campaigns.show" if data["seat"] == EVALUATOR else "panel.home", uid=data["about"])


KINDS = (
    Kind("campaign.seated", ASKED, _l("Somebody gave you a seat in this campaign."), _sentence, _address, "user-plus"),
)


def tell_seated(event: Event) -> None:
    for person_id, seat in event.data["added"]:
        notify(event, [person_id], "campaign.seated", about=event.subject, question=event.data["question"], seat=seat)
