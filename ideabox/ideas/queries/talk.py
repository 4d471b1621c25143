"""The talk about an idea, in the order in which it is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.talk import Comment, CommentVersion
from ideabox.ideas.queries.names import author_known_to
from ideabox.ideas.queries.prepared import run
from ideabox.ideas.queries.visible import idea_visible_to
from ideabox.verdict import Missing
from ideabox.viewer import Face, Viewer

PAGE = 100
DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """One comment as it is shown. `face` is None where the author of the idea speaks without a name.

    `is_author`: the idea's author speaks; `gone`: '' or why there is an empty place ('deleted', 'hidden'); `why`: the
    moderators' reason, for whoever said it.
    """

    id: int
    uid: str
    face: Face | None
    is_author: bool
    mine: bool
    html: str
    open_question: bool
    answered: bool
    created_at: datetime
    edited: bool
    gone: str
    why: str
    depth: int


def talk_of(viewer: Viewer, idea_id: int, page: int = 1) -> tuple[list[Turn], bool]:
    """A page of the talk, PAGE turns at most, and whether there is another: threads with an open question first, else
    in time order. One statement. The caller has seen the idea.
    """
    rows = run(_talk, viewer, idea_id=idea_id, skip=(page - 1) * PAGE).all()
    return [_turn(viewer, row, depth) for row, depth in _threads(rows[:PAGE])], len(rows) > PAGE


def page_with(idea_id: int, comment_uid: str) -> int:
    """The number of the page on which that turn stands; the first when there is no such turn."""
    place = select(Comment.id).where(Comment.uid == comment_uid, Comment.idea_id == idea_id).scalar_subquery()
    before = select(func.count()).select_from(Comment).where(Comment.idea_id == idea_id, Comment.id < place)
    return (db.session.scalar(before) or 0) // PAGE + 1


def _talk(viewer: Viewer) -> Any:
    speaks = Comment.author_id == Idea.author_id
    known = and_(Person.id == Comment.author_id, or_(~speaks, author_known_to(viewer)))
    columns = (
        Comment.id,
        Comment.uid,
        Comment.parent_id,
        Comment.body_html,
        Comment.is_question,
        Comment.answered_at,
        Comment.created_at,
        Comment.edited_at,
        Comment.deleted_at,
        Comment.hidden_at,
        Comment.hidden_reason,
    )
    return (
        select(*columns, speaks.label("speaks"), (Comment.author_id == viewer.id).label("mine"))
        .add_columns(Person.id.label("person_id"), Person.name, Unit.name.label("unit_name"))
        .select_from(Comment)
        .join(Idea, Idea.id == Comment.idea_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .outerjoin(Person, known)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(Comment.idea_id == bindparam("idea_id"))
        .order_by(Comment.id)
        .limit(PAGE + 1)
        .offset(bindparam("skip"))
    )


def _threads(rows: Sequence[Any]) -> Iterator[tuple[Any, int]]:
    """(row, depth) in reading order; an answer whose question is on another page stands alone."""
    here = {row.id for row in rows}
    answers: dict[int | None, list[Any]] = defaultdict(list)
    for row in rows:
        answers[row.parent_id if row.parent_id in here else None].append(row)
    for row in sorted(answers[None], key=lambda row: (not _is_open(row), row.id)):
        yield from _thread(row, answers, 0)


def _thread(row: Any, answers: dict[int | None, list[Any]], depth: int) -> Iterator[tuple[Any, int]]:
    below = [(row, depth)]
    while below:
        each, level = below.pop(0)
        yield each, min(level, DEEPEST)
        below = [(answer, level + 1) for answer in answers.get(each.id, ())] + below


def _is_open(row: Any) -> bool:
    return bool(row.is_question and row.answered_at is None and row.deleted_at is None and row.hidden_at is None)


def _turn(viewer: Viewer, row: Any, depth: int) -> Turn:
    return Turn(
        id=row.id,
        uid=row.uid,
        face=Face(row.person_id, row.name, row.unit_name or "") if row.person_id else None,
        is_author=bool(row.speaks),
        mine=bool(row.mine),
        html=row.body_html,
        open_question=_is_open(row),
        answered=bool(row.is_question and row.answered_at),
        created_at=row.created_at,
        edited=row.edited_at is not None,
        gone="hidden" if row.hidden_at else "deleted" if row.deleted_at else "",
        why=row.hidden_reason if row.mine else "",
        depth=depth,
    )


def comment_for(viewer: Viewer, uid: str, *, gone_too: bool = False) -> tuple[Comment, Idea, Campaign]:
    """A comment on an idea the viewer may see; Missing when not there, deleted or hidden (unless `gone_too`)."""
    query = (
        select(Comment, Idea, Campaign)
        .join(Idea, Idea.id == Comment.idea_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Comment.uid == uid, idea_visible_to(viewer))
    )
    if not gone_too:
        query = query.where(Comment.deleted_at.is_(None))
    if not gone_too and not viewer.is_moderator:
        query = query.where(or_(Comment.hidden_at.is_(None), Comment.author_id == viewer.id))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise Missing
    return row[0], row[1], row[2]


def earlier_words(comment_id: int) -> Sequence[Any]:
    """(body, created_at) of what a comment said before, the latest first."""
    query = select(CommentVersion.body, CommentVersion.created_at).where(CommentVersion.comment_id == comment_id)
    return db.session.execute(query.order_by(CommentVersion.id.desc())).all()
