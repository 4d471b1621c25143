"""Do it: answer an idea by a letter, answer the letter, tell how an accepted idea goes on.

The one writer of an idea's outcome. Who may sign is asked by the sponsor's team's own actions, which call `settle`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update

from ideabox import clock, events
from ideabox.database import changed, db, upsert
from ideabox.ideas.models.answer import FollowUp, Letter
from ideabox.ideas.models.campaign import CLOSED, Campaign
from ideabox.ideas.models.idea import DECIDED, Idea
from ideabox.ideas.queries.campaign_state import lock
from ideabox.ideas.rules import answer as rules
from ideabox.ideas.rules.answer import NEEDS_CLARIFICATION, Answer
from ideabox.ids import new_uid
from ideabox.verdict import Refused
from ideabox.viewer import Viewer


def reason_mark(reason: str) -> str:
    """The same for reasons that differ in case and spaces only."""
    return hashlib.sha256(" ".join(reason.casefold().split()).encode()).hexdigest()[:16]


def settle(
    viewer: Viewer,
    idea: Idea,
    answer: Answer,
    *,
    number: int,
    tell_voters: bool = True,
    batch: str | None = None,
    client_key: str | None = None,
) -> Letter:
    """Send the letter that answers an idea. `number`: which letter of the idea it is, as its writer saw it.

    Refused with 409 when somebody else's letter of that number was faster.
    """
    campaign = lock(idea.campaign_id)
    before = db.session.scalar(select(Idea.outcome).where(Idea.id == idea.id).with_for_update())
    rules.may_answer(before, campaign.phase, answer, clock.day_everywhere()).enforce()
    letter = _insert(viewer, idea, answer, number, tell_voters, batch)
    _close(idea, answer, first=before is None)
    events.record(
        "letter.sent",
        actor_id=viewer.id,
        campaign_id=idea.campaign_id,
        idea_id=idea.id,
        subject=letter.uid,
        client_key=client_key,
        outcome=answer.outcome,
        number=number,
        batch=batch,
        tell_voters=tell_voters,
    )
    return letter


def _insert(viewer: Viewer, idea: Idea, answer: Answer, number: int, tell_voters: bool, batch: str | None) -> Letter:
    row = upsert(Letter.__table__).values(
        uid=new_uid(),
        idea_id=idea.id,
        number=number,
        outcome=answer.outcome,
        understood=answer.understood,
        spoke_for=answer.spoke_for,
        reason=answer.reason,
        would_change=answer.would_change,
        next_step=answer.next_step,
        parked_until=answer.parked_until,
        reason_mark=reason_mark(answer.reason),
        tell_voters=tell_voters,
        batch=batch,
        signer_id=viewer.id,
        sent_at=clock.now(),
        reply="",
    )
    once = row.on_conflict_do_nothing(index_elements=["idea_id", "number"]).returning(Letter.id)
    sent = db.session.scalar(once)
    if sent is None:
        raise Refused(str(rules.ANSWERED_MEANWHILE), status=409)
    return db.session.get_one(Letter, sent)


def _close(idea: Idea, answer: Answer, *, first: bool) -> None:
    """The idea bears its outcome; asking back leaves it where it stands."""
    moment = clock.now()
    answered = func.coalesce(Idea.first_answer_at, moment)
    values: dict[str, Any] = {"outcome": answer.outcome, "first_answer_at": answered}
    if answer.outcome != NEEDS_CLARIFICATION:
        values |= {"stage": DECIDED, "decided_at": moment}
    db.session.execute(update(Idea).where(Idea.id == idea.id).values(values))
    if first:
        _count_answer(idea.campaign_id, 1)


def _count_answer(campaign_id: int, step: int) -> None:
    counted = update(Campaign).where(Campaign.id == campaign_id)
    db.session.execute(counted.values(answered_count=Campaign.answered_count + step))


def reply(viewer: Viewer, letter: Letter, idea: Idea, words: str, *, client_key: str | None = None) -> None:
    """The author answers a letter, once. When the letter asked something, the idea waits for an answer again."""
    rules.may_reply(viewer.id, idea.author_id, letter.replied_at is not None).enforce()
    campaign, moment = lock(idea.campaign_id), clock.now()
    once = update(Letter).where(Letter.id == letter.id, Letter.replied_at.is_(None))
    seen = func.coalesce(Letter.seen_at, moment)
    if not changed(once.values(reply=words, replied_at=moment, seen_at=seen)):
        rules.may_reply(viewer.id, idea.author_id, True).enforce()
    # A closed campaign has its every idea answered, and keeps it so.
    reopened = letter.outcome == NEEDS_CLARIFICATION and campaign.phase != CLOSED and _reopen(idea)
    events.record(
        "letter.replied",
        actor_id=viewer.id,
        campaign_id=idea.campaign_id,
        idea_id=idea.id,
        subject=letter.uid,
        client_key=client_key,
        reopened=reopened,
    )


def _reopen(idea: Idea) -> bool:
    waits = update(Idea).where(Idea.id == idea.id, Idea.outcome == NEEDS_CLARIFICATION)
    reopened = bool(changed(waits.values(outcome=None)))
    if reopened:
        _count_answer(idea.campaign_id, -1)
    return reopened


def rate(viewer: Viewer, letter: Letter, idea: Idea, clear: bool) -> None:
    """The author says whether the reason is clear. The last word counts."""
    rules.may_rate(viewer.id, idea.author_id).enforce()
    seen = func.coalesce(Letter.seen_at, clock.now())
    db.session.execute(update(Letter).where(Letter.id == letter.id).values(understand_why=clear, seen_at=seen))
    names = {"campaign_id": idea.campaign_id, "idea_id": idea.id, "subject": letter.uid}
    events.record("letter.rated", actor_id=viewer.id, clear=clear, **names)  # type: ignore[arg-type]


def see(viewer: Viewer, letter: Letter, idea: Idea) -> None:
    """The author has the letter before the eyes."""
    rules.may_rate(viewer.id, idea.author_id).enforce()
    unseen = update(Letter).where(Letter.id == letter.id, Letter.seen_at.is_(None))
    db.session.execute(unseen.values(seen_at=clock.now()))


def hear(viewer: Viewer, letters: Sequence[Letter], runs: bool) -> None:
    """The team has read what the author answered."""
    rules.may_hear(runs).enforce()
    ids = [letter.id for letter in letters]
    unheard = update(Letter).where(Letter.id.in_(ids), Letter.replied_at.is_not(None), Letter.reply_seen_at.is_(None))
    if changed(unheard.values(reply_seen_at=clock.now())):
        events.record("letter.reply_seen", actor_id=viewer.id, idea_id=letters[0].idea_id, subject=letters[0].uid)


def follow_up(viewer: Viewer, idea: Idea, stage: str, words: str, *, client_key: str | None = None) -> FollowUp:
    """An accepted idea goes in progress or is delivered, with a note. Who may is asked by the team's action."""
    rules.may_go_on(idea.outcome, stage).enforce()
    moved = update(Idea).where(Idea.id == idea.id, Idea.outcome == idea.outcome)
    if not changed(moved.values(stage=stage, outcome=stage)):
        raise Refused(str(rules.ANSWERED_MEANWHILE), status=409)
    note = FollowUp(idea_id=idea.id, author_id=viewer.id, stage=stage, words=words)
    db.session.add(note)
    db.session.flush()
    names = {"campaign_id": idea.campaign_id, "idea_id": idea.id, "subject": note.uid, "client_key": client_key}
    events.record("idea.followed_up", actor_id=viewer.id, stage=stage, **names)  # type: ignore[arg-type]
    return note
