"""Later: the open box of a company that has just been founded."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import select

from ideabox.accounts.models import Organisation
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.actions.campaign_box import open_first_box
from ideabox.verdict import Refused


def open_box_of_founder(event: Event) -> None:
    """The founder answers it until somebody else is named."""
    lang = db.session.scalar(select(Organisation.lang)) or "en"
    with suppress(Refused):
        open_first_box(event.actor_id or 0, lang)
