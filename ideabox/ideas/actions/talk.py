"""Speak, change what one said, take it back, close a question."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, update

from ideabox import clock, events, markdown
from ideabox.database import changed, db
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea, IdeaTally
from ideabox.ideas.models.talk import Comment, CommentVersion, Mention
from ideabox.ideas.queries.people_named import people_named
from ideabox.ideas.rules.names import author_shown
from ideabox.ideas.rules.talk import (
    may_answer,
    may_close_question,
    may_comment,
    may_delete_comment,
    may_edit_comment,
)
from ideabox.verdict import Refused
from ideabox.viewer import Viewer

NOBODY = 0


def post(
    viewer: Viewer,
    idea: Any,
    campaign: Any,
    body: str,
    *,
    question: bool = False,
    parent: Comment | None = None,
    of_team: bool = False,
    client_key: str = "",
) -> Comment:
    """Say something about an idea, or answer somebody. `idea` and `campaign` are rows the viewer has seen.

    An answer by the idea's author or the campaign's team closes the question it answers.
    """
    may_comment(idea.stage, idea.hidden_at is not None, campaign.phase).enforce()
    if parent is not None:
        may_answer(parent.deleted_at is not None, parent.hidden_at is not None).enforce()
    comment = _new(viewer, idea, campaign, body, question, parent)
    mentioned = _mention(comment, campaign)
    _count(idea.id, comments=1, questions=int(question))
    if of_team:
        first = update(Idea).where(Idea.id == idea.id, Idea.first_answer_at.is_(None))
        db.session.execute(first.values(first_answer_at=clock.now()).execution_options(synchronize_session=False))
    if parent is not None and (of_team or viewer.id == idea.author_id):
        _close(parent)
    facts = {"idea": idea.uid, "question": question, "parent_id": parent.id if parent else None, "people": mentioned}
    events.record(
        "comment.posted",
        actor_id=viewer.id,
        campaign_id=campaign.id,
        idea_id=idea.id,
        subject=comment.uid,
        client_key=client_key,
        **facts,
    )
    return comment


def _new(viewer: Viewer, idea: Any, campaign: Any, body: str, question: bool, parent: Comment | None) -> Comment:
    unnamed = author_shown(NOBODY, idea.author_id, idea.privacy, campaign.phase) != "named"
    comment = Comment(
        idea_id=idea.id,
        parent_id=parent.id if parent else None,
        author_id=viewer.id,
        as_author=viewer.id == idea.author_id and unnamed,
        body=body,
        body_html=markdown.render(body),
        is_question=question,
    )
    db.session.add(comment)
    db.session.flush()
    return comment


def _mention(comment: Comment, campaign: Any) -> list[int]:
    """Write down who is addressed by name; returns their ids."""
    people = sorted(people_named(comment.body, campaign)) if "@" in comment.body else []
    if people:
        db.session.execute(insert(Mention), [{"comment_id": comment.id, "person_id": person} for person in people])
    return people


def _count(idea_id: int, *, comments: int = 0, questions: int = 0) -> None:
    """Move the idea's counts; `questions` are the open ones."""
    moved = {"comments": IdeaTally.comments + comments, "questions": IdeaTally.questions + questions}
    db.session.execute(update(IdeaTally).where(IdeaTally.idea_id == idea_id).values(moved))


def _close(question: Comment) -> bool:
    """Stamp an open question as answered; whether it was open."""
    open_one = update(Comment).where(Comment.id == question.id, Comment.is_question, Comment.answered_at.is_(None))
    shown = open_one.where(Comment.hidden_at.is_(None), Comment.deleted_at.is_(None))
    if not changed(shown.values(answered_at=clock.now())):
        return False
    _count(question.idea_id, questions=-1)
    return True


def edit(viewer: Viewer, comment: Comment, idea: Idea, campaign: Campaign, body: str, *, client_key: str) -> None:
    """Change one's words; what they were stays readable."""
    gone = (comment.deleted_at is not None, comment.hidden_at is not None)
    may_edit_comment(viewer.id, comment.author_id, *gone, campaign.phase).enforce()
    if body == comment.body:
        return
    before = comment.body
    same = update(Comment).where(Comment.id == comment.id, Comment.body == before, Comment.deleted_at.is_(None))
    values = {"body": body, "body_html": markdown.render(body), "edited_at": clock.now()}
    if not changed(same.where(Comment.hidden_at.is_(None)).values(values)):
        raise Refused(_("This comment has just changed in another window. Reload the page to see it."), status=409)
    db.session.add(CommentVersion(comment_id=comment.id, body=before))
    db.session.execute(delete(Mention).where(Mention.comment_id == comment.id))
    _mention(comment, campaign)
    names = {"campaign_id": campaign.id, "idea_id": idea.id, "subject": comment.uid}
    events.record("comment.edited", actor_id=viewer.id, client_key=client_key, **names)  # type: ignore[arg-type]


def remove(viewer: Viewer, comment: Comment, idea: Idea, *, client_key: str) -> None:
    """Take one's words back: they are gone, an empty place stays so that answers keep their sense."""
    may_delete_comment(viewer.id, comment.author_id, comment.deleted_at is not None).enforce()
    was_open = comment.is_question and comment.answered_at is None and comment.hidden_at is None
    still = update(Comment).where(Comment.id == comment.id, Comment.deleted_at.is_(None))
    if not changed(still.values(deleted_at=clock.now(), body="", body_html="")):
        return
    db.session.execute(delete(CommentVersion).where(CommentVersion.comment_id == comment.id))
    db.session.execute(delete(Mention).where(Mention.comment_id == comment.id))
    if comment.hidden_at is None:
        _count(idea.id, comments=-1, questions=-int(was_open))
    names = {"campaign_id": idea.campaign_id, "idea_id": idea.id, "subject": comment.uid}
    events.record("comment.deleted", actor_id=viewer.id, client_key=client_key, **names)  # type: ignore[arg-type]


def close_question(viewer: Viewer, comment: Comment, idea: Idea, of_team: bool) -> None:
    """Say that a question is answered. Twice is once."""
    may_close_question(viewer.id, comment.author_id, idea.author_id, of_team).enforce()
    if _close(comment):
        names = {"campaign_id": idea.campaign_id, "idea_id": idea.id, "subject": comment.uid}
        events.record("question.answered", actor_id=viewer.id, **names)  # type: ignore[arg-type]
