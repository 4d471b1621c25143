"""Pages of admins: people, their roles and units, invitations, leaving and coming back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ideabox import events
from ideabox.accounts import queries
from ideabox.accounts.actions import people as actions
from ideabox.accounts.forms import ROLE_NAMES, AddPersonForm, PersonForm, UnitChoice
from ideabox.accounts.models import ROLES, Organisation, Person, Unit
from ideabox.accounts.rules.access import may_deactivate, may_invite
from ideabox.accounts.views.admin import page
from ideabox.accounts.views.blueprints import admin
from ideabox.accounts.views.people import asked_for, page_number
from ideabox.database import db
from ideabox.verdict import Missing, Refused
from ideabox.viewer import Viewer
from ideabox.web import done, viewer


@admin.get("/people")
def people() -> str:
    """People by name, address or unit; by state and role."""
    q, state, role = asked_for("q", "state", "role")
    found = queries.accounts(q, state, role, number=page_number())
    facts = {"q": q, "state": state, "role": role, "role_names": ROLE_NAMES, "page_size": queries.PAGE}
    return page("people", "people", found=found, **facts)


@admin.route("/people/new", methods=["GET", "POST"])
def add_person() -> Any:
    organisation = db.session.get(Organisation, 1)
    form = AddPersonForm(lang=organisation.lang if organisation else "en")
    form.unit.offer(queries.unit_tree(), _("No unit"))
    if form.validate_on_submit() and (answer := _add(form, organisation)):
        return answer
    return page("person_new", "people", form=form), 422 if form.errors else 200


def _add(form: AddPersonForm, organisation: Organisation | None) -> Any:
    key = form.client_key.data
    if earlier := events.already(viewer().id, key):
        return _added(earlier.subject)
    zone = organisation.timezone if organisation else "Europe/Paris"
    facts = {"name": form.name.data, "email": form.email.data, "lang": form.lang.data, "timezone": zone}
    try:
        person = actions.add_person(viewer(), **facts, unit=_unit(form.unit), client_key=key)
    except Refused as refusal:
        form.refuse("email", refusal.reason)
        return None
    uid = person.uid
    parallel = events.commit_once(viewer().id, key)
    return _added(parallel.subject if parallel else uid)


def _added(uid: str) -> Response:
    return done(_("Added. The invitation is on its way."), url_for("admin.person", uid=uid))


def _unit(field: UnitChoice) -> Unit | None:
    return queries.unit_by_uid(field.data) if field.data else None


def _person(uid: str) -> Person:
    person = queries.person_by_uid(uid)
    if person is None:
        raise Missing
    return person


@admin.route("/people/<uid:uid>", methods=["GET", "POST"])
def person(uid: str) -> Any:
    """One person: name, unit, roles; what may be done with the account."""
    shown = _person(uid)
    branches = queries.unit_tree()
    unit = next((branch.uid for branch in branches if branch.id == shown.unit_id), "")
    form = PersonForm(name=shown.name, unit=unit, roles=[role for role in ROLES if getattr(shown, f"is_{role}")])
    form.unit.offer(branches, _("No unit"))
    if form.validate_on_submit() and (answer := _change(form, shown)):
        return answer
    return page("person", "people", form=form, person=shown, may=_may(viewer(), shown)), 422 if form.errors else 200


def _change(form: PersonForm, shown: Person) -> Any:
    key, uid = form.client_key.data, shown.uid
    if not events.already(viewer().id, key):
        facts = {"name": form.name.data, "roles": form.roles.data or ()}
        try:
            actions.change_person(viewer(), shown, **facts, unit=_unit(form.unit), client_key=key)
        except Refused as refusal:
            db.session.rollback()
            form.refuse("roles", refusal.reason)
            return None
        events.commit_once(viewer().id, key)
    return done(_("Kept."), url_for("admin.person", uid=uid))


def _may(who: Viewer, person: Person) -> dict[str, Any]:
    has_password = person.password_hash is not None
    invite = may_invite(who, email=person.email, active=person.active, has_password=has_password)
    return {"deactivate": may_deactivate(who, person.id), "invite": invite}


def _do(uid: str, act: Callable[[Viewer, Person], None], said: str) -> Response:
    act(viewer(), _person(uid))
    db.session.commit()
    return done(said, url_for("admin.person", uid=uid))


@admin.post("/people/<uid:uid>/deactivate")
def deactivate(uid: str) -> Response:
    return _do(uid, actions.deactivate, _("Deactivated. Every session has ended; what was written stays."))


@admin.post("/people/<uid:uid>/reactivate")
def reactivate(uid: str) -> Response:
    return _do(uid, actions.reactivate, _("Reactivated."))


@admin.post("/people/<uid:uid>/invite")
def invite(uid: str) -> Response:
    return _do(uid, actions.invite_again, _("A new invitation is on its way. Earlier ones stop working."))
