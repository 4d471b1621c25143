"""Let the demo's people talk, follow and report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from campaigns.demo.script import Row
from campaigns.demo.stage import Scene, record
from ideabox import markdown
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.actions import moderation
from ideabox.ideas.models.idea import SEALED, Idea, IdeaFollow
from ideabox.ideas.models.talk import Comment, Report
from ideabox.ideas.notices_ideas import tell_moderators, tell_of_comment

#: Talk of so many days ago is told to whom it concerns.
TOLD_SINCE = -4


@dataclass(frozen=True)
class Turn:
    """A remark with what the script says of it."""

    row: Row
    idea: Idea
    comment: Comment


def talk(scene: Scene) -> None:
    """All threads; the latest are still to be told."""
    turns = [_turn(scene, row) for row in scene.script.talk]
    turns.sort(key=lambda turn: turn.comment.created_at)
    db.session.add_all(turn.comment for turn in turns)
    db.session.flush()
    for turn in turns:
        _answer(scene, turn)
    db.session.flush()
    for turn in turns:
        if "reported" in turn.row:
            _report(scene, turn)
        if turn.row.get("day", TOLD_SINCE - 1) >= TOLD_SINCE:
            event = _event(scene, turn)
            scene.untold.append((event.at, partial(tell_of_comment, event)))


def _turn(scene: Scene, row: Row) -> Turn:
    idea = scene.ideas[row["idea"]]
    sent = idea.submitted_at or scene.cast.now
    said = scene.cast.past(row["day"], scene.chance) if "day" in row else sent + timedelta(hours=row["hours"])
    at = max(said, sent + timedelta(minutes=50))
    comment = _comment(scene, idea, row["by"], row["text"], at)
    comment.is_question = bool(row.get("question"))
    tally = scene.tallies[idea.id]
    tally.questions += comment.is_question and not row["replies"]
    return Turn(row, idea, comment)


def _comment(scene: Scene, idea: Idea, by: str, text: str, at: datetime) -> Comment:
    author = scene.cast.named(by)
    scene.tallies[idea.id].comments += 1
    return Comment(
        idea_id=idea.id,
        author_id=author.id,
        as_author=author.id == idea.author_id and idea.privacy == SEALED,
        body=text,
        body_html=markdown.render(text),
        created_at=min(at, scene.cast.now),
    )


def _answer(scene: Scene, turn: Turn) -> None:
    """The replies; the last one closes a question, the first one of the team is the idea's first answer."""
    at = turn.comment.created_at
    for by, text in turn.row["replies"]:
        at = min(at + timedelta(hours=scene.chance.randint(1, 9), minutes=scene.chance.randrange(60)), scene.cast.now)
        reply = _comment(scene, turn.idea, by, text, at)
        reply.parent_id = turn.comment.id
        db.session.add(reply)
    if turn.row["replies"] and turn.comment.is_question:
        turn.comment.answered_at = at
    team = [by for by in (turn.row["by"], *(by for by, _text in turn.row["replies"])) if by in scene.team]
    if team:
        turn.idea.first_answer_at = min(turn.idea.first_answer_at or at, at)


def _event(scene: Scene, turn: Turn) -> Event:
    facts: dict[str, Any] = {"idea": turn.idea.uid, "question": turn.comment.is_question, "parent_id": None}
    actor, at = turn.comment.author_id, turn.comment.created_at
    return record(
        scene, "comment.posted", actor, at, turn.comment.uid, idea_id=turn.idea.id, **facts, people=list[int]()
    )


def _report(scene: Scene, turn: Turn) -> None:
    """Somebody asks the moderators to look; they are told at once."""
    by, reason, words = turn.row["reported"]
    viewer = scene.cast.viewer(by)
    moderation.report(viewer, turn.idea, turn.comment, reason, words, client_key="demo-report")
    db.session.flush()
    event = db.session.scalars(select(Event).where(Event.client_key == "demo-report")).one()
    event.at = event.delivered_at = min(turn.comment.created_at + timedelta(hours=7), scene.cast.now)
    db.session.execute(update(Report).where(Report.uid == event.subject).values(created_at=event.at))
    scene.untold.append((event.at, partial(tell_moderators, event)))


def follow(scene: Scene) -> None:
    """Ideas that others follow."""
    people = sorted(scene.cast.people.values(), key=lambda person: person.id)
    for row in scene.script.ideas:
        idea = scene.ideas[row["title"]]
        some = scene.chance.sample([one for one in people if one.id != idea.author_id], k=scene.chance.randint(0, 5))
        db.session.add_all(IdeaFollow(idea_id=idea.id, person_id=person.id) for person in some)
        scene.tallies[idea.id].follows += len(some)
