"""Pages: one's own settings: who I am, how it looks, my password and browsers, who sees what."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _

from ideabox import events
from ideabox.accounts import passwords, queries
from ideabox.accounts.actions import access, profile
from ideabox.accounts.forms import ChangePasswordForm, IdentityForm, LookForm
from ideabox.accounts.limits import wrong_tries_of_viewer
from ideabox.accounts.models import Person
from ideabox.accounts.views.blueprints import accounts
from ideabox.database import db
from ideabox.web import done, go, viewer


@accounts.app_template_global()
def settings_doors() -> list[dict[str, str]]:
    """The list beside each page of one's settings; features above add theirs by having the route."""
    pages = [
        ("identity", _("Who you are"), "accounts.settings_identity"),
        ("notices", _("What you hear of"), "inbox.settings"),
        ("look", _("Look and language"), "accounts.settings_look"),
        ("security", _("Password and browsers"), "accounts.settings_security"),
        ("privacy", _("Who sees what"), "accounts.settings_privacy"),
    ]
    known = current_app.view_functions
    return [{"key": key, "label": label, "url": url_for(to)} for key, label, to in pages if to in known]


def page(current: str, **facts: Any) -> str:
    return render_template(f"accounts/settings_{current}.html", settings_current=current, **facts)


@accounts.get("/settings")
def settings() -> Any:
    return go(url_for("accounts.settings_identity"))


@accounts.route("/settings/identity", methods=["GET", "POST"])
def settings_identity() -> Any:
    me = queries.colleague(viewer().uid)
    form = IdentityForm(name=me.name, help_with=me.help_with, languages=me.languages, open_to=list(me.open_to))
    if not form.validate_on_submit():
        return page("identity", form=form, me=me), 422 if form.errors else 200
    facts = {"name": form.name.data, "help_with": form.help_with.data or "", "languages": form.languages.data or ""}
    key = form.client_key.data
    if not events.already(viewer().id, key):
        profile.change_identity(viewer(), **facts, open_to=",".join(form.open_to.data or ()), client_key=key)
        events.commit_once(viewer().id, key)
    return done(_("Kept."), url_for("accounts.settings_identity"))


@accounts.route("/settings/look", methods=["GET", "POST"])
def settings_look() -> Any:
    names = ("theme", "density", "lang", "timezone", "keys_on")
    form = LookForm(**{name: getattr(viewer(), name) for name in names})
    if not form.validate_on_submit():
        return page("look", form=form), 422 if form.errors else 200
    key = form.client_key.data
    if not events.already(viewer().id, key):
        profile.change_look(viewer(), **{name: form[name].data for name in names}, client_key=key)
        events.commit_once(viewer().id, key)
    return done(_("Kept."), url_for("accounts.settings_look"))


@accounts.route("/settings/security", methods=["GET", "POST"])
@wrong_tries_of_viewer
def settings_security() -> Any:
    form = ChangePasswordForm(known={"email": viewer().email or "", "name": viewer().name})
    if form.validate_on_submit():
        stored = db.session.get_one(Person, viewer().id).password_hash
        db.session.rollback()
        if passwords.fits(form.current.data, stored):
            return _change_password(form)
        form.refuse("current", _("This is not your present password."))
    sessions = queries.sessions_of(viewer().id)
    return page("security", form=form, sessions=sessions), 422 if form.errors else 200


def _change_password(form: ChangePasswordForm) -> Any:
    password_hash = passwords.hash_of(form.password.data)
    access.change_password(viewer(), password_hash)
    db.session.commit()
    return done(
        _("Your new password is kept. All other browsers are signed out."), url_for("accounts.settings_security")
    )


@accounts.post("/settings/security/end")
def end_session() -> Any:
    """Sign out one other browser."""
    number = request.form.get("session", "")
    if number.isascii() and number.isdigit() and len(number) < 18:
        access.end_one(viewer(), int(number))
        db.session.commit()
    return done(_("That browser is signed out."), url_for("accounts.settings_security"))


@accounts.get("/settings/privacy")
def settings_privacy() -> str:
    return page("privacy")
