"""Where an idea stands, in words and dated points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from ideabox.ideas.models.campaign import AFTER_VOTE, BOX, IMPROVE, SUGGEST, VOTE
from ideabox.ideas.models.idea import DELIVERED, IN_PROGRESS, SHORTLISTED, WITHDRAWN
from ideabox.ideas.rules.phases import ends_at
from ideabox.locale import in_day, in_until

DONE, NOW, NEXT = "done", "now", "next"


@dataclass(frozen=True, slots=True)
class Point:
    """One dated point of an idea's life."""

    label: str
    date_label: str
    state: str


def points(idea: Any, campaign: Any) -> list[Point]:
    """From sent to letter; what is to come is hollow."""
    sent = Point(_("Sent"), in_day(idea.submitted_at), DONE)
    first = [Point(_("First answer"), in_day(idea.first_answer_at), DONE)] if idea.first_answer_at else []
    if idea.stage == WITHDRAWN:
        return [sent, *first, Point(_("Withdrawn"), in_day(idea.saved_at), NOW)]
    middle = [] if campaign.kind == BOX else _phases(idea, campaign)
    return [sent, *first, *middle, _letter(idea, campaign), *_delivery(idea)]


def _phases(idea: Any, campaign: Any) -> list[Point]:
    until = _("until %(day)s", day=in_day(ends_at(campaign))) if ends_at(campaign) else ""
    if campaign.phase in (SUGGEST, IMPROVE):
        opens = campaign.vote_at
        return [
            Point(_("Improve"), until, NOW),
            Point(_("Vote"), _("from %(day)s", day=in_day(opens)) if opens else "", NEXT),
        ]
    if campaign.phase == VOTE:
        return [Point(_("Vote"), until, NOW)]
    voted = [Point(_("Voted"), in_day(campaign.evaluate_at), DONE)] if campaign.vote_at else []
    return voted if idea.decided_at else [*voted, Point(_("Being judged"), "", NOW)]


def _letter(idea: Any, campaign: Any) -> Point:
    if idea.decided_at:
        return Point(_("Letter"), in_day(idea.decided_at), DONE)
    return Point(_("Letter"), _("by %(day)s", day=in_day(campaign.promise_on)) if campaign.promise_on else "", NEXT)


def _delivery(idea: Any) -> list[Point]:
    if idea.stage == IN_PROGRESS:
        return [Point(_("In progress"), "", NOW)]
    return [Point(_("Delivered"), "", DONE)] if idea.stage == DELIVERED else []


def stage_words(idea: Any, campaign: Any) -> str:
    """Where it stands now. A confirmed shortlist is there for everybody to see; one in the making is the team's."""
    if idea.stage == WITHDRAWN:
        return _("Withdrawn")
    if idea.outcome:
        return ""
    if campaign.kind == BOX:
        return _("Waits for its answer")
    if campaign.phase in AFTER_VOTE:
        return _("Shortlisted") if idea.stage == SHORTLISTED else _("Being judged")
    return _("Being voted on") if campaign.phase == VOTE else _("Being improved")


def next_date(campaign: Any) -> tuple[datetime, str, str] | None:
    """The next moment that matters to this idea: (moment, until when in words, what happens then)."""
    moment = ends_at(campaign)
    if moment is None:
        return None
    if campaign.phase in (SUGGEST, IMPROVE):
        if campaign.vote_at == moment:
            return moment, in_until(moment), _("voting opens, the text is fixed")
        return moment, in_until(moment), _("ideas are improved from then on")
    if campaign.phase == VOTE:
        return moment, in_until(moment), _("voting ends")
    return None
