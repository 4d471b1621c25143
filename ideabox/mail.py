"""Mail that leaves: written into a table with the change it tells of, sent by a tick."""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.message import EmailMessage

import structlog
from flask import current_app
from sqlalchemy import Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ideabox import clock
from ideabox.database import Base, Key, Moment, Short, Uid, Word, changed, db
from ideabox.settings import Settings

log = structlog.get_logger()
GIVE_UP_AFTER = 5
BATCH = 200


class Mail(Base):
    """One message to one address. `unique_key` keeps a repeated reaction from sending twice."""

    __tablename__ = "mail"

    id: Mapped[Key]
    uid: Mapped[Uid]
    to: Mapped[str]
    subject: Mapped[Short]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[Word]
    unique_key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[Moment]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[Short] = mapped_column(default="")


def post(*, to: str, subject: str, text: str, kind: str, html: str = "", unique_key: str | None = None) -> Mail:
    """Put a message into the running transaction; it leaves after the commit."""
    mail = Mail(to=to, subject=" ".join(subject.split())[:200], text=text, html=html, kind=kind, unique_key=unique_key)
    db.session.add(mail)
    db.session.info["wake"] = True
    return mail


def send_due() -> None:
    """Send what waits, oldest first. A claimed message is never sent by two processes."""
    settings: Settings = current_app.extensions["ideabox"]["settings"]
    waiting = select(Mail.id).where(Mail.sent_at.is_(None), Mail.tries < GIVE_UP_AFTER).order_by(Mail.id).limit(BATCH)
    for mail_id in db.session.scalars(waiting).all():
        _send_one(mail_id, settings)


def _send_one(mail_id: int, settings: Settings) -> None:
    if not _claim(mail_id):
        return
    mail = db.session.get_one(Mail, mail_id)
    try:
        _transmit(mail, settings)
        _forget(mail, settings)
    except (OSError, smtplib.SMTPException) as error:
        mail.sent_at, mail.error = None, f"{type(error).__name__}: {error}"[:200]
        log.warning("mail not sent", mail=mail.uid, error=mail.error)
    db.session.commit()


def _claim(mail_id: int) -> bool:
    # Stamped before it leaves: a crash in between loses a try's mail rather than sending it twice.
    claim = update(Mail).where(Mail.id == mail_id, Mail.sent_at.is_(None))
    won = changed(claim.values(sent_at=clock.now(), tries=Mail.tries + 1)) == 1
    db.session.commit()
    return won


def _transmit(mail: Mail, settings: Settings) -> None:
    """By SMTP where a server is set; without one the message is kept, and shown on the demo's mail page."""
    if not settings.smtp_host:
        return
    message = _message(mail, settings)
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=10) as server:
        if settings.smtp_tls:
            server.starttls()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def _forget(mail: Mail, settings: Settings) -> None:
    """What a server has taken is not kept here: a mail may hold a link that opens an account."""
    if settings.smtp_host:
        mail.text, mail.html = "", ""


def _message(mail: Mail, settings: Settings) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, mail.to, mail.subject
    message["Message-ID"] = f"<{mail.uid}@ideabox>"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message
