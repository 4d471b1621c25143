"""The demo's mail page: what would have been sent, for want of a mail server."""

from __future__ import annotations

from flask import Blueprint, render_template
from sqlalchemy import select

from ideabox.database import db
from ideabox.mail import Mail
from ideabox.verdict import Missing
from ideabox.web import public, settings

blueprint = Blueprint("mailbox", __name__)
LATEST = 50


@blueprint.get("/demo/mail")
@public
def index() -> str:
    """The latest mails. Exists in the demo only: everywhere else it answers as missing."""
    _only_in_the_demo()
    mails = db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(LATEST)).all()
    return render_template("mailbox/index.html", mails=mails)


@blueprint.get("/demo/mail/<uid:uid>")
@public
def show(uid: str) -> str:
    _only_in_the_demo()
    mail = db.session.scalar(select(Mail).where(Mail.uid == uid))
    if mail is None:
        raise Missing
    return render_template("mailbox/show.html", mail=mail)


def _only_in_the_demo() -> None:
    if not settings().demo:
        raise Missing
