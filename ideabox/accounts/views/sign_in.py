"""Pages: come in and go out."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from ideabox.accounts import demo, limits, passwords, queries
from ideabox.accounts.actions import access
from ideabox.accounts.forms import SignInForm
from ideabox.accounts.models import LANGUAGES, Person
from ideabox.accounts.views.blueprints import accounts
from ideabox.database import db
from ideabox.verdict import Missing
from ideabox.web import done, go, public, safe_next, settings, viewer


@accounts.route("/sign-in", methods=["GET", "POST"])
@public
@limits.wrong_tries
def sign_in() -> Any:
    """The same answer, after the same time, for a wrong password and for nobody, somebody inactive or invited."""
    form = SignInForm(next=request.args.get("next", ""))
    if request.method != "POST":
        return go(safe_next(form.next.data)) if current_user.is_authenticated else _page(form)
    person_id = _who(form) if form.validate() else None
    if person_id is None:
        if not form.errors:
            form.form_errors.append(_("This address and this password do not belong together."))
        return _page(form), limits.WRONG
    return _welcome_in(db.session.get_one(Person, person_id), form.next.data)


def _who(form: SignInForm) -> int | None:
    person = queries.person_by_email(form.email.data)
    able = person is not None and person.active
    person_id, stored = (person.id, person.password_hash) if person and able else (None, None)
    # Argon2 takes its time: hold neither a lock nor a connection meanwhile.
    db.session.rollback()
    return person_id if passwords.fits(form.password.data, stored) else None


def _welcome_in(person: Person, back: str | None) -> Any:
    access.come_in(person)
    db.session.commit()
    return limits.remember_browser(go(safe_next(back)), person.email or "")


def _page(form: SignInForm) -> str:
    logins = demo.DEMO_LOGINS if settings().demo else ()
    name = queries.organisation_name()
    return render_template("accounts/sign_in.html", form=form, organisation=name, logins=logins)


@accounts.post("/sign-in/demo")
@public
def sign_in_as() -> Any:
    """One of the demo's people by a button; there is no such page outside the demo."""
    email = request.form.get("email", "")
    person = queries.person_by_email(email) if settings().demo else None
    if person is None or not person.active or email not in {login.email for login in demo.DEMO_LOGINS}:
        raise Missing
    access.come_in(person)
    db.session.commit()
    return go(safe_next(request.form.get("next")))


@accounts.post("/sign-out")
def sign_out() -> Any:
    access.go_out(viewer())
    db.session.commit()
    return done(_("You are signed out."), url_for("accounts.sign_in"))


@accounts.post("/sign-out-everywhere")
def sign_out_everywhere() -> Any:
    access.go_out_everywhere(viewer())
    db.session.commit()
    return done(_("You are signed out in every browser."), url_for("accounts.sign_in"))


@accounts.post("/language")
@public
def language() -> Any:
    """The language of the pages before one signs in, kept in a cookie of this browser."""
    answer = make_response(go(safe_next(request.form.get("next"))))
    if request.form.get("lang") in LANGUAGES:
        answer.set_cookie("lang", request.form["lang"], max_age=31536000, samesite="Lax", httponly=True)
    return answer
