"""Running a campaign: its phases, its team, its news."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from campaigns.actions import panel_team
from campaigns.forms.panel import MoveForm, NewsForm, TeamForm
from campaigns.queries import panel as queries
from campaigns.views.panel import blueprint
from ideabox import clock, events, nav
from ideabox.ideas.actions import campaign_phases, campaigns
from ideabox.ideas.models.campaign import CLOSED, EVALUATOR, MANAGER, RUNNING, SPONSOR
from ideabox.ideas.queries.campaign_brief import changes_of, news_of
from ideabox.ideas.queries.campaign_state import unsettled_count
from ideabox.ideas.queries.campaigns import Seen, campaign_for, phase_steps
from ideabox.ideas.rules.campaigns import leads, may_close, may_tell, move_open
from ideabox.ideas.words import PHASES
from ideabox.verdict import Refused
from ideabox.web import done, go, viewer


@blueprint.route("/<uid:uid>/phases", methods=["GET", "POST"])
def phases(uid: str) -> Any:
    """Where the campaign stands, and moving it by hand."""
    nav.stand_at("campaigns")
    seen, form = queries.led_campaign(viewer(), uid), MoveForm()
    ways = {phase: move_open(seen.campaign, phase) for phase in (*RUNNING, CLOSED)}
    form.to.choices = [SelectChoice(phase, str(PHASES[phase])) for phase, way in ways.items() if way]
    if request.method == "POST":
        if events.already(viewer().id, form.client_key.data):
            return go(url_for("panel.phases", uid=uid))
        if form.validate() and _moves(form, seen):
            said = _("The campaign is now at: %(phase)s.", phase=PHASES[form.to.data])
            return done(said, url_for("panel.phases", uid=uid))
        return _phases_page(seen, form, ways), 422
    return _phases_page(seen, form, ways)


def _moves(form: MoveForm, seen: Seen) -> bool:
    key = form.client_key.data
    try:
        campaign_phases.move(viewer(), seen, form.to.data, form.reason.data or "", client_key=key)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        form.refuse("reason" if refusal.status == 422 else "to", refusal.reason)
        return False
    events.commit_once(viewer().id, key)
    return True


def _phases_page(seen: Seen, form: MoveForm, ways: dict[str, Any]) -> str:
    waiting = unsettled_count(seen.campaign.id)
    return render_template(
        "panel/phases.html",
        campaign=seen.campaign,
        form=form,
        steps=phase_steps(seen.campaign, clock.now()),
        shut=[(PHASES[phase], way.reason) for phase, way in ways.items() if not way and phase != seen.campaign.phase],
        closing=may_close(waiting),
        waiting=waiting,
        changes=changes_of(seen.campaign),
        phase_words=PHASES,
    )


@blueprint.route("/<uid:uid>/team", methods=["GET", "POST"])
def team(uid: str) -> Any:
    """Sponsor, managers, evaluators: typed by name or e-mail."""
    nav.stand_at("campaigns")
    seen = queries.led_campaign(viewer(), uid)
    members = queries.team_of(seen.campaign)
    lines = {role: "\n".join(each.line for each in members if each.role == role) for role in (MANAGER, EVALUATOR)}
    sponsor = next((each.line for each in members if each.role == SPONSOR), "")
    base = queries.edition(seen.campaign, panel_team.SEATED)
    form = TeamForm(sponsor=sponsor, managers=lines[MANAGER], evaluators=lines[EVALUATOR], base=base)
    if form.validate_on_submit() and (events.already(viewer().id, form.client_key.data) or _seats(form, seen)):
        # Whoever has left the team by this can no longer see the panel.
        still = leads(viewer(), campaign_for(viewer(), uid).runs)
        return done(_("The team is saved."), url_for("panel.home" if still else "campaigns.show", uid=uid))
    page = render_template("panel/team.html", campaign=seen.campaign, form=form, members=members)
    return page, 422 if form.errors else 200


def _seats(form: TeamForm, seen: Seen) -> bool:
    team = _people_in(form, "sponsor", SPONSOR) | _people_in(form, "managers", MANAGER)
    team |= _people_in(form, "evaluators", EVALUATOR)
    if form.errors:
        return False
    try:
        panel_team.seat(viewer(), seen, team, base=form.base.data or "", client_key=form.client_key.data)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        form.base.data = queries.edition(seen.campaign, panel_team.SEATED)
        form.refuse("sponsor", refusal.reason)
        return False
    events.commit_once(viewer().id, form.client_key.data)
    return True


def _people_in(form: TeamForm, field: str, role: str) -> set[tuple[int, str]]:
    """The people whose names or addresses stand in a field, one a line; a fault at the field for each not found."""
    found = set()
    for line in filter(None, (line.strip() for line in (form[field].data or "").split("\n"))):
        people = queries.people_called(line)
        if len(people) == 1:
            found.add((people[0].id, role))
        else:
            form.refuse(field, _unclear(line, people))
    return found


def _unclear(line: str, people: Any) -> str:
    if not people:
        return _("Nobody here is called “%(who)s”. Check the spelling, or type the e-mail address.", who=line[:80])
    known = ", ".join(f"{person.name} <{person.email}>" for person in people)
    return _("Several people are called “%(who)s”: %(people)s. Copy the one you mean.", who=line[:80], people=known)


@blueprint.route("/<uid:uid>/updates", methods=["GET", "POST"])
def tell(uid: str) -> Any:
    """Write news to those who follow."""
    nav.stand_at("campaigns")
    seen, form = queries.led_campaign(viewer(), uid), NewsForm()
    if form.validate_on_submit():
        key = form.client_key.data
        if not events.already(viewer().id, key):
            campaigns.tell(viewer(), seen, form.body.data, client_key=key)
            events.commit_once(viewer().id, key)
        return done(_("The news is out."), url_for("campaigns.updates", uid=uid))
    page = render_template(
        "panel/tell.html",
        campaign=seen.campaign,
        form=form,
        verdict=may_tell(viewer(), seen.runs, seen.campaign),
        news=news_of(seen.campaign),
    )
    return page, 422 if form.errors else 200
