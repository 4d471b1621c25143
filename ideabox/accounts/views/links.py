"""Pages: ask for a new password by mail, choose one, accept an invitation."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from ideabox.accounts import limits, links, passwords, queries
from ideabox.accounts.actions import access
from ideabox.accounts.forms import ForgotForm, InvitationForm, ResetForm
from ideabox.accounts.views.blueprints import accounts
from ideabox.database import db
from ideabox.verdict import Refused
from ideabox.web import done, public

GONE = 410


@accounts.route("/forgot", methods=["GET", "POST"])
@public
@limits.mails_asked
def forgot() -> Any:
    """The same answer whether or not the address is known: one event, and a mail written after the answer."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgot.html", form=form, sent=False), 422 if form.errors else 200
    access.ask_reset(queries.person_by_email(form.email.data))
    db.session.commit()
    return render_template("accounts/forgot.html", form=form, sent=True)


@accounts.route("/reset/<token>", methods=["GET", "POST"])
@public
@limits.links_tried
def reset(token: str) -> Any:
    """Choose a new password by a link that works once."""
    person = links.holder(token, links.RESET)
    if person is None:
        return render_template("accounts/link_gone.html", purpose=links.RESET), GONE
    form = ResetForm(known={"email": person.email or "", "name": person.name})
    if not form.validate_on_submit():
        return render_template("accounts/reset.html", form=form, person=person), 422 if form.errors else 200
    password_hash = _hashed(form)
    try:
        access.reset_password(token, password_hash)
        db.session.commit()
    except Refused:
        db.session.rollback()
        return render_template("accounts/link_gone.html", purpose=links.RESET), GONE
    return done(_("Your new password is kept. All other browsers are signed out."), url_for("home.index"))


@accounts.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limits.links_tried
def invitation(token: str) -> Any:
    """Come in for the first time: one's own name and password."""
    person = links.holder(token, links.INVITE)
    if person is None:
        return render_template("accounts/link_gone.html", purpose=links.INVITE), GONE
    form = InvitationForm(name=person.name, known={"email": person.email or ""})
    if not form.validate_on_submit():
        page = render_template(
            "accounts/invitation.html", form=form, person=person, organisation=queries.organisation_name()
        )
        return page, 422 if form.errors else 200
    password_hash = _hashed(form)
    try:
        access.accept_invitation(token, name=form.name.data, password_hash=password_hash)
        db.session.commit()
    except Refused:
        db.session.rollback()
        return render_template("accounts/link_gone.html", purpose=links.INVITE), GONE
    return done(_("Welcome. Your password is kept."), url_for("home.index"))


def _hashed(form: ResetForm | InvitationForm) -> str:
    # Argon2 takes its time: hold neither a lock nor a connection meanwhile.
    db.session.rollback()
    return passwords.hash_of(form.password.data)
