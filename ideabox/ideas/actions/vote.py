"""Answer an idea, change the answer, take it back.

The limits are the database's: one live answer per person and idea by a unique index, the budget by the condition on the
ballot's row. Rows are always locked in the order vote, show, ballot, tally, one of each, so that votes cannot block one
another in a ring. A vote never writes to its campaign, whose row all voters share: its counts are added up by a tick.
Answers carry no client key: sending one twice leaves what sending it once leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from ideabox import clock, events
from ideabox.database import db
from ideabox.ideas.actions import shows, vote_statements
from ideabox.ideas.models.vote import BEST, GOOD, NOT_FOR_US, UNSURE, Ballot, Vote
from ideabox.ideas.queries.ballots import COUNTS, BallotSeen, seen
from ideabox.ideas.rules.shows import PAGE
from ideabox.ideas.rules.vote import Votable, budget_spent, may_vote
from ideabox.verdict import Refused
from ideabox.viewer import Viewer


@dataclass(frozen=True)
class Difference:
    """What a change of answer adds to the counts, each -1, 0 or 1."""

    answers: int
    goods: int
    bests: int
    passes: int
    disagrees: int


def cast(viewer: Viewer, idea: Votable, value: int, *, surface: str = "page", slot: int | None = None) -> BallotSeen:
    """Answer with -1, 0, 1 or 2; the last answer counts. Returns the ballot after it; Refused when its budget is spent.

    `slot`: the card's place in its sitting, when its show may not have been logged yet.
    """
    may_vote(viewer.id, idea, value).enforce()
    previous = _write(viewer, idea, value, surface)
    newly_shown = slot is not None and shows.log(viewer.id, idea.id, idea.campaign_id, surface, slot)
    return _count(viewer, idea, previous, value, shown_on=surface if newly_shown else "")


def take_back(viewer: Viewer, idea: Votable) -> BallotSeen:
    """Leave the idea unanswered, as if no answer had been given. Returns the ballot after it."""
    may_vote(viewer.id, idea).enforce()
    mine = delete(Vote).where(Vote.idea_id == idea.id, Vote.voter_id == viewer.id)
    previous = db.session.scalar(mine.returning(Vote.value))
    return _count(viewer, idea, previous, None)


def _write(viewer: Viewer, idea: Votable, value: int, surface: str) -> int | None:
    """Put the answer in place of the one before it, and return that one; None for a first answer."""
    answer = {"value": value, "surface": surface, "cast_at": clock.now()}
    whose = {"campaign_id": idea.campaign_id, "idea_id": idea.id, "voter_id": viewer.id}
    previous: int | None = db.session.connection().scalar(vote_statements.put(), whose | answer)
    return previous


def _count(viewer: Viewer, idea: Votable, before: int | None, after: int | None, *, shown_on: str = "") -> BallotSeen:
    """Move ballot and tally by what changed, and record it."""
    change = difference(before, after)
    if before == after:
        ballot = _ballot_now(viewer, idea)
    else:
        ballot = _move_ballot(viewer, idea, change, after, is_new=before is None)
        facts = {"value": after, "previous": before}
        names = {"campaign_id": idea.campaign_id, "idea_id": idea.id, "subject": idea.uid}
        events.record("idea.voted", actor_id=viewer.id, **names, **facts)  # type: ignore[arg-type]
    if before != after or shown_on:
        _move_tally(idea, change, shown_on)
    return ballot


def difference(before: int | None, after: int | None) -> Difference:
    """What the counts gain when an answer (None: no answer) takes the place of another."""

    def gain(counts: Any) -> int:
        return int(after is not None and counts(after)) - int(before is not None and counts(before))

    return Difference(
        answers=gain(lambda value: True),
        goods=gain(lambda value: value >= GOOD),
        bests=gain(lambda value: value == BEST),
        passes=gain(lambda value: value == UNSURE),
        disagrees=gain(lambda value: value == NOT_FOR_US),
    )


def _move_ballot(viewer: Viewer, idea: Votable, change: Difference, value: int | None, *, is_new: bool) -> BallotSeen:
    values = {
        "campaign": idea.campaign_id,
        "person": viewer.id,
        "more_answers": change.answers,
        "more_goods": change.goods,
        "more_bests": change.bests,
        "good_limit": idea.good_limit,
        "best_limit": idea.best_limit,
        "now": clock.now(),
    }
    statement = vote_statements.open_ballot() if is_new else vote_statements.move_ballot()
    counts = db.session.connection().execute(statement, values).one_or_none()
    if counts is None:
        raise _no_room(viewer, idea, value)
    return seen(idea, *counts)


def _no_room(viewer: Viewer, idea: Votable, value: int | None) -> Exception:
    if value is None:
        return LookupError(f"an answer of person {viewer.id} has no ballot in campaign {idea.campaign_id}")
    bests = _ballot_now(viewer, idea).bests
    verdict = budget_spent(value, bests, idea.good_limit, idea.best_limit)
    return Refused(str(verdict.reason), status=verdict.status)


def _ballot_now(viewer: Viewer, idea: Votable) -> BallotSeen:
    mine = select(*COUNTS).where(Ballot.campaign_id == idea.campaign_id, Ballot.person_id == viewer.id)
    return seen(idea, *(db.session.execute(mine).one_or_none() or (0, 0, 0)))


def _move_tally(idea: Votable, change: Difference, shown_on: str) -> None:
    values = {
        "idea": idea.id,
        "more_agrees": change.goods,
        "more_bests": change.bests,
        "more_passes": change.passes,
        "more_disagrees": change.disagrees,
        "more_shows": int(bool(shown_on)),
        "more_readers": int(shown_on == PAGE),
    }
    db.session.connection().execute(vote_statements.move_tally(), values)
