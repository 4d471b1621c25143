"""Later: phases that open by the calendar."""

from __future__ import annotations

import structlog

from ideabox import clock
from ideabox.database import db
from ideabox.ideas.actions.campaign_phases import move_by_calendar
from ideabox.ideas.queries.campaign_state import due_campaigns
from ideabox.verdict import Refused

log = structlog.get_logger()


def move_due_phases() -> None:
    """Move each campaign whose moment has come, in a transaction of its own: one that fails stops no other."""
    now = clock.now()
    due = due_campaigns(now)
    db.session.rollback()
    for campaign_id, to in due:
        try:
            move_by_calendar(campaign_id, to, now)
            db.session.commit()
        except Refused:
            db.session.rollback()
        except Exception:
            db.session.rollback()
            log.exception("phase not moved", campaign_id=campaign_id, to=to)
