"""May I follow, tell news, move the phase, close? People, a campaign and a moment in; a Verdict out."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ideabox.ideas.models.campaign import (
    AFTER_VOTE,
    BOX,
    CLOSED,
    DRAFT,
    MANAGER,
    PHASES,
    RUNNING,
    SPONSOR,
    SUGGEST,
    VOTE,
    Campaign,
)
from ideabox.ideas.rules.phases import due_phase
from ideabox.verdict import YES, Verdict, no
from ideabox.viewer import Viewer

MIN_REASON = 10


def leads(viewer: Viewer, runs: bool) -> Verdict:
    """The sponsor's team and admins. `runs`: whether the viewer sits as sponsor or manager."""
    if runs or viewer.is_admin:
        return YES
    return no(_l("Only the sponsor's team can do this."))


def may_create(viewer: Viewer) -> Verdict:
    """Admins, leadership, and whoever sponsors or manages a campaign already; each may name another as sponsor."""
    if viewer.is_admin or viewer.is_leadership or viewer.seats & {SPONSOR, MANAGER}:
        return YES
    return no(_l("Campaigns are opened by leadership, admins, and those who sponsor or manage one already."))


def may_open_first_box(boxes: int) -> Verdict:
    """A company begins with one open box. `boxes`: how many there are."""
    if boxes:
        return no(_l("There is an open box already."), status=409)
    return YES


def may_follow(campaign: Campaign) -> Verdict:
    if campaign.phase == DRAFT:
        return no(_l("This campaign has not been launched yet."), status=409)
    return YES


def may_tell(viewer: Viewer, runs: bool, campaign: Campaign) -> Verdict:
    """Post news to everybody the campaign asks."""
    team = leads(viewer, runs)
    if not team:
        return team
    if campaign.phase == DRAFT and campaign.launched_at:
        return no(_l("News can be told from the day on which the campaign opens."), status=409)
    if campaign.phase == DRAFT:
        return no(_l("Nobody can read news of a draft. Launch the campaign first."), status=409)
    return YES


def may_launch(viewer: Viewer, runs: bool, campaign: Campaign, missing: int) -> Verdict:
    """`missing`: how many things the brief still lacks."""
    team = leads(viewer, runs)
    if not team:
        return team
    if campaign.phase != DRAFT or campaign.launched_at:
        return no(_l("This campaign has already been launched."), status=409)
    if missing:
        said = ("%(num)d thing is missing before launch.", "%(num)d things are missing before launch.")
        return no(lazy_ngettext(*said, missing), status=409)
    return YES


def may_move(viewer: Viewer, runs: bool, campaign: Campaign, to: str, reason: str, unanswered: int) -> Verdict:
    """Move to another phase by hand. Forward always, back only where no vote is lost, with a reason in words."""
    team = leads(viewer, runs)
    if not team:
        return team
    way = move_open(campaign, to)
    if not way:
        return way
    if to == CLOSED and unanswered:
        return may_close(unanswered)
    if len(reason.strip()) < MIN_REASON:
        return no(_l("Say why in a few words: the reason is kept and everybody can read it."), status=422)
    return YES


def move_open(campaign: Campaign, to: str) -> Verdict:
    """Whether that phase can be reached from where the campaign stands, whoever asks."""
    if to not in (*RUNNING, CLOSED):
        return no(_l("There is no such phase."), status=422)
    if campaign.kind == BOX:
        return no(_l("The open box has no phases: it is always open."), status=409)
    if campaign.phase == DRAFT and campaign.launched_at:
        said = _l("This campaign has not opened yet. It can be opened now, or by itself on its date.")
        return YES if to == SUGGEST else no(said, status=409)
    if campaign.phase == DRAFT:
        return no(_l("This campaign is a draft. Launch it first."), status=409)
    if to == campaign.phase:
        return no(_l("The campaign is already there."), status=409)
    if PHASES.index(to) < PHASES.index(campaign.phase):
        return _back(campaign, to)
    return YES


def _back(campaign: Campaign, to: str) -> Verdict:
    if to in AFTER_VOTE:
        return YES
    if not campaign.vote_count:
        return YES
    if campaign.phase == VOTE:
        return no(_l("Votes have been given. Going back would let ideas change under them."), status=409)
    return no(_l("The votes are counted and their standing is kept as evidence. Voting cannot open again."), status=409)


def may_close(unanswered: int) -> Verdict:
    """A campaign keeps its word: it closes when each idea has its answer."""
    if not unanswered:
        return YES
    one, many = (
        "%(num)d idea has no answer yet. Answer it, then close.",
        ("%(num)d ideas have no answer yet. Answer them, then close."),
    )
    return no(lazy_ngettext(one, many, unanswered), status=409)


def due_now(campaign: Campaign, to: str, now: datetime) -> Verdict:
    """Whether the calendar itself moves this campaign to that phase."""
    if due_phase(campaign, now) == to:
        return YES
    return no(_l("The calendar does not ask for this."), status=409)
