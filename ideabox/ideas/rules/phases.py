"""What the crowd may do in each phase."""

from __future__ import annotations

from datetime import datetime

from ideabox.ideas.models.campaign import (
    AFTER_VOTE,
    BOX,
    CLOSED,
    DECIDE,
    DELIVER,
    DRAFT,
    EVALUATE,
    IMPROVE,
    RUNNING,
    SUGGEST,
    VOTE,
    Campaign,
)

#: Rights: suggest (send ideas), edit (change one's own), talk (comment, ask), vote.
RIGHTS: dict[str, frozenset[str]] = {
    DRAFT: frozenset(),
    SUGGEST: frozenset({"suggest", "edit", "talk"}),
    IMPROVE: frozenset({"edit", "talk"}),
    VOTE: frozenset({"vote", "talk"}),
    EVALUATE: frozenset({"talk"}),
    DECIDE: frozenset({"talk"}),
    DELIVER: frozenset({"talk"}),
    CLOSED: frozenset(),
}
#: Phases in which ideas are read without their authors' names.
NAMELESS = frozenset({VOTE})
#: The moment (column of Campaign) at which each phase opens by itself.
OPENS = {
    SUGGEST: "suggest_at",
    IMPROVE: "improve_at",
    VOTE: "vote_at",
    EVALUATE: "evaluate_at",
    DECIDE: "decide_at",
    DELIVER: "deliver_at",
    CLOSED: "close_at",
}


def allows(phase: str, right: str) -> bool:
    return right in RIGHTS[phase]


def opens_at(campaign: Campaign, phase: str) -> datetime | None:
    moment: datetime | None = getattr(campaign, OPENS[phase])
    return moment


def ends_at(campaign: Campaign) -> datetime | None:
    """When the running phase ends: the first later phase that has a moment. None for a box, or by hand."""
    if campaign.kind == BOX or campaign.phase not in RUNNING:
        return None
    later = (*RUNNING[RUNNING.index(campaign.phase) + 1 :], CLOSED)
    return next((moment for phase in later if (moment := opens_at(campaign, phase))), None)


def due_phase(campaign: Campaign, now: datetime) -> str | None:
    """The last phase whose moment has come, when it lies after the present one; None when nothing is due.

    A draft opens by itself only once its team has launched it.
    Closing is never due by itself: it waits until every idea has its answer.
    """
    steps = (DRAFT, *RUNNING)
    if campaign.kind == BOX or campaign.phase not in steps or (campaign.phase == DRAFT and not campaign.launched_at):
        return None
    later = steps[steps.index(campaign.phase) + 1 :]
    come = [phase for phase in later if (moment := opens_at(campaign, phase)) and moment <= now]
    return come[-1] if come else None


def tallies_open(campaign: Campaign) -> bool:
    """Whether totals may be shown to the crowd: only once voting is over."""
    return campaign.phase in AFTER_VOTE


def names_hidden(campaign: Campaign) -> bool:
    """While votes are cast, ideas are read for what they say: authors' names are not shown."""
    return campaign.phase in NAMELESS
