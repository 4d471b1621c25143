"""Where an idea stands, in words and dated points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from ideabox.accounts.queries import answer_hours
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
    vote = Point(_("Vote"), _from(campaign.vote_at), NEXT)
    if campaign.phase == SUGGEST:
        improve = [Point(_("Improve"), _from(campaign.improve_at), NEXT)] if campaign.improve_at else []
        return [Point(_("Suggest"), until, NOW), *improve, vote]
    if campaign.phase == IMPROVE:
        return [Point(_("Improve"), until, NOW), vote]
    if campaign.phase == VOTE:
        return [Point(_("Vote"), until, NOW)]
    voted = [Point(_("Voted"), in_day(campaign.evaluate_at), DONE)] if campaign.vote_at else []
    return voted if idea.decided_at else [*voted, Point(_("Being judged"), "", NOW)]


def _from(moment: datetime | None) -> str:
    return _("from %(day)s", day=in_day(moment)) if moment else ""


def _letter(idea: Any, campaign: Any) -> Point:
    if idea.decided_at:
        return Point(_("Letter"), in_day(idea.decided_at), DONE)
    promised = _promised(idea, campaign)
    return Point(_("Letter"), _("by %(day)s", day=in_day(promised)) if promised else "", NEXT)


def _promised(idea: Any, campaign: Any) -> date | None:
    """When the answer is due: the day of the campaign; in the box, so many hours after the idea was sent."""
    if campaign.kind != BOX or campaign.promise_on:
        promised: date | None = campaign.promise_on
        return promised
    hours = 0 if idea.first_answer_at or not idea.submitted_at else answer_hours()
    return idea.submitted_at + timedelta(hours=hours) if hours else None


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
    early = {SUGGEST: _("Ideas are coming in"), VOTE: _("Being voted on")}
    return early.get(campaign.phase) or _("Being improved")


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
