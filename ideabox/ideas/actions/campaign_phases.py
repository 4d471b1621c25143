"""Do it: launch a campaign, move its phase by hand or by the calendar, close it. Each move happens once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CursorResult, exists, update

from ideabox import clock, events
from ideabox.database import db
from ideabox.ideas.actions.vote_counts import count_votes_of
from ideabox.ideas.models.campaign import CLOSED, IMPROVE, PHASES, SUGGEST, VOTE, Campaign, PhaseChange
from ideabox.ideas.queries.campaign_state import lock, rules_digest, unsettled, unsettled_count
from ideabox.ideas.queries.campaigns import Seen
from ideabox.ideas.rules import calendar
from ideabox.ideas.rules import campaigns as rules
from ideabox.verdict import no
from ideabox.viewer import Viewer


def launch(viewer: Viewer, seen: Seen, missing: int, *, client_key: str | None = None) -> bool:
    """Open the campaign now, or at its opening date when that is still to come. Returns whether it is open."""
    campaign = lock(seen.campaign.id)
    rules.may_launch(viewer, seen.runs, campaign, missing).enforce()
    now = clock.now()
    facts: dict[str, Any] = {
        "actor_id": viewer.id,
        "campaign_id": campaign.id,
        "subject": campaign.uid,
        "client_key": client_key,
    }
    campaign.launched_at = now
    if campaign.suggest_at and campaign.suggest_at > now:
        events.record("campaign.scheduled", **facts, opens_at=campaign.suggest_at.isoformat())
        return False
    _change(campaign, SUGGEST, {"suggest_at": now}, viewer.id, "", client_key)
    return True


def move(viewer: Viewer, seen: Seen, to: str, reason: str, *, client_key: str | None = None) -> None:
    """Move to another phase by hand; the reason is kept with it."""
    campaign = lock(seen.campaign.id)
    waiting = unsettled_count(campaign.id) if to == CLOSED else 0
    rules.may_move(viewer, seen.runs, campaign, to, reason, waiting).enforce()
    _change(campaign, to, calendar.after_move(campaign, to, clock.now()), viewer.id, reason, client_key)


def move_by_calendar(campaign_id: int, to: str, now: datetime) -> None:
    """Move one campaign whose moment has come. Refused when another process was faster, or the date was changed."""
    campaign = lock(campaign_id)
    rules.due_now(campaign, to, now).enforce()
    _change(campaign, to, {}, None, "", None)


def _change(
    campaign: Campaign, to: str, dates: dict[str, Any], actor_id: int | None, reason: str, client_key: str | None
) -> None:
    """The guarded update, its line in the record, and its event; refused when the campaign has moved meanwhile."""
    before, now = campaign.phase, clock.now()
    count_votes_of(campaign.id)
    guards = [Campaign.id == campaign.id, Campaign.phase == before]
    if to == CLOSED:
        guards.append(~exists().where(unsettled(Campaign.id)))
    if PHASES.index(to) < PHASES.index(before) and to in (SUGGEST, IMPROVE, VOTE):
        guards.append(Campaign.vote_count == 0)
    values = {**dates, "phase": to, "phase_since": now}
    done: CursorResult[Any] = db.session.execute(  # type: ignore[assignment]
        update(Campaign).where(*guards).values(values).execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        no(_("The campaign has changed meanwhile. Look at where it stands, then try again."), status=409).enforce()
    db.session.refresh(campaign)
    _record(campaign, before, actor_id, reason, client_key)


def _record(campaign: Campaign, before: str, actor_id: int | None, reason: str, client_key: str | None) -> None:
    change = {"campaign_id": campaign.id, "before": before, "after": campaign.phase, "actor_id": actor_id}
    db.session.add(PhaseChange(**change, reason=reason, at=campaign.phase_since))
    frozen: dict[str, Any] = {"rules": rules_digest(campaign)} if campaign.phase == VOTE else {}
    events.record(
        "campaign.phase_moved",
        actor_id=actor_id,
        campaign_id=campaign.id,
        subject=campaign.uid,
        client_key=client_key,
        before=before,
        after=campaign.phase,
        question=campaign.question,
        reason=reason,
        **frozen,
    )
