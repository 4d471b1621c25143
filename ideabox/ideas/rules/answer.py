"""May I read the order, a letter, answer it? And is a letter's reason one that its author can understand?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ideabox.ideas.models.campaign import AFTER_VOTE, DRAFT
from ideabox.verdict import YES, Verdict, no
from ideabox.viewer import Viewer

ACCEPTED, NOT_RETAINED, PARKED, NEEDS_CLARIFICATION = ANSWERS = (
    "accepted",
    "not_retained",
    "parked",
    "needs_clarification",
)
#: Outcomes after which another letter may follow: the thing is not settled.
UNSETTLED = (None, PARKED, NEEDS_CLARIFICATION)
LEAST_REASON = 40
#: One text may answer so many ideas by separate letters; for more, there is the collective letter, which says so.
MOST_ALIKE = 3
MOST_TWINS = 12
ANSWERED_MEANWHILE = _l("Somebody else answered this idea while you were writing. Nothing of yours was sent.")
#: From an accepted idea to its delivery.
FOLLOWING = {ACCEPTED: ("in_progress", "delivered"), "in_progress": ("in_progress", "delivered")}


def may_read_decisions(viewer: Viewer, runs: bool) -> Verdict:
    """The order and the letters being written: leadership, and the sponsor and managers of this campaign."""
    if runs or viewer.is_leadership:
        return YES
    return no(_l("Only leadership and the sponsor's team can read this."))


def may_see_order(phase: str) -> Verdict:
    """Nobody, not even leadership, sees an order while votes are cast: deciders who lean on it would steer it."""
    if phase in AFTER_VOTE:
        return YES
    return no(_l("The order appears when voting ends."), status=409)


@dataclass(frozen=True)
class Answer:
    """The five parts of a letter with its outcome, as somebody wrote them."""

    outcome: str
    understood: str
    spoke_for: str
    reason: str
    would_change: str
    next_step: str
    parked_until: date | None = None


def may_answer(outcome: str | None, phase: str, answer: Answer, today: date) -> Verdict:
    """Whether an idea with this outcome (None: none yet) can be given that answer now."""
    if phase == DRAFT:
        return no(_l("This campaign has not been launched yet."), status=409)
    if outcome not in UNSETTLED:
        return no(
            _l("This idea has its answer already. What follows now is told by notes, not by a second letter."),
            status=409,
        )
    if answer.outcome not in ANSWERS:
        return no(_l("Choose what became of the idea."), status=422)
    if answer.outcome == PARKED and not (answer.parked_until or answer.would_change):
        return no(_l("Parked until when? Give a date, or say under 4 what must come true first."), status=422)
    if answer.parked_until and answer.parked_until <= today:
        return no(_l("The date until which the idea is parked lies in the past."), status=422)
    return YES


def reason_holds(reason: str, named: bool, alike: int) -> Verdict:
    """Whether a reason can be understood by the one who wrote the idea.

    `named`: it names a criterion or shares a word with the idea. `alike`: ideas that were sent the same text before.
    """
    if len(reason) < LEAST_REASON:
        return no(
            _l("Too short to be understood. Name the fact: what would go wrong, where, and who found it?"), status=422
        )
    if alike >= MOST_ALIKE:
        return no(
            lazy_ngettext(
                "The same text has gone to %(num)d idea. Name a fact of this one, or send one collective letter.",
                "The same text has gone to %(num)d ideas. Name a fact of this one, or send one collective letter.",
                alike,
            ),
            status=422,
        )
    if not named:
        return no(
            _l("This would fit any idea. Name something of this one, or the criterion that decided."),
            status=422,
        )
    return YES


def names_something(reason: Iterable[str], idea: Iterable[str], criteria: Iterable[str]) -> bool:
    """Whether a reason shares a word with the idea, or with the name of a criterion; all three as sets of stems."""
    said = set(reason)
    return bool(said & set(idea) or said & set(criteria))


def may_reply(viewer_id: int, author_id: int, replied: bool) -> Verdict:
    """The author may answer a letter once."""
    if viewer_id != author_id:
        return no(_l("Only the author of the idea can answer its letter."))
    if replied:
        return no(_l("You have answered this letter already. Your answer was kept as you sent it."), status=409)
    return YES


def may_rate(viewer_id: int, author_id: int) -> Verdict:
    """Say whether the reason is clear; it may be changed."""
    return (
        YES if viewer_id == author_id else no(_l("Only the author of the idea is asked whether the reason is clear."))
    )


def may_hear(runs: bool) -> Verdict:
    """Mark an author's answer as read: the sponsor's team."""
    return YES if runs else no(_l("The author's answer is for the sponsor's team."))


def may_go_on(outcome: str | None, stage: str) -> Verdict:
    """An accepted idea goes in progress, then it is delivered."""
    if stage in FOLLOWING.get(outcome or "", ()):
        return YES
    return no(_l("Only an accepted idea can go in progress, and then be delivered."), status=409)
