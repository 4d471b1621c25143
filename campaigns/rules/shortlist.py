"""May I choose at the cut, and confirm the shortlist?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ideabox.ideas.models.campaign import DECIDE, EVALUATE, SPONSOR
from ideabox.ideas.rules.answer import may_read_decisions
from ideabox.verdict import YES, Verdict, no
from ideabox.viewer import Viewer

CHOOSING = (EVALUATE, DECIDE)
LEAST_REASON = 20


def may_choose(viewer: Viewer, runs: bool, phase: str, confirmed: bool) -> Verdict:
    """Put an idea on the shortlist or take one off: leadership and the team, after the vote, until it is confirmed."""
    if not (reader := may_read_decisions(viewer, runs)):
        return reader
    if phase not in CHOOSING:
        return no(_l("Choosing is open between the end of voting and the delivery phase."), status=409)
    if confirmed:
        return no(_l("The shortlist was confirmed; it does not change any more."), status=409)
    return YES


def needs_reason(band: str, chosen: bool) -> bool:
    """Whether a choice says more than the votes do: in a tie, against them, or where they are too few."""
    return not (band == "A" and chosen)


def choice_holds(band: str, chosen: bool, reason: str, taken: int, places: int) -> Verdict:
    """`taken`: ideas on the shortlist without this one. Taking off a choice made in the tie needs no reason."""
    if chosen and taken >= places:
        return no(
            lazy_ngettext(
                "The %(num)d place is taken. Take an idea off first.",
                "All %(num)d places are taken. Take an idea off first.",
                places,
            ),
            status=409,
        )
    undoing = not chosen and band != "A"
    if needs_reason(band, chosen) and not undoing and len(reason) < LEAST_REASON:
        return no(
            _l("Say why in a sentence: the votes do not decide this, you do. It goes into the record."), status=422
        )
    return YES


def may_confirm(
    viewer: Viewer, seats: frozenset[str], phase: str, confirmed: bool, chosen: int, places: int
) -> Verdict:
    """The sponsor confirms, once, when every place is filled (or every idea is on it: `places` counts no more)."""
    if SPONSOR not in seats:
        return no(_l("Only the sponsor confirms the shortlist."))
    if not (open_now := may_choose(viewer, True, phase, confirmed)):
        return open_now
    if chosen < places:
        return no(
            lazy_ngettext("Choose %(num)d more idea first.", "Choose %(num)d more ideas first.", places - chosen),
            status=409,
        )
    if chosen > places:
        return no(
            lazy_ngettext("Take %(num)d idea off first.", "Take %(num)d ideas off first.", chosen - places), status=409
        )
    return YES


def may_object(viewer: Viewer, runs: bool) -> Verdict:
    """Note the main thing said against an idea."""
    return may_read_decisions(viewer, runs)
