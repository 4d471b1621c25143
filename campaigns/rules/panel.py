"""May I prepare, change, staff, clone or discard a campaign? And what is still missing before its launch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ideabox import clock
from ideabox.ideas.models.campaign import (
    AFTER_VOTE,
    BOX,
    CLOSED,
    DECIDE,
    DRAFT,
    EVALUATE,
    IMPROVE,
    VOTE,
    Campaign,
)
from ideabox.ideas.rules.campaigns import leads, may_create
from ideabox.ideas.rules.phases import ends_at, opens_at
from ideabox.verdict import YES, Verdict, no
from ideabox.viewer import Viewer

#: What a vote stands on: fixed from the moment voting opens.
FIXED_BY_VOTES = frozenset({"good_limit", "best_limit", "places", "criteria", "audience", "units"})
FEWEST_CRITERIA_WEIGHT = 100


@dataclass(frozen=True)
class Lock:
    """Why a field cannot be changed now, and until when (None: for good)."""

    reason: str
    until: datetime | None


def may_open(viewer: Viewer, kind: str, boxes: int) -> Verdict:
    """Begin a draft. `boxes`: how many open boxes there are already."""
    allowed = may_create(viewer)
    if allowed and kind == BOX and boxes:
        return no(_l("There is an open box already. One is enough: people should not have to choose."), status=409)
    return allowed


def lock_of(campaign: Campaign) -> Lock | None:
    """The lock on FIXED_BY_VOTES, if voting has opened."""
    if campaign.phase == VOTE:
        return Lock(str(_l("Locked while voting is open: votes are given under it.")), ends_at(campaign))
    if campaign.phase in AFTER_VOTE:
        return Lock(str(_l("Locked: the votes were given under it.")), None)
    return None


def may_change(viewer: Viewer, runs: bool, campaign: Campaign, changed: Collection[str]) -> Verdict:
    """Change these fields of a campaign."""
    team = leads(viewer, runs)
    if not team:
        return team
    if campaign.phase == CLOSED:
        return no(_l("This campaign is closed. What it said stays as it was."), status=409)
    if lock_of(campaign) and FIXED_BY_VOTES & set(changed):
        return no(_l("Limits, places, criteria and audience are locked once voting has opened."), status=409)
    return YES


def may_seat(viewer: Viewer, runs: bool, campaign: Campaign, has_sponsor: bool) -> Verdict:
    """Name the team. A campaign always keeps a sponsor, who answers for it."""
    team = leads(viewer, runs)
    if not team:
        return team
    if campaign.phase == CLOSED:
        return no(_l("This campaign is closed. Its team stays as it was."), status=409)
    if not has_sponsor:
        return no(_l("A campaign needs a sponsor: the person who answers each idea by name."), status=422)
    return YES


def may_clone(viewer: Viewer, runs: bool) -> Verdict:
    """Start a new draft from a campaign one runs (admins: from any)."""
    team = leads(viewer, runs)
    return may_create(viewer) if team else team


def may_discard(viewer: Viewer, runs: bool, campaign: Campaign) -> Verdict:
    """Throw a draft away. What was launched is part of the record."""
    team = leads(viewer, runs)
    if not team:
        return team
    if campaign.phase != DRAFT or campaign.launched_at:
        return no(_l("Only a draft that was never launched can be thrown away."), status=409)
    return YES


@dataclass(frozen=True)
class Gap:
    """One thing that is missing before launch. `field` is where to mend it."""

    field: str
    sentence: str


def gaps(
    campaign: Campaign, *, sponsored: bool, weights: Sequence[int], units: int, to_fill: dict[str, int], now: datetime
) -> list[Gap]:
    """What is missing before launch. `to_fill`: passages still in brackets, by field; `units`: how many are asked."""
    found = _text_gaps(campaign, to_fill)
    if not sponsored:
        found.append(Gap("sponsor", str(_l("Name the sponsor, who answers each idea."))))
    if campaign.kind == BOX:
        return found
    if campaign.audience == "units" and not units:
        found.append(Gap("audience", str(_l("Choose the units that are asked, or ask everybody."))))
    if weights and sum(weights) != FEWEST_CRITERIA_WEIGHT:
        found.append(Gap("criteria", str(_l("The weights of the criteria must add up to 100."))))
    return found + _date_gaps(campaign, now)


def _text_gaps(campaign: Campaign, to_fill: dict[str, int]) -> list[Gap]:
    needed = {
        "problem": _l("Describe the problem."),
        "good_looks_like": _l("Say what a good idea looks like."),
        "afterwards": _l("Say what happens to the ideas afterwards."),
    }
    if campaign.kind == BOX:
        needed = {}
    found = [Gap(field, str(sentence)) for field, sentence in needed.items() if not getattr(campaign, field).strip()]
    for field, passages in to_fill.items():
        left = lazy_ngettext(
            "Replace the passage left in [brackets].", "Replace the %(num)d passages left in [brackets].", passages
        )
        found.append(Gap(field, str(left)))
    return found


def _date_gaps(campaign: Campaign, now: datetime) -> list[Gap]:
    found = []
    later = [moment for phase in (IMPROVE, VOTE, EVALUATE, DECIDE) if (moment := opens_at(campaign, phase))]
    if not later:
        found.append(Gap("vote_at", str(_l("Say when suggesting ends: give the date of the next phase."))))
    if any(moment <= now for moment in later):
        found.append(Gap("vote_at", str(_l("A date has passed since this draft was written. Choose it again."))))
    if campaign.promise_on is None:
        found.append(Gap("promise_on", str(_l("Promise a date by which each idea is answered."))))
    elif campaign.promise_on <= clock.day_everywhere(now):
        found.append(Gap("promise_on", str(_l("The promised date has passed. Choose one to come."))))
    return found
