"""A campaign's dates: their order, and what a move by hand does to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo

from flask_babel import lazy_gettext as _l

from ideabox.ideas.models.campaign import CLOSED, DRAFT, PHASES, RUNNING, SUGGEST, Campaign
from ideabox.ideas.rules.phases import OPENS, opens_at

#: Phases that have a moment, in their order.
DATED = (*RUNNING, CLOSED)


def order_faults(moments: Mapping[str, datetime | None], promise_on: date | None, zone: tzinfo = UTC) -> dict[str, str]:
    """By column name, what is wrong with the order of these dates. `moments` by phase; an empty one is skipped.

    `zone`: where the day of the promise is meant.
    """
    faults: dict[str, str] = {}
    latest: datetime | None = None
    for phase in DATED:
        moment = moments.get(phase)
        if moment and latest and moment <= latest:
            faults[OPENS[phase]] = str(_l("This must come after the phase before it. Choose a later date."))
        latest = moment or latest
    faults.update(_promise_faults(moments, promise_on, zone))
    return faults


def _promise_faults(moments: Mapping[str, datetime | None], promise_on: date | None, zone: tzinfo) -> dict[str, str]:
    start, close = moments.get(SUGGEST), moments.get(CLOSED)
    if promise_on is None:
        return {}
    if start and promise_on < start.astimezone(zone).date():
        return {"promise_on": str(_l("The answers cannot be promised for a day before the campaign opens."))}
    if close and promise_on > close.astimezone(zone).date():
        return {"promise_on": str(_l("Answers are promised for a day after the close. Close later, or answer sooner."))}
    return {}


def past_faults(campaign: Campaign | None, moments: Mapping[str, datetime | None], now: datetime) -> dict[str, str]:
    """By column name, the dates of phases still to come that were set to a moment already gone.

    A date that stays as it was is left alone. The opening may lie in the past: launching then opens at once.
    """
    here = PHASES.index(campaign.phase) if campaign else 0
    faults = {}
    for phase in DATED:
        moment = moments.get(phase)
        if phase == SUGGEST or moment is None or PHASES.index(phase) <= here:
            continue
        unchanged = campaign is not None and opens_at(campaign, phase) == moment
        if moment <= now and not unchanged:
            faults[OPENS[phase]] = str(_l("This moment has passed. Choose one to come, or leave it empty."))
    return faults


def launched_faults(
    campaign: Campaign, moments: Mapping[str, datetime | None], promise_on: date | None, today: date
) -> dict[str, str]:
    """By column name, what a campaign that has been launched can no longer do without: its opening, its promise."""
    if campaign.launched_at is None and campaign.phase == DRAFT:
        return {}
    faults = {}
    if campaign.phase == DRAFT and moments.get(SUGGEST) is None:
        faults["suggest_at"] = str(_l("The campaign is launched and opens at this moment. To open it now, see Phases."))
    if promise_on is None and campaign.promise_on:
        faults["promise_on"] = str(_l("Answers were promised. Choose another day rather than none."))
    elif promise_on and promise_on != campaign.promise_on and promise_on < today:
        faults["promise_on"] = str(_l("This day has passed. Promise one to come."))
    return faults


def past_changed(campaign: Campaign, moments: Mapping[str, datetime | None]) -> dict[str, str]:
    """By column name, the dates of phases already opened that somebody tries to rewrite."""
    here = PHASES.index(campaign.phase)
    opened = [phase for phase in DATED if PHASES.index(phase) <= here]
    changed = [phase for phase in opened if moments.get(phase) != opens_at(campaign, phase)]
    return {OPENS[phase]: str(_l("This phase has opened; its date is now part of the record.")) for phase in changed}


def after_move(campaign: Campaign, to: str, now: datetime) -> dict[str, datetime | None]:
    """The moments to store (by column) when a campaign is moved to a phase by hand.

    The phase opens now. Phases jumped over lose a moment still to come; phases that come again lose one already gone,
    else the calendar would undo the move at its next tick.
    """
    goal = PHASES.index(to)
    stored: dict[str, datetime | None] = {OPENS[to]: now}
    for phase in DATED:
        moment, place = opens_at(campaign, phase), PHASES.index(phase)
        if moment and ((place < goal and moment > now) or (place > goal and moment <= now)):
            stored[OPENS[phase]] = None
    return stored
