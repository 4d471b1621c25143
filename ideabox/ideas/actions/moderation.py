"""Report something to the moderators; keep it or hide it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from ideabox import clock, events
from ideabox.database import changed, db, upsert
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.models.talk import Comment, Report
from ideabox.ideas.queries.campaign_state import lock, out_of_counts
from ideabox.ideas.rules.idea import may_report
from ideabox.ideas.rules.moderation import may_resolve
from ideabox.ids import new_uid
from ideabox.verdict import Refused
from ideabox.viewer import Viewer

KEPT, HIDDEN = "kept", "hidden"


def report(viewer: Viewer, idea: Idea, comment: Comment | None, reason: str, words: str, *, client_key: str) -> bool:
    """Ask the moderators to look at an idea or a comment. False when this person asked before."""
    may_report(viewer.id, comment.author_id if comment else idea.author_id, idea.stage).enforce()
    uid = new_uid()
    row = upsert(Report.__table__).values(
        uid=uid,
        idea_id=idea.id,
        comment_id=comment.id if comment else None,
        reporter_id=viewer.id,
        reason=reason,
        words=words,
    )
    if not changed(row.on_conflict_do_nothing()):
        return False
    names = {"campaign_id": idea.campaign_id, "idea_id": idea.id, "subject": uid}
    events.record("idea.reported", actor_id=viewer.id, client_key=client_key, **names)  # type: ignore[arg-type]
    return True


def resolve(
    viewer: Viewer,
    report: Report,
    idea: Idea,
    comment: Comment | None,
    resolution: str,
    reason: str,
    *,
    client_key: str,
) -> None:
    """Keep or hide what was reported, for all who reported it. Refused when another moderator was first."""
    may_resolve(viewer.is_moderator, viewer.id, comment.author_id if comment else idea.author_id).enforce()
    same = Report.comment_id == report.comment_id if comment else Report.comment_id.is_(None)
    waiting = update(Report).where(Report.idea_id == idea.id, same, Report.resolved_at.is_(None))
    decided = {"resolved_at": clock.now(), "resolver_id": viewer.id, "resolution": resolution}
    if not changed(waiting.values(**decided, resolution_reason=reason)):
        raise Refused(_("Another moderator has decided on this just now."), status=409)
    if resolution == HIDDEN:
        _hide(idea, comment, reason)
    facts: dict[str, Any] = {"resolution": resolution, "comment": comment.uid if comment else "", "reason": reason}
    events.record(
        "report.resolved",
        actor_id=viewer.id,
        campaign_id=idea.campaign_id,
        idea_id=idea.id,
        subject=report.uid,
        client_key=client_key,
        **facts,
    )


def _hide(idea: Idea, comment: Comment | None, reason: str) -> None:
    moment = {"hidden_at": clock.now(), "hidden_reason": reason}
    if comment is None:
        # The campaign first, as whoever answers the idea does: each would otherwise hold what the other waits for.
        lock(idea.campaign_id)
        hide = update(Idea).where(Idea.id == idea.id, Idea.hidden_at.is_(None), Idea.stage.in_(LIVE))
        outcome = db.session.execute(hide.values(**moment).returning(Idea.outcome)).one_or_none()
        if outcome is not None:
            db.session.execute(out_of_counts(idea.campaign_id, answered=outcome[0] is not None))
        return
    was_open = comment.is_question and comment.answered_at is None
    shown = update(Comment).where(Comment.id == comment.id, Comment.hidden_at.is_(None), Comment.deleted_at.is_(None))
    if changed(shown.values(**moment)):
        fewer = {"comments": IdeaTally.comments - 1, "questions": IdeaTally.questions - int(was_open)}
        db.session.execute(update(IdeaTally).where(IdeaTally.idea_id == idea.id).values(fewer))
