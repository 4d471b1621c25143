"""Moderation: the public rule, the reports, a decision with its reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from ideabox import events, nav
from ideabox.ideas.actions import moderation as actions
from ideabox.ideas.forms.moderation import REASONS, ReportForm, ResolveForm
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.talk import Comment
from ideabox.ideas.queries import idea as ideas
from ideabox.ideas.queries import idea_page, talk
from ideabox.ideas.queries import moderation as queries
from ideabox.ideas.rules.idea import may_report
from ideabox.ideas.rules.moderation import may_resolve
from ideabox.ideas.rules.names import author_shown
from ideabox.verdict import Missing
from ideabox.web import done, viewer

blueprint = Blueprint("moderate", __name__)


@blueprint.get("/moderate")
def index() -> str:
    """The rule and the counts, for everybody; the queue for moderators."""
    nav.stand_at("moderate")
    return render_template(
        "moderate/index.html",
        counts=queries.counts(),
        queue=queries.queue(viewer()) if viewer().is_moderator else None,
        reasons=dict(REASONS),
    )


@blueprint.get("/ideas/<uid:uid>/report")
def reporting(uid: str) -> Any:
    idea, comment = _reported(uid)
    may_report(viewer().id, comment.author_id if comment else idea.author_id, idea.stage).enforce()
    return _report_page(ReportForm(formdata=None), idea, comment)


@blueprint.post("/ideas/<uid:uid>/report")
def report(uid: str) -> Any:
    idea, comment = _reported(uid)
    form = ReportForm()
    if not form.validate():
        return _report_page(form, idea, comment), 422
    key, back = form.client_key.data or "", url_for("ideas.show", uid=uid)
    if events.already(viewer().id, key):
        return done(_("The moderators have your report."), back)
    new = actions.report(viewer(), idea, comment, form.reason.data, form.words.data or "", client_key=key)
    events.commit_once(viewer().id, key)
    said = _("The moderators have your report. You will hear what they decide.")
    return done(said if new else _("You have reported this before; the moderators know."), back)


def _reported(uid: str) -> tuple[Idea, Comment | None]:
    """The idea, or the comment on it, that the address names."""
    idea, _campaign = ideas.idea_for(viewer(), uid)
    wanted = request.args.get("comment", "")
    if not wanted:
        return idea, None
    comment, of_idea, _campaign = talk.comment_for(viewer(), wanted)
    if of_idea.id != idea.id:
        raise Missing
    return idea, comment


def _report_page(form: ReportForm, idea: Idea, comment: Comment | None) -> str:
    return render_template("moderate/report.html", form=form, idea=idea, comment=comment)


@blueprint.get("/moderate/<uid:uid>")
def show(uid: str) -> str:
    nav.stand_at("moderate")
    found, idea, comment = queries.report_for(viewer(), uid)
    return _decide_page(ResolveForm(formdata=None), found, idea, comment)


def _decide_page(form: ResolveForm, found: Any, idea: Idea, comment: Comment | None) -> str:
    author_id = comment.author_id if comment else idea.author_id
    return render_template(
        "moderate/show.html",
        form=form,
        report=found,
        idea=idea,
        comment=comment,
        reasons=dict(REASONS),
        verdict=may_resolve(viewer().is_moderator, viewer().id, author_id),
        seen=_seen(idea),
        turn=_turn(idea, comment) if comment else None,
    )


def _seen(idea: Idea) -> Any:
    """The idea as this moderator may read it, with what they may know of its author; None where it is not for them."""
    try:
        seen = idea_page.seen(viewer(), idea.uid)
    except Missing:
        return None
    shown = author_shown(viewer().id, idea.author_id, idea.privacy, seen.campaign.phase)
    return {"author": seen.author, "shown": shown, "until": seen.campaign.evaluate_at}


def _turn(idea: Idea, comment: Comment) -> talk.Turn | None:
    """The turn as the talk shows it: whose it is only where the talk says so."""
    turns, _more = talk.talk_of(viewer(), idea.id, talk.page_with(idea.id, comment.uid))
    return next((turn for turn in turns if turn.uid == comment.uid and not turn.gone), None)


@blueprint.post("/moderate/<uid:uid>")
def resolve(uid: str) -> Any:
    found, idea, comment = queries.report_for(viewer(), uid)
    form = ResolveForm()
    key = form.client_key.data or ""
    if events.already(viewer().id, key):
        return done(_("Your decision is kept."), url_for("moderate.index"))
    if not form.validate():
        return _decide_page(form, found, idea, comment), 422
    actions.resolve(viewer(), found, idea, comment, form.resolution.data, form.reason.data or "", client_key=key)
    events.commit_once(viewer().id, key)
    return done(_("Decided; the author and those who reported it are told."), url_for("moderate.index"))
