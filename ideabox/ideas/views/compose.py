"""The composer: choose a question, write, see what is close, look at it as others will, send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from ideabox import clock, files, markdown, nav
from ideabox.accounts.queries import organisation_name
from ideabox.database import db
from ideabox.events import commit_once
from ideabox.ideas.actions import files as file_actions
from ideabox.ideas.actions import idea as actions
from ideabox.ideas.actions.follow import follow
from ideabox.ideas.actions.idea import AlreadySent, Conflict, IdeaText, Page
from ideabox.ideas.forms.idea import DraftForm, IdeaForm, Words, pictures_described, words_of
from ideabox.ideas.models.campaign import BOX, SUGGEST, VOTE
from ideabox.ideas.models.idea import DRAFT, Idea
from ideabox.ideas.queries import idea as queries
from ideabox.ideas.queries.files import files_of
from ideabox.ideas.queries.idea import Place
from ideabox.ideas.queries.similar import Near, near_one, similar
from ideabox.ideas.rules.idea import may_draft, may_submit
from ideabox.ideas.rules.phases import opens_at
from ideabox.ideas.views.ideas import attach_to, blueprint, looked_into
from ideabox.verdict import Missing, Refused
from ideabox.web import done, go, public, viewer, wants_fragment

SEND, SAVE, PREVIEW, LOOK = STEPS = ("send", "save", "preview", "look")
FIELDS = tuple(IdeaText.__dataclass_fields__)


@dataclass
class Sheet:
    """All that the composer's page shows beside its form."""

    place: Place
    form: IdeaForm
    near: list[Near]
    chosen: str = ""
    preview: str = ""
    stored: Idea | None = None
    looked: bool = False


@blueprint.get("/new")
def compose() -> Any:
    nav.stand_at("ideas")
    uid = request.args.get("campaign", "")
    if not uid:
        return _choose()
    place = queries.place_for(viewer(), uid)
    may_draft(place.asked).enforce()
    draft = None if "fresh" in request.args else queries.draft_in(viewer(), place.campaign)
    if draft is None and not may_submit(place.campaign.kind, place.campaign.phase, place.asked):
        raise Refused(str(may_submit(place.campaign.kind, place.campaign.phase, place.asked).reason), status=409)
    form = IdeaForm(formdata=None, **(_of_draft(draft) if draft else {}))
    return _page(Sheet(place, form, _near(form), chosen=form.differs_from.data or ""), draft)


def _choose() -> Any:
    places = queries.places_open(viewer())
    if len(places) == 1:
        return go(url_for("ideas.compose", campaign=places[0].uid))
    return render_template("ideas/choose.html", places=places, box=BOX)


def _of_draft(draft: Idea) -> dict[str, Any]:
    """What a draft puts into the form."""
    kept = {name: getattr(draft, name) for name in FIELDS if name != "differs_from_id"}
    other = db.session.get(Idea, draft.differs_from_id) if draft.differs_from_id else None
    return {**kept, "draft": draft.uid, "base": draft.version, "differs_from": other.uid if other else ""}


@blueprint.post("/new")
def write() -> Any:
    """One form, four buttons: send, save, preview, look. What was typed comes back whatever happens."""
    nav.stand_at("ideas")
    place = queries.place_for(viewer(), request.args.get("campaign", ""))
    step = request.form.get("do", SEND)
    join, chosen = request.form.get("join", ""), request.form.get("differs", "")
    form = IdeaForm() if step == SEND and not join and not chosen else DraftForm()
    chosen = chosen or form.differs_from.data or ""
    sheet = Sheet(place, form, [], chosen)
    if not form.validate():
        return _again(sheet, 422)
    try:
        return _step(sheet, step, join)
    except AlreadySent:
        db.session.rollback()
        return go(url_for("ideas.show", uid=form.draft.data))
    except Conflict as conflict:
        sheet.stored = conflict.stored
        # Whoever has seen both texts and keeps this one writes over that one.
        form.base.data, form.base.raw_data = conflict.stored.version, None
        return _again(sheet, 409)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        form.form_errors.append(refusal.reason)
        return _again(sheet, 409)


def _step(sheet: Sheet, step: str, join: str) -> Any:
    form, place = sheet.form, sheet.place
    if step != SEND or join or request.form.get("differs") or any(form.files.data) or pictures_described(request.form):
        actions.save_draft(viewer(), place, _written(form), _text(sheet))
        _describe(sheet)
        db.session.commit()
        if not _attach(sheet):
            return _again(sheet, 422)
    if join:
        return _join(join)
    if step == SEND and not request.form.get("differs"):
        return _send(sheet)
    sheet.preview = markdown.render(form.body.data or "") if step == PREVIEW else ""
    sheet.looked = step == LOOK or bool(request.form.get("differs"))
    if step == SAVE:
        flash(_("Your draft is saved."), "done")
        return go(url_for("ideas.compose", campaign=place.campaign.uid))
    return _again(sheet, 200)


def _send(sheet: Sheet) -> Any:
    form, key = sheet.form, sheet.form.client_key.data or ""
    actions.submit(viewer(), sheet.place, _written(form), _text(sheet), client_key=key)
    earlier = commit_once(viewer().id, key)
    uid = earlier.subject if earlier else form.draft.data
    return done(_("Sent. You hear of every answer to it."), url_for("ideas.show", uid=uid))


def _join(uid: str) -> Any:
    """Follow a close idea instead, and go on there; one's own text stays a draft."""
    idea, _campaign = queries.idea_for(viewer(), uid)
    if idea.author_id != viewer().id:
        follow(viewer(), idea)
        db.session.commit()
    flash(_("You follow this idea now: say below what you would add. Your own text is kept as a draft."), "done")
    return go(url_for("ideas.show", uid=idea.uid) + "#say")


def _describe(sheet: Sheet) -> None:
    said, idea = pictures_described(request.form), queries.own(viewer(), sheet.form.draft.data)
    if said and idea is not None:
        file_actions.describe(viewer(), idea, sheet.place.campaign, said)


def _attach(sheet: Sheet) -> bool:
    """Keep the files sent along; each that is refused is told of at its field. Whether all were taken."""
    taken = looked_into(sheet.form)
    idea = queries.own(viewer(), sheet.form.draft.data)
    if idea is None:
        raise Missing
    for file in taken:
        try:
            with file_actions.undone_together() as stored:
                attach_to(idea, sheet.place.campaign, [file], stored)
                db.session.commit()
        except files.FileFault as fault:
            db.session.rollback()
            sheet.form.refuse("files", str(fault))
    return not sheet.form.files.errors


def _written(form: IdeaForm) -> Page:
    return Page(form.draft.data, form.base.data or 0, form.client_key.data or "")


def _text(sheet: Sheet) -> IdeaText:
    """The author's words; the idea it differs from only if the author may see it."""
    values = words_of(sheet.form, [name for name in FIELDS if name != "differs_from_id"])
    other = near_one(viewer(), sheet.chosen) if sheet.chosen else None
    return IdeaText(**values, differs_from_id=other.id if other else None)


def _again(sheet: Sheet, status: int) -> Any:
    """The same page with what was typed."""
    db.session.rollback()
    sheet.near = sheet.near or _near(sheet.form)
    return _page(sheet, queries.own(viewer(), sheet.form.draft.data or "")), status


def _near(form: Words, limit: int = 3) -> list[Near]:
    return similar(viewer(), (form.title.data or "")[:200], (form.body.data or "")[:4000], limit=limit)


def _page(sheet: Sheet, draft: Idea | None) -> str:
    stored = draft if draft is not None and draft.stage == DRAFT else None
    return render_template(
        "ideas/compose.html",
        sheet=sheet,
        form=sheet.form,
        campaign=sheet.place.campaign,
        near=_with_chosen(sheet.near, sheet.chosen),
        draft=stored,
        files=_files(stored),
        accepted=",".join(f".{suffix}" for suffix in files.ACCEPTED),
        audience=_audience(sheet.place),
        may_send=may_submit(sheet.place.campaign.kind, sheet.place.campaign.phase, sheet.place.asked),
        votes_at=opens_at(sheet.place.campaign, VOTE) if sheet.place.campaign.phase == SUGGEST else None,
        now=clock.now(),
    )


def _files(draft: Idea | None) -> list[Any]:
    return list(files_of(draft.id)) if draft else []


def _with_chosen(near: list[Near], chosen: str) -> list[Near]:
    """The close ideas, with the one the author compares to among them."""
    if not chosen or any(each.uid == chosen for each in near):
        return near
    other = near_one(viewer(), chosen)
    return [other, *near] if other else near


def _audience(place: Place) -> str:
    """Who will see the idea, in words."""
    units = queries.units_asked(place.campaign)
    if not units:
        return _("everyone at %(company)s", company=organisation_name() or _("your company"))
    return _("the people of %(units)s, and the campaign's team", units=", ".join(units))


@blueprint.post("/drafts")
def autosave() -> Any:
    """What the script sends every two seconds: 200 with the moment, 409 when another page has saved since."""
    place = queries.place_for(viewer(), request.args.get("campaign", ""))
    form = DraftForm()
    if not form.validate():
        return jsonify(errors=form.errors), 422
    sheet = Sheet(place, form, [], form.differs_from.data or "")
    try:
        actions.save_draft(viewer(), place, _written(form), _text(sheet))
    except AlreadySent:
        return "", 204
    except Conflict as conflict:
        return jsonify(saved_at=conflict.stored.saved_at.isoformat()), 409
    moment = clock.now()
    db.session.commit()
    return jsonify(saved_at=moment.isoformat())


@blueprint.post("/drafts/<uid:uid>/discard")
def discard(uid: str) -> Any:
    draft = queries.own(viewer(), uid)
    if draft is None:
        raise Missing
    gone = actions.discard(viewer(), draft)
    db.session.commit()
    for file_uid in gone:
        files.remove(file_uid)
    return done(_("The draft is gone."), url_for("home.index"))


@blueprint.post("/near")
@public
def near() -> Any:
    """The close ideas to what is being written, as a piece of the page.

    Asked by itself while one types: somebody who was signed out meanwhile is not led away from the text.
    """
    if not current_user.is_authenticated:
        return "", 204
    form = DraftForm()
    chosen = request.form.get("differs", "") or (form.differs_from.data or "")
    found = _near(form) if form.title.validate(form) and form.body.validate(form) else []
    return render_template("ideas/_near_fragment.html", near=_with_chosen(found, chosen), chosen=chosen, form=form)


@blueprint.post("/preview")
def preview() -> Any:
    """The text as others will read it, as a piece of the page."""
    form = DraftForm()
    if not wants_fragment() or not form.body.validate(form):
        return "", 422
    return render_template(
        "ideas/_preview_fragment.html", title=form.title.data or "", html=markdown.render(form.body.data or "")
    )
