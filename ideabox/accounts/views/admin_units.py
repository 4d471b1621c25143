"""Pages of admins: the tree of units."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from ideabox import events
from ideabox.accounts import queries
from ideabox.accounts.actions import units as actions
from ideabox.accounts.forms import AddUnitForm, UnitChoice, UnitForm
from ideabox.accounts.models import Unit
from ideabox.accounts.views.admin import page
from ideabox.accounts.views.blueprints import admin
from ideabox.database import db
from ideabox.verdict import Refused
from ideabox.web import done, viewer


@admin.get("/units")
def units() -> str:
    return page("units", "units", branches=queries.unit_tree())


@admin.route("/units/new", methods=["GET", "POST"])
def add_unit() -> Any:
    form = AddUnitForm()
    form.parent.offer(queries.unit_tree(), _("The top"))
    if form.validate_on_submit() and _add(form):
        return done(_("Added."), url_for("admin.units"))
    return page("unit_new", "units", form=form), 422 if form.errors else 200


def _add(form: AddUnitForm) -> bool:
    key = form.client_key.data
    if events.already(viewer().id, key):
        return True
    try:
        parent = _unit(form.parent)
        actions.add_unit(viewer(), name=form.name.data, code=form.code.data, parent=parent, client_key=key)
    except Refused as refusal:
        db.session.rollback()
        form.refuse("code" if refusal.status == 409 else "parent", refusal.reason)
        return False
    events.commit_once(viewer().id, key)
    return True


@admin.route("/units/<uid:uid>", methods=["GET", "POST"])
def unit(uid: str) -> Any:
    """Rename a unit, or put it with all below it somewhere else."""
    shown = queries.unit_by_uid(uid)
    branches = queries.unit_tree()
    form = UnitForm(name=shown.name, parent=next((one.uid for one in branches if one.id == shown.parent_id), ""))
    form.parent.offer(branches, _("The top"))
    if form.validate_on_submit() and _change(form, shown):
        return done(_("Kept."), url_for("admin.units"))
    return page("unit", "units", form=form, unit=shown), 422 if form.errors else 200


def _change(form: UnitForm, shown: Unit) -> bool:
    try:
        actions.rename_unit(viewer(), shown, form.name.data)
        actions.move_unit(viewer(), shown, _unit(form.parent))
    except Refused as refusal:
        db.session.rollback()
        form.refuse("parent", refusal.reason)
        return False
    db.session.commit()
    return True


def _unit(field: UnitChoice) -> Unit | None:
    return queries.unit_by_uid(field.data) if field.data else None
