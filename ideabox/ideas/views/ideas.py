"""An idea: its page, its versions, what its author and its readers do with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from ideabox import events, files, nav
from ideabox.database import db
from ideabox.ideas import life
from ideabox.ideas.actions import files as file_actions
from ideabox.ideas.actions import follow as follows
from ideabox.ideas.actions import idea as actions
from ideabox.ideas.actions.idea import Conflict, IdeaText
from ideabox.ideas.forms.idea import ReasonForm, VersionForm, Words, pictures_described, words_of
from ideabox.ideas.forms.talk import CommentForm
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import DELIVERED, DRAFT, IN_PROGRESS, Idea
from ideabox.ideas.queries import idea as queries
from ideabox.ideas.queries import idea_page as pages
from ideabox.ideas.queries.answers import letters_of, notes_of
from ideabox.ideas.queries.ballots import vote_on
from ideabox.ideas.queries.files import files_of
from ideabox.ideas.queries.idea_page import IdeaSeen
from ideabox.ideas.queries.talk import PAGE, page_with, talk_of
from ideabox.ideas.rules.files import room_for
from ideabox.ideas.rules.idea import may_edit, may_follow, may_withdraw
from ideabox.ideas.rules.names import author_shown
from ideabox.ideas.rules.talk import may_comment
from ideabox.ideas.words import cost
from ideabox.textdiff import worded
from ideabox.verdict import Missing, Refused
from ideabox.web import done, go, viewer

blueprint = Blueprint("ideas", __name__, url_prefix="/ideas")
FIELDS = ("title", "body", "difference", "cost_low", "cost_high", "cost_note", "who_could_help", "tried_where", "tags")


@blueprint.get("/<uid:uid>")
def show(uid: str) -> Any:
    seen = pages.seen(viewer(), uid)
    if seen.idea.stage == DRAFT:
        return go(url_for("ideas.compose", campaign=seen.campaign.uid))
    form = CommentForm(formdata=None, parent=request.args.get("reply", ""), question="ask" in request.args)
    return page(seen, form)


def page(seen: IdeaSeen, form: CommentForm) -> str:
    """The page of an idea, with the talk's form as it stands."""
    nav.stand_at("ideas")
    who, idea, campaign = viewer(), seen.idea, seen.campaign
    number = _talk_page(idea.id)
    turns, more = talk_of(who, idea.id, number)
    facts = (who.id, idea.author_id, idea.stage)
    return render_template(
        "ideas/show.html",
        seen=seen,
        idea=idea,
        campaign=campaign,
        shown=author_shown(who.id, idea.author_id, idea.privacy, campaign.phase),
        points=life.points(idea, campaign),
        stage=life.stage_words(idea, campaign),
        next_date=life.next_date(campaign),
        cost=cost(idea.cost_low, idea.cost_high, campaign.currency),
        files=files_of(idea.id),
        criteria=[] if idea.outcome else pages.criteria_of(campaign.id),
        links=pages.links_of(who, idea.id),
        letters=letters_of(who, idea.id) if idea.decided_at or idea.outcome else [],
        notes=notes_of(idea.id) if idea.outcome in (IN_PROGRESS, DELIVERED) else [],
        vote=vote_on(who, idea, campaign, seen.tally),
        turns=turns,
        replied=next((turn for turn in turns if turn.uid == form.parent.data), None),
        talk_page=number,
        talk_pages=number + more,
        talk_per_page=PAGE,
        form=form,
        may_comment=may_comment(idea.stage, idea.hidden_at is not None, campaign.phase),
        may_edit=may_edit(*facts, campaign.phase),
        may_withdraw=may_withdraw(*facts, campaign.phase, idea.hidden_at is not None),
        may_follow=may_follow(*facts),
        mine=who.id == idea.author_id,
    )


def _talk_page(idea_id: int) -> int:
    """Which page of the talk is asked for: by its number, or by a turn that stands on it."""
    if "turn" in request.args:
        return page_with(idea_id, request.args["turn"])
    return max(1, min(request.args.get("talk", 1, int), 1000))


@blueprint.get("/<uid:uid>/versions")
def versions(uid: str) -> str:
    """Each version, and what a version changed, word by word."""
    nav.stand_at("ideas")
    seen = pages.seen(viewer(), uid)
    rows = pages.versions_of(seen.idea.id)
    number = request.args.get("v", seen.idea.version, int)
    by_number = {row.number: row for row in rows}
    if number not in by_number:
        raise Missing
    before = by_number.get(number - 1)
    return render_template(
        "ideas/versions.html",
        seen=seen,
        rows=rows,
        row=by_number[number],
        before=before,
        title_parts=worded(before.title, by_number[number].title) if before else [],
        body_parts=worded(before.body, by_number[number].body) if before else [],
    )


@blueprint.get("/<uid:uid>/edit")
def edit(uid: str) -> Any:
    idea, campaign = queries.idea_for(viewer(), uid)
    if idea.stage == DRAFT:
        return go(url_for("ideas.compose", campaign=campaign.uid))
    may_edit(viewer().id, idea.author_id, idea.stage, campaign.phase).enforce()
    kept = {name: getattr(idea, name) for name in FIELDS}
    return _edit_page(VersionForm(formdata=None, base=idea.version, **kept), idea, campaign)


def _edit_page(form: VersionForm, idea: Idea, campaign: Campaign, merge: bool = False) -> str:
    nav.stand_at("ideas")
    return render_template(
        "ideas/edit.html",
        form=form,
        idea=idea,
        campaign=campaign,
        merge=merge,
        parts=worded(idea.body, form.body.data or "") if merge else [],
        files=files_of(idea.id),
        accepted=",".join(f".{suffix}" for suffix in files.ACCEPTED),
    )


@blueprint.post("/<uid:uid>/edit")
def new_version(uid: str) -> Any:
    idea, campaign = queries.idea_for(viewer(), uid)
    form = VersionForm()
    key = form.client_key.data
    if events.already(viewer().id, key):
        return go(url_for("ideas.show", uid=uid))
    if not form.validate():
        return _edit_page(form, idea, campaign), 422
    taken = looked_into(form)
    if form.files.errors:
        return _not_kept(form, uid), 422
    try:
        _save_version(uid, form, taken)
    except files.FileFault as fault:
        form.refuse("files", str(fault))
        return _not_kept(form, uid), 422
    except Conflict:
        return _not_kept(form, uid, merge=True), 409
    return done(_("Your new version is what readers see now."), url_for("ideas.show", uid=uid))


def looked_into(form: Words) -> list[files.SafeFile]:
    """The files sent along that may be kept; each that may not is told of at their field.

    Ends the running transaction first: drawing a picture anew takes its time, and on SQLite nobody else could write.
    """
    taken: list[files.SafeFile] = []
    sent = _sent(form)
    if sent:
        db.session.rollback()
    if not (room := room_for(len(sent))):
        form.refuse("files", room.reason)
        return []
    for upload in sent:
        try:
            taken.append(files.look_into(upload.read(), upload.filename))
        except files.FileFault as fault:
            form.refuse("files", str(fault))
    return taken


def _sent(form: Words) -> list[Any]:
    return [upload for upload in form.files.data or () if getattr(upload, "filename", "")]


def _save_version(uid: str, form: VersionForm, taken: list[files.SafeFile]) -> None:
    """Write text and files in one transaction. Conflict, FileFault, or Refused; nothing is kept then."""
    idea, campaign = queries.idea_for(viewer(), uid)
    with file_actions.undone_together() as stored:
        attach_to(idea, campaign, taken, stored)
        file_actions.describe(viewer(), idea, campaign, pictures_described(request.form))
        _write_version(idea, campaign, form)
        if events.commit_once(viewer().id, form.client_key.data):
            file_actions.forget(stored)


def attach_to(idea: Idea, campaign: Campaign, taken: list[files.SafeFile], stored: list[str]) -> None:
    """Attach files and note their uids in `stored`. FileFault, with the rule's sentence, when one may not be added."""
    for each in taken:
        try:
            stored.append(file_actions.attach(viewer(), idea, campaign, each).uid)
        except Refused as refusal:
            raise files.FileFault(refusal.reason) from None


def _not_kept(form: VersionForm, uid: str, merge: bool = False) -> str:
    """The same page with what was typed. Files do not come back with it: no browser fills them in."""
    db.session.rollback()
    idea, campaign = queries.idea_for(viewer(), uid)
    if merge:
        form.base.data, form.base.raw_data = idea.version, None
    if _sent(form):
        form.form_errors.append(_("No file was added. Choose your files again before you save."))
    return _edit_page(form, idea, campaign, merge)


def _write_version(idea: Idea, campaign: Campaign, form: VersionForm) -> None:
    text = IdeaText(**words_of(form, FIELDS), differs_from_id=idea.differs_from_id)
    base, note = form.base.data or 0, form.note.data or ""
    actions.edit(viewer(), idea, campaign, text, base=base, note=note, client_key=form.client_key.data or "")


@blueprint.get("/<uid:uid>/withdraw")
def withdrawal(uid: str) -> str:
    idea, campaign = queries.idea_for(viewer(), uid)
    may_withdraw(viewer().id, idea.author_id, idea.stage, campaign.phase, idea.hidden_at is not None).enforce()
    return render_template("ideas/withdraw.html", idea=idea, form=ReasonForm(formdata=None))


@blueprint.post("/<uid:uid>/withdraw")
def withdraw(uid: str) -> Any:
    idea, campaign = queries.idea_for(viewer(), uid)
    form = ReasonForm()
    if not form.validate():
        return render_template("ideas/withdraw.html", idea=idea, form=form), 422
    key = form.client_key.data or ""
    if not events.already(viewer().id, key):
        actions.withdraw(viewer(), idea, campaign, form.reason.data or "", client_key=key)
        events.commit_once(viewer().id, key)
    return done(_("Your idea is withdrawn. Only you can read it now."), url_for("ideas.show", uid=uid))


@blueprint.post("/<uid:uid>/follow")
def follow(uid: str) -> Any:
    idea, _campaign = queries.idea_for(viewer(), uid)
    follows.follow(viewer(), idea)
    db.session.commit()
    return done(_("You hear of this idea from now on."), url_for("ideas.show", uid=uid))


@blueprint.post("/<uid:uid>/unfollow")
def unfollow(uid: str) -> Any:
    idea, _campaign = queries.idea_for(viewer(), uid)
    follows.unfollow(viewer(), idea)
    db.session.commit()
    return done(_("You hear of this idea no more."), url_for("ideas.show", uid=uid))
