"""Where a campaign stands on its way, in words and shares for the phase strip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_timedelta
from flask_babel import get_locale
from flask_babel import gettext as _

from ideabox.ideas.models.campaign import DECIDE, DRAFT, PHASES, RUNNING
from ideabox.ideas.rules.phases import OPENS, ends_at
from ideabox.ideas.words import PHASES as WORDS
from ideabox.locale import in_day, in_until, local

DONE, NOW, NEXT = "done", "now", "next"


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the phase strip. `share` is the part of the time gone, 0 to 1, of the phase that runs."""

    name: str
    label: str
    state: str
    date_label: str = ""
    share: float = 0.0


def phase_steps(campaign: Any, now: datetime) -> list[Step]:
    """The six steps of a campaign (or of a row with its phase and dates) at that moment."""
    here = PHASES.index(campaign.phase)
    return [_step(campaign, name, PHASES.index(name) - here, now) for name in RUNNING]


def _step(campaign: Any, name: str, distance: int, now: datetime) -> Step:
    label = str(WORDS[name])
    if distance < 0:
        return Step(name, label, DONE, _done_label(campaign, name))
    if distance == 0:
        return Step(name, label, NOW, _now_label(campaign, now), _share(campaign, now))
    return Step(name, label, NEXT, _next_label(campaign, name))


def _done_label(campaign: Any, name: str) -> str:
    end = _following(campaign, name)
    if not getattr(campaign, OPENS[name]) and (end or campaign.suggest_at):
        return _("skipped")
    return _("until %(day)s", day=in_day(end)) if end else ""


def _following(campaign: Any, name: str) -> datetime | None:
    """When the next phase with a date opens."""
    later = RUNNING[RUNNING.index(name) + 1 :]
    moments = (getattr(campaign, OPENS[phase]) for phase in later)
    return next((moment for moment in moments if moment), None)


def _now_label(campaign: Any, now: datetime) -> str:
    end = ends_at(campaign)
    if end is None:
        return ""
    if end <= now:
        return _("ends now")
    return _("%(time)s left, %(moment)s", time=time_left(end, now), moment=in_until(end))


def time_left(end: datetime, now: datetime) -> str:
    """4 days, 3 hours: at the finest in minutes."""
    return format_timedelta(end - now, granularity="minute", threshold=1.2, locale=get_locale())


def _share(campaign: Any, now: datetime) -> float:
    end = ends_at(campaign)
    if end is None or end <= campaign.phase_since:
        return 0.0
    gone: float = (now - campaign.phase_since) / (end - campaign.phase_since)
    return min(max(gone, 0.0), 1.0)


def _next_label(campaign: Any, name: str) -> str:
    start, end = getattr(campaign, OPENS[name]), _following(campaign, name)
    if name == DECIDE and campaign.promise_on:
        return _("by %(day)s", day=in_day(campaign.promise_on))
    if start is None:
        return _("skipped") if end or campaign.phase == DRAFT else ""
    if end is None:
        return _("from %(day)s", day=in_day(start))
    return _("%(start)s to %(end)s", start=_day_before(start, end), end=in_day(end))


def _day_before(start: datetime, end: datetime) -> str:
    """17, when the end says 21 June; else 28 June."""
    first, last = local(start), local(end)
    same_month = (first.year, first.month) == (last.year, last.month)
    return str(first.day) if same_month else in_day(start)
