"""The talk: say, answer, change, take back, close a question."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from ideabox import events, nav
from ideabox.database import db
from ideabox.ideas.actions import talk as actions
from ideabox.ideas.forms.talk import CommentEditForm, CommentForm
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.talk import Comment
from ideabox.ideas.queries import idea_page as pages
from ideabox.ideas.queries import talk as queries
from ideabox.ideas.queries.campaigns import campaign_for
from ideabox.ideas.queries.idea_page import IdeaSeen
from ideabox.ideas.rules.talk import may_edit_comment
from ideabox.ideas.views.ideas import page as idea_page
from ideabox.verdict import Missing, Refused
from ideabox.web import done, go, viewer

blueprint = Blueprint("talk", __name__)


@blueprint.post("/ideas/<uid:uid>/comments")
def say(uid: str) -> Any:
    seen, form = pages.seen(viewer(), uid), CommentForm()
    key = form.client_key.data or ""
    if earlier := events.already(viewer().id, key):
        return go(_at(uid, earlier.subject))
    if not form.validate():
        return idea_page(seen, form), 422
    try:
        comment = _say(seen, form, key)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        db.session.rollback()
        form.refuse("body", refusal.reason)
        return idea_page(pages.seen(viewer(), uid), form), 409
    said = comment.uid
    twin = events.commit_once(viewer().id, key)
    return done(_("Said."), _at(uid, twin.subject if twin else said))


def _say(seen: IdeaSeen, form: CommentForm, key: str) -> Comment:
    return actions.post(
        viewer(),
        seen.idea,
        seen.campaign,
        form.body.data or "",
        question=bool(form.question.data),
        parent=_answered(seen, form.parent.data or ""),
        of_team=seen.runs and viewer().id != seen.idea.author_id,
        client_key=key,
    )


def _answered(seen: IdeaSeen, uid: str) -> Comment | None:
    """The comment that is answered, which must be of the same idea."""
    if not uid:
        return None
    comment, idea, _campaign = queries.comment_for(viewer(), uid, gone_too=True)
    if idea.id != seen.idea.id:
        raise Missing
    return comment


def _at(idea_uid: str, comment_uid: str) -> str:
    return url_for("ideas.show", uid=idea_uid, turn=comment_uid, _anchor=f"c-{comment_uid}")


@blueprint.get("/comments/<uid:uid>/edit")
def edit(uid: str) -> str:
    comment, idea, campaign = queries.comment_for(viewer(), uid)
    hidden = comment.hidden_at is not None
    may_edit_comment(viewer().id, comment.author_id, False, hidden, campaign.phase).enforce()
    return _edit_page(CommentEditForm(formdata=None, body=comment.body), comment, idea)


def _edit_page(form: CommentEditForm, comment: Comment, idea: Idea) -> str:
    nav.stand_at("ideas")
    return render_template("talk/edit.html", form=form, comment=comment, idea=idea)


@blueprint.post("/comments/<uid:uid>/edit")
def change(uid: str) -> Any:
    comment, idea, campaign = queries.comment_for(viewer(), uid)
    form = CommentEditForm()
    key = form.client_key.data or ""
    if events.already(viewer().id, key):
        return go(_at(idea.uid, uid))
    if not form.validate():
        return _edit_page(form, comment, idea), 422
    actions.edit(viewer(), comment, idea, campaign, form.body.data or "", client_key=key)
    events.commit_once(viewer().id, key)
    return done(_("Changed. Your earlier words stay readable."), _at(idea.uid, uid))


@blueprint.get("/comments/<uid:uid>")
def show(uid: str) -> str:
    """What a comment says and said before."""
    nav.stand_at("ideas")
    comment, idea, _campaign = queries.comment_for(viewer(), uid)
    return render_template("talk/show.html", comment=comment, idea=idea, earlier=queries.earlier_words(comment.id))


@blueprint.post("/comments/<uid:uid>/delete")
def remove(uid: str) -> Any:
    comment, idea, _campaign = queries.comment_for(viewer(), uid)
    actions.remove(viewer(), comment, idea, client_key="")
    db.session.commit()
    return done(_("Deleted. An empty place stays."), _at(idea.uid, uid))


@blueprint.post("/comments/<uid:uid>/answered")
def answered(uid: str) -> Any:
    comment, idea, campaign = queries.comment_for(viewer(), uid)
    of_team = bool(viewer().seats) and campaign_for(viewer(), campaign.uid).runs
    actions.close_question(viewer(), comment, idea, of_team)
    db.session.commit()
    return done(_("The question counts as answered."), _at(idea.uid, uid))
