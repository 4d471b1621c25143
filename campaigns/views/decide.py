"""Deciding: the campaigns one decides in, the ranking with its cut, and why an idea stands where it stands."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from campaigns.actions import shortlist as actions
from campaigns.forms.shortlist import ChoiceForm, ObjectionForm, PlainForm
from campaigns.queries import decide as lists
from campaigns.queries import standing as queries
from campaigns.queries.standing_rows import REPLAYS
from campaigns.rules.shortlist import may_choose, may_confirm
from ideabox import events, nav
from ideabox.ideas.actions.standing import recount as count_again
from ideabox.ideas.models.campaign import BOX
from ideabox.ideas.queries.campaigns import Seen, campaign_for
from ideabox.ideas.queries.standing import frozen_standing, turnout_of
from ideabox.ideas.rules import phases
from ideabox.ideas.rules.answer import may_read_decisions, may_see_order
from ideabox.verdict import Missing, Refused
from ideabox.web import done, go, viewer

blueprint = Blueprint("decide", __name__, url_prefix="/decide")


def seen_for_deciding(uid: str) -> Seen:
    """The campaign of an address, for those who decide in it."""
    nav.stand_at("decide")
    seen = campaign_for(viewer(), uid)
    may_read_decisions(viewer(), seen.runs).enforce()
    return seen


def number_asked(name: str) -> int:
    """A page number from the address: 0 for none or nonsense, and no larger than a database takes."""
    return min(max(request.args.get(name, 0, type=int), 0), 100_000)


@blueprint.get("")
def index() -> str:
    nav.stand_at("decide")
    may_read_decisions(viewer(), bool(viewer().seats & {"sponsor", "manager"})).enforce()
    return render_template("decide/index.html", campaigns=lists.decidable_by(viewer()))


@blueprint.get("/<uid:uid>")
def show(uid: str) -> str:
    return _page(seen_for_deciding(uid))


def _page(seen: Seen, choice: ChoiceForm | None = None, objection: ObjectionForm | None = None) -> str:
    """The ranking; while votes are cast, only who takes part."""
    if seen.campaign.kind == BOX or not may_see_order(seen.campaign.phase):
        return _waiting(seen)
    asked = request.args.get("idea", "")
    held = choice or objection
    tie_page = number_asked("tie")
    below_page = number_asked("below") if "below" in request.args else None
    selected = str(held.idea.data or "") if held else asked
    ranking = queries.ranking_of(seen.campaign, selected=selected, tie_page=tie_page, below_page=below_page)
    if ranking is None:
        return _waiting(seen)
    confirmed = ranking.confirmed is not None
    fresh = ObjectionForm(formdata=None, words=ranking.selected.objection if ranking.selected else "")
    return render_template(
        "decide/ranking.html",
        seen=seen,
        campaign=seen.campaign,
        ranking=ranking,
        draw=number_asked("draw") % REPLAYS,
        asked=asked,
        tie_page=tie_page,
        below_page=below_page,
        rows={"tie": queries.TIE_ROWS, "below": queries.BELOW_ROWS},
        may_choose=may_choose(viewer(), seen.runs, seen.campaign.phase, confirmed),
        may_confirm=may_confirm(viewer(), seen.seats, seen.campaign.phase, confirmed, ranking.taken, ranking.places),
        choice=choice or ChoiceForm(formdata=None, reason=ranking.selected.reason if ranking.selected else ""),
        objection=objection or fresh,
        plain=PlainForm(formdata=None),
    )


def _waiting(seen: Seen) -> str:
    """No order yet: what can be said without telling who leads."""
    ideas, heard = lists.participation(seen.campaign.id)
    return render_template(
        "decide/waiting.html",
        seen=seen,
        campaign=seen.campaign,
        order=may_see_order(seen.campaign.phase),
        until=phases.ends_at(seen.campaign),
        turnout=turnout_of(seen.campaign.id),
        ideas=ideas,
        heard=heard,
    )


@blueprint.post("/<uid:uid>/choose")
def choose(uid: str) -> Any:
    seen, form = seen_for_deciding(uid), ChoiceForm()
    key = form.client_key.data
    if events.already(viewer().id, key):
        return _back(uid, form.idea.data or "")
    if not form.validate():
        return _page(seen, choice=form), 422
    chosen = form.chosen.data == "1"
    try:
        actions.choose(viewer(), seen, form.idea.data, chosen, form.reason.data or "", client_key=key)
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        form.refuse("reason", refusal.reason)
        return _page(seen, choice=form), refusal.status
    events.commit_once(viewer().id, key)
    flash(_("It is on the shortlist.") if chosen else _("It is off the shortlist."), "done")
    return _back(uid, form.idea.data)


@blueprint.post("/<uid:uid>/objection")
def objection(uid: str) -> Any:
    seen, form = seen_for_deciding(uid), ObjectionForm()
    if events.already(viewer().id, form.client_key.data):
        return _back(uid, form.idea.data or "")
    if not form.validate():
        return _page(seen, objection=form), 422
    actions.object_to(viewer(), seen, form.idea.data, form.words.data or "", client_key=form.client_key.data)
    events.commit_once(viewer().id, form.client_key.data)
    flash(_("The objection is noted."), "done")
    return _back(uid, form.idea.data)


def _back(uid: str, idea: str) -> Any:
    return go(url_for("decide.show", uid=uid, idea=idea or None, _anchor="why"))


@blueprint.post("/<uid:uid>/confirm")
def confirm(uid: str) -> Any:
    seen, form = seen_for_deciding(uid), PlainForm()
    if not events.already(viewer().id, form.client_key.data):
        actions.confirm(viewer(), seen, client_key=form.client_key.data)
        events.commit_once(viewer().id, form.client_key.data)
    return done(
        _("The shortlist is confirmed. Every idea now waits for its letter."), url_for("decide.letters", uid=uid)
    )


@blueprint.post("/<uid:uid>/recount")
def recount(uid: str) -> Any:
    """Compute the frozen order again from its counts, and say whether it is the same."""
    seen = seen_for_deciding(uid)
    standing = frozen_standing(seen.campaign.id)
    if standing is None:
        raise Missing
    same = count_again(standing)
    if same:
        flash(_("Counted again just now: the same list, digest %(digest)s.", digest=standing.digest[:12]), "done")
    else:
        flash(_("The recount does not give the frozen list. Tell your administrator before you decide."), "error")
    return go(url_for("decide.show", uid=uid))


@blueprint.get("/<uid:uid>/evidence/<uid:idea>")
def evidence(uid: str, idea: str) -> str:
    """The data behind one idea's place: answers, units, reading, draws."""
    seen = seen_for_deciding(uid)
    may_see_order(seen.campaign.phase).enforce()
    ranking = queries.ranking_of(seen.campaign, selected=idea)
    if ranking is None or ranking.selected is None or ranking.selected.uid != idea:
        raise Missing
    return render_template(
        "decide/evidence.html", seen=seen, campaign=seen.campaign, ranking=ranking, row=ranking.selected
    )
