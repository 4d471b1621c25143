"""Page: the first run. It makes the organisation and its admin, once."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from ideabox.accounts import passwords, queries
from ideabox.accounts.actions import access
from ideabox.accounts.actions.organisation import found
from ideabox.accounts.forms import WelcomeForm
from ideabox.accounts.views.blueprints import accounts
from ideabox.database import db
from ideabox.verdict import Missing, Refused
from ideabox.web import done, public


@accounts.route("/welcome", methods=["GET", "POST"])
@public
def welcome() -> Any:
    """While there is nobody; afterwards there is no such page."""
    if queries.anybody():
        raise Missing
    form = WelcomeForm(lang=str(get_locale() or "en"))
    if not form.validate_on_submit():
        return render_template("accounts/welcome.html", form=form), 422 if form.errors else 200
    db.session.rollback()
    password_hash = passwords.hash_of(form.password.data)
    return _found(form, password_hash)


def _found(form: WelcomeForm, password_hash: str) -> Any:
    names = ("organisation", "name", "email", "lang", "timezone")
    try:
        person = found(**{name: form[name].data for name in names}, password_hash=password_hash)
    except Refused:
        raise Missing from None
    access.come_in(person)
    db.session.commit()
    return done(_("Ideabox is yours. Bring your people in next."), url_for("admin.index"))
