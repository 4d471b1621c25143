"""The panel: the campaigns one runs, a new one, and each one's home, launch, clone and end as a draft."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from campaigns.actions import panel as actions
from campaigns.forms.panel import BeginForm, PlainForm
from campaigns.queries import panel as queries
from campaigns.queries.panel_participation import participation_of
from campaigns.queries.panel_templates import NAMES, all_templates, template_named
from campaigns.rules import panel as rules
from ideabox import clock, events, nav
from ideabox.database import db
from ideabox.ideas.actions import campaign_phases
from ideabox.ideas.models.campaign import BOX, CAMPAIGN, DRAFT
from ideabox.ideas.queries.campaign_brief import changes_of
from ideabox.ideas.queries.campaigns import Seen, phase_steps
from ideabox.ideas.rules.campaigns import may_create, may_launch
from ideabox.ideas.rules.phases import ends_at
from ideabox.ideas.words import PHASES, SEATS
from ideabox.viewer import Face
from ideabox.web import done, go, viewer

blueprint = Blueprint("panel", __name__, url_prefix="/panel")


@blueprint.get("")
def index() -> str:
    """The campaigns one runs, drafts first."""
    nav.stand_at("campaigns")
    return render_template(
        "panel/index.html",
        campaigns=[(each, ends_at(each)) for each in queries.run_by(viewer())],
        may_create=may_create(viewer()),
        phase_words=PHASES,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Any:
    nav.stand_at("campaigns")
    may_create(viewer()).enforce()
    form = BeginForm(lang=viewer().lang)
    form.template.choices = _starts()
    if form.validate_on_submit():
        return _begin(form)
    return render_template("panel/new.html", form=form, about=_about()), 422 if form.errors else 200


def _starts() -> list[SelectChoice]:
    named = [SelectChoice(template.name, template.title) for template in all_templates(viewer().lang)]
    return [*named, SelectChoice("blank", _("An empty page")), SelectChoice("box", _("The open box"))]


def _about() -> dict[str, str]:
    """What each start means, in one sentence."""
    told = {template.name: template.about for template in all_templates(viewer().lang)}
    return {
        **told,
        "blank": _("The same brief, with nothing written in it yet."),
        "box": _("No question and no end: any idea, any day, answered one by one."),
    }


def _begin(form: BeginForm) -> Any:
    key = form.client_key.data
    if earlier := events.already(viewer().id, key):
        return go(url_for("panel.edit", uid=earlier.subject))
    start, lang = form.template.data, form.lang.data
    template = template_named(start, lang) if start in NAMES else None
    kind, question = (BOX, _("The open box")) if start == "box" else (CAMPAIGN, _("What would you change?"))
    campaign = actions.begin(viewer(), kind, lang, question, template, client_key=key)
    if earlier := events.commit_once(viewer().id, key):
        return go(url_for("panel.edit", uid=earlier.subject))
    return done(_("The draft is kept. Only its team sees it."), url_for("panel.edit", uid=campaign.uid))


@blueprint.get("/<uid:uid>")
def home(uid: str) -> str:
    """What waits for the team, before anything flattering."""
    nav.stand_at("campaigns")
    seen = queries.led_campaign(viewer(), uid)
    campaign, team = seen.campaign, queries.team_of(seen.campaign)
    return render_template(
        "panel/home.html",
        campaign=campaign,
        steps=[] if campaign.kind == BOX else phase_steps(campaign, clock.now()),
        until=ends_at(campaign),
        gaps=queries.gaps_of(campaign) if campaign.phase == DRAFT else [],
        pile=queries.pile_of(campaign),
        team=team,
        faces={member.id: Face(member.id, member.name) for member in team},
        answer_url=url_for("decide.letters", uid=uid) if campaign.phase != DRAFT else None,
        shares=participation_of(campaign) if campaign.phase != DRAFT else [],
        changes=changes_of(campaign),
        phase_words=PHASES,
        seat_words=SEATS,
        may_discard=rules.may_discard(viewer(), seen.runs, campaign),
        may_clone=rules.may_clone(viewer(), seen.runs),
        plain=PlainForm(formdata=None),
    )


@blueprint.route("/<uid:uid>/launch", methods=["GET", "POST"])
def launch(uid: str) -> Any:
    """What is missing, what will happen, and the button that makes it happen."""
    nav.stand_at("campaigns")
    seen, form = queries.led_campaign(viewer(), uid), PlainForm()
    if request.method == "POST" and events.already(viewer().id, form.client_key.data):
        return go(url_for("campaigns.show", uid=uid))
    gaps = queries.gaps_of(seen.campaign) if seen.campaign.phase == DRAFT else []
    if form.validate_on_submit() and not gaps:
        return _launch(seen, form)
    asked = queries.units_of(seen.campaign)
    page = render_template(
        "panel/launch.html",
        campaign=seen.campaign,
        gaps=gaps,
        verdict=may_launch(viewer(), seen.runs, seen.campaign, len(gaps)),
        steps=[] if seen.campaign.kind == BOX else phase_steps(seen.campaign, clock.now()),
        units=[unit.name for unit in queries.unit_tree() if unit.id in asked],
        now=clock.now(),
        form=form,
    )
    return page, 422 if request.method == "POST" else 200


def _launch(seen: Seen, form: PlainForm) -> Any:
    key = form.client_key.data
    is_open = campaign_phases.launch(viewer(), seen, 0, client_key=key)
    events.commit_once(viewer().id, key)
    said = _("The campaign is open.") if is_open else _("The campaign will open by itself at its date.")
    return done(said, url_for("campaigns.show", uid=seen.campaign.uid))


@blueprint.post("/<uid:uid>/clone")
def clone(uid: str) -> Any:
    seen, form = queries.led_campaign(viewer(), uid), PlainForm()
    key = form.client_key.data
    if earlier := events.already(viewer().id, key):
        return go(url_for("panel.edit", uid=earlier.subject))
    campaign = actions.clone(viewer(), seen, client_key=key)
    if earlier := events.commit_once(viewer().id, key):
        return go(url_for("panel.edit", uid=earlier.subject))
    return done(
        _("A new draft with the same brief and team. Look at its dates."), url_for("panel.edit", uid=campaign.uid)
    )


@blueprint.post("/<uid:uid>/discard")
def discard(uid: str) -> Any:
    seen = queries.led_campaign(viewer(), uid)
    actions.discard(viewer(), seen)
    db.session.commit()
    return done(_("The draft is thrown away."), url_for("panel.index"))
