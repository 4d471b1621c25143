"""Mails about one's account, each written by the reaction to an event: no request is slower for having one."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from ideabox import mail, mailtext
from ideabox.accounts import links
from ideabox.accounts.models import Organisation, Person
from ideabox.accounts.queries import person_by_uid
from ideabox.database import db
from ideabox.events import Event


def mail_reset(event: Event) -> None:
    """After password.reset_asked: for an active person with a password, a link. For everybody else, nothing."""
    person = person_by_uid(event.subject)
    if person is None or not person.active or not person.password_hash or not person.email:
        return
    url = mailtext.address("accounts.reset", token=links.issue(person.id, links.RESET))
    with force_locale(person.lang):
        subject = _("Choose a new password")
    _post(person, "reset", event, subject, url=url)


def mail_invitation(event: Event) -> None:
    """After person.invited: the link with which an active person without a password chooses one."""
    person = person_by_uid(event.subject)
    if person is None or not person.active or person.password_hash or not person.email:
        return
    url = mailtext.address("accounts.invitation", token=links.issue(person.id, links.INVITE))
    organisation = db.session.scalar(db.select(Organisation.name)) or "Ideabox"
    with force_locale(person.lang):
        subject = _("You are invited to Ideabox at %(organisation)s", organisation=organisation)
    _post(person, "invitation", event, subject, url=url, organisation=organisation)


def _post(person: Person, kind: str, event: Event, subject: str, **facts: str) -> None:
    text, html = mailtext.render(kind, person.lang, receiver=person.name, **facts)
    key = f"{kind}-{event.id}"
    mail.post(to=person.email or "", subject=subject, text=text, html=html, kind=kind, unique_key=key)
