"""May I answer this idea, and may I see how others did?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ideabox.ideas.models.campaign import AFTER_VOTE, VOTE
from ideabox.ideas.models.idea import LIVE
from ideabox.ideas.models.vote import BEST, GOOD, NOT_FOR_US, UNSURE, VALUES
from ideabox.ideas.rules.phases import allows
from ideabox.verdict import YES, Verdict, no

#: The four answers, as forms send them.
CHOICES = {"no": NOT_FOR_US, "unsure": UNSURE, "good": GOOD, "best": BEST}
WORDS = {value: word for word, value in CHOICES.items()}


@dataclass(frozen=True)
class Votable:
    """What a vote must know of its idea and campaign, read in one statement that also keeps the phase from moving.

    `asked`: the voter is of the audience. The moments are those that `phases.ends_at` looks at.
    """

    id: int
    uid: str
    author_id: int
    stage: str
    hidden: bool
    campaign_id: int
    campaign_uid: str
    kind: str
    phase: str
    asked: bool
    good_limit: int
    best_limit: int
    evaluate_at: datetime | None = None
    decide_at: datetime | None = None
    deliver_at: datetime | None = None
    close_at: datetime | None = None


def may_vote(person_id: int, idea: Votable, value: int | None = None) -> Verdict:
    """Whether a person may answer with `value` (-1, 0, 1, 2), or take the answer back (None).

    The budget is not asked for here: only the database knows it at the moment that counts.
    """
    if idea.author_id == person_id:
        return no(_l("You cannot vote on your own idea."))
    if not idea.asked:
        return no(_l("This campaign asks other units. You can read it, but not vote in it."))
    if not allows(idea.phase, "vote"):
        return _not_now(idea.phase)
    if value is not None and (idea.stage not in LIVE or idea.hidden):
        return no(_l("This idea cannot be voted on any more: it was taken back or hidden."), status=409)
    if value is not None and value not in VALUES:
        return no(_l("Choose one of the four answers."), status=422)
    if value == BEST and not idea.best_limit:
        return no(_l('This campaign has no "one of the best". Choose "good" instead.'), status=409)
    return YES


def _not_now(phase: str) -> Verdict:
    if phase in AFTER_VOTE:
        return no(_l("Voting is over in this campaign. Your earlier answers were counted as they stood."), status=409)
    return no(_l("Voting has not begun in this campaign."), status=409)


def budget_spent(value: int, bests: int, good_limit: int, best_limit: int) -> Verdict:
    """The refusal of an answer that the budget does not allow; `bests` is what the ballot held at that moment."""
    if value == BEST and bests >= best_limit:
        return no(
            lazy_ngettext(
                "Your %(num)d best is named. Nothing was changed: make it good on your ballot, then choose again.",
                "Your %(num)d best are named. Nothing was changed: make one good on your ballot, then choose again.",
                best_limit,
            ),
            status=409,
        )
    return no(
        lazy_ngettext(
            "Your %(num)d good is given. Nothing was changed: take it back on your ballot, then choose again.",
            "Your %(num)d good are given. Nothing was changed: take one back on your ballot, then choose again.",
            good_limit,
        ),
        status=409,
    )


def may_see_tally(phase: str) -> Verdict:
    """Totals stay hidden from the crowd until voting is over, so that nobody follows the others."""
    if phase in AFTER_VOTE:
        return YES
    if phase == VOTE:
        return no(_l("Totals stay hidden until voting is over."))
    return no(_l("Nobody has voted yet."))
