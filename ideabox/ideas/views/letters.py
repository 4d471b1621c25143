"""A letter as it is read, and what its reader may say to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from ideabox import events, nav
from ideabox.database import db
from ideabox.ideas.actions import answer as actions
from ideabox.ideas.forms.answer import ReplyForm
from ideabox.ideas.queries import answers as queries
from ideabox.ideas.queries.answers import LetterSeen
from ideabox.ideas.queries.campaigns import campaign_for
from ideabox.needs import Need
from ideabox.verdict import Refused
from ideabox.viewer import Viewer
from ideabox.web import done, go, viewer

blueprint = Blueprint("letters", __name__, url_prefix="/letters")
READ_MINUTES = 2


@blueprint.get("/<uid:uid>")
def show(uid: str) -> str:
    return _page(queries.letter_for(viewer(), uid), ReplyForm(formdata=None))


def _page(seen: LetterSeen, form: ReplyForm) -> str:
    nav.stand_at("ideas")
    return render_template(
        "letters/show.html",
        seen=seen,
        form=form,
        place=queries.place_of(seen.idea.id),
        notes=queries.notes_of(seen.idea.id),
        runs=_runs(seen),
    )


def _runs(seen: LetterSeen) -> bool:
    """Whether the reader is of the sponsor's team, asked only of those who hold a seat somewhere."""
    return bool(viewer().seats) and campaign_for(viewer(), seen.campaign.uid).runs


@blueprint.post("/<uid:uid>/reply")
def reply(uid: str) -> Any:
    seen, form = queries.letter_for(viewer(), uid), ReplyForm()
    key = form.client_key.data
    if events.already(viewer().id, key):
        return go(url_for("letters.show", uid=uid))
    if not form.validate():
        return _page(seen, form), 422
    try:
        actions.reply(viewer(), seen.letter, seen.idea, form.words.data, client_key=key)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        form.refuse("words", refusal.reason)
        db.session.rollback()
        return _page(queries.letter_for(viewer(), uid), form), 409
    events.commit_once(viewer().id, key)
    return done(_("Your answer is with the sponsor's team."), url_for("letters.show", uid=uid))


@blueprint.post("/<uid:uid>/clear")
def rate(uid: str) -> Any:
    seen = queries.letter_for(viewer(), uid)
    actions.rate(viewer(), seen.letter, seen.idea, request.form.get("clear") == "1")
    db.session.commit()
    return done(_("Thank you: the sponsor sees how clear the reason was."), url_for("letters.show", uid=uid))


@blueprint.post("/<uid:uid>/seen")
def see(uid: str) -> Any:
    """Sent by the page itself once the author has it open."""
    seen = queries.letter_for(viewer(), uid)
    actions.see(viewer(), seen.letter, seen.idea)
    db.session.commit()
    return "", 204


@blueprint.post("/<uid:uid>/heard")
def hear(uid: str) -> Any:
    """The team has read the author's answer, and the author is shown that."""
    seen = queries.letter_for(viewer(), uid)
    actions.hear(viewer(), [seen.letter], _runs(seen))
    db.session.commit()
    return done(_("The author can see that it was read."), url_for("letters.show", uid=uid))


def needs(person: Viewer) -> list[Need]:
    """Letters that this person has not read yet."""
    return [
        Need(
            key=f"letter-{letter.uid}",
            title=letter.title,
            why=_("The sponsor asks you something about it")
            if letter.outcome == "needs_clarification"
            else _("Your idea has its answer"),
            action=_("Answer") if letter.outcome == "needs_clarification" else _("Read the letter"),
            url=url_for("letters.show", uid=letter.uid),
            icon="mail",
            minutes=READ_MINUTES,
        )
        for letter in queries.unread_letters(person)
    ]
