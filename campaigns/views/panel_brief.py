"""The brief of a campaign as a form: everything but its team."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from campaigns.actions import panel as actions
from campaigns.forms.panel import CRITERIA, MOMENTS, TEXTS, BriefForm
from campaigns.queries import panel as queries
from campaigns.rules.panel import lock_of
from campaigns.views.panel import blueprint
from ideabox import clock, events, nav
from ideabox.ideas.models.campaign import BOX, DRAFT, PHASES, Campaign
from ideabox.ideas.queries.campaigns import Seen
from ideabox.ideas.rules import calendar
from ideabox.ideas.rules.phases import OPENS
from ideabox.locale import zone_named
from ideabox.verdict import Refused
from ideabox.web import go, viewer

PLAIN = ("question", *TEXTS, "leading_key", "lang", "audience", "promise_on", "good_limit", "best_limit", "places")
MONEY = ("budget", "currency")
PHASE_OF = {column: phase for phase, column in OPENS.items()}


@blueprint.route("/<uid:uid>/edit", methods=["GET", "POST"])
def edit(uid: str) -> Any:
    nav.stand_at("campaigns")
    seen = queries.led_campaign(viewer(), uid)
    form = _form(seen.campaign)
    if request.method == "POST":
        if events.already(viewer().id, form.client_key.data):
            return _saved(uid)
        if _is_sound(form, seen.campaign) and _saves(form, seen):
            return _saved(uid)
        return _page(seen, form), 422
    return _page(seen, form)


def _saved(uid: str) -> Any:
    flash(_("Saved."), "done")
    after = {"launch": "panel.launch", "preview": "campaigns.show", "team": "panel.team"}
    return go(url_for(after.get(request.form.get("then", ""), "panel.edit"), uid=uid))


def _page(seen: Seen, form: BriefForm) -> str:
    campaign = seen.campaign
    return render_template(
        "panel/edit.html",
        campaign=campaign,
        form=form,
        is_draft=campaign.phase == DRAFT,
        is_box=campaign.kind == BOX,
        lock=lock_of(campaign),
        opened=[column for column in MOMENTS if _has_opened(campaign, column)],
        tree=queries.unit_tree(),
        gaps=queries.gaps_of(campaign) if campaign.phase == DRAFT else [],
    )


def _has_opened(campaign: Campaign, column: str) -> bool:
    """Whether that phase's date is part of the record."""
    return campaign.phase != DRAFT and PHASES.index(PHASE_OF[column]) <= PHASES.index(campaign.phase)


def _form(campaign: Campaign) -> BriefForm:
    """The form with what is stored in it; on POST, with what was sent over it. A field that was not sent stays."""
    stored: dict[str, Any] = {name: getattr(campaign, name) for name in (*PLAIN, *MONEY, *MOMENTS)}
    for number, row in zip(CRITERIA, queries.criteria_of(campaign), strict=False):
        named = f"criterion_{number}"
        stored |= {named: row.name, f"{named}_low": row.low_anchor}
        stored |= {f"{named}_high": row.high_anchor, f"{named}_weight": row.weight}
    tree, chosen = queries.unit_tree(), queries.units_of(campaign)
    stored["base"] = queries.edition(campaign, actions.EDITED)
    form = BriefForm(data=stored | {"units": [unit.uid for unit in tree if unit.id in chosen]})
    form.units.choices = [SelectChoice(unit.uid, unit.name) for unit in tree]
    if request.method == "POST" and "audience" not in request.form:
        form.units.data = [unit.uid for unit in tree if unit.id in chosen]
    return form


def _is_sound(form: BriefForm, campaign: Campaign) -> bool:
    """Whether the fields are sound, each and together; every fault is written at its field."""
    sound = form.validate()
    if sound and campaign.kind != BOX:
        moments = {PHASE_OF[column]: value for column, value in _moments(form, campaign).items()}
        faults = calendar.order_faults(moments, form.promise_on.data, zone_named(viewer().timezone))
        faults |= calendar.past_faults(campaign, moments, clock.now())
        faults |= calendar.past_changed(campaign, moments) if campaign.phase != DRAFT else {}
        faults |= calendar.launched_faults(campaign, moments, form.promise_on.data, clock.day_everywhere())
        faults |= _criteria_faults(form, campaign)
        for column, sentence in faults.items():
            form.refuse(column, sentence)
        return not faults
    return sound


def _moments(form: BriefForm, campaign: Campaign) -> dict[str, datetime | None]:
    """The moments of the form; one that shows the stored minute is the stored moment, to the second."""
    found = {}
    for column in MOMENTS:
        typed, stored = form[column].data, getattr(campaign, column)
        same = typed and stored and typed.replace(second=0, microsecond=0) == stored.replace(second=0, microsecond=0)
        found[column] = stored if same else typed
    return found


def _criteria_faults(form: BriefForm, campaign: Campaign) -> dict[str, str]:
    faults = {}
    for number, (name, low, high, weight) in zip(CRITERIA, form.criteria, strict=True):
        if not name.data and (weight.data or low.data or high.data):
            faults[f"criterion_{number}"] = _("Name this criterion, or empty its other fields.")
    total = sum(row["weight"] for row in form.criteria_data)
    if form.criteria_data and total != 100 and campaign.phase != DRAFT and not lock_of(campaign):
        faults["criterion_1_weight"] = _("The weights add up to %(total)s; they must add up to 100.", total=total)
    return faults


def _saves(form: BriefForm, seen: Seen) -> bool:
    columns = {name: form[name].data for name in (*PLAIN, *MONEY)} | _moments(form, seen.campaign)
    chosen = set(form.units.data or ())
    units = {unit.id for unit in queries.unit_tree() if unit.uid in chosen} if columns["audience"] == "units" else set()
    key = form.client_key.data
    try:
        base = form.base.data or ""
        actions.change(viewer(), seen, columns, form.criteria_data, units, base=base, client_key=key)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        form.base.data = queries.edition(seen.campaign, actions.EDITED)
        form.refuse("question", refusal.reason)
        return False
    events.commit_once(viewer().id, key)
    return True
