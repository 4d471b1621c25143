"""May I write, sign and send a letter, and tell how an accepted idea goes on?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ideabox.ideas.models.campaign import BOX, DECIDE, DELIVER, DRAFT, SPONSOR
from ideabox.verdict import YES, Verdict, no

ANSWERING = (DECIDE, DELIVER)


def may_draft(runs: bool) -> Verdict:
    """The sponsor and the managers write; nobody else sees what is being written but leadership."""
    return YES if runs else no(_l("Only the sponsor and the campaign managers write letters."))


def may_send(seats: frozenset[str], kind: str, phase: str) -> Verdict:
    """The sponsor signs. Ideas of a campaign are answered once the votes are in; those of an open box at any time."""
    if SPONSOR not in seats:
        return no(_l("Only the sponsor signs and sends letters. Your draft is kept."))
    if kind == BOX and phase != DRAFT:
        return YES
    if phase not in ANSWERING:
        return no(_l("Letters leave in the phases Decide and Deliver. Your draft is kept."), status=409)
    return YES


def may_follow_up(runs: bool) -> Verdict:
    """Tell how an accepted idea goes on."""
    return YES if runs else no(_l("Only the sponsor and the campaign managers tell how an idea goes on."))


def may_answer_together(ideas: int, most: int) -> Verdict:
    """One letter answers one idea, or a few that ask the same."""
    if 1 <= ideas <= most:
        return YES
    return no(_l("A collective letter answers at most %(most)s ideas.", most=most), status=422)
