"""Mail that leaves: written into a table with the change it tells of, sent by a tick."""

from __future__ import annotations

import smtplib
import time
from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, Index, Text, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from ideabox import clock, leases
from ideabox.database import Base, Key, Moment, Short, Uid, Word, db
from ideabox.settings import Settings

log = structlog.get_logger()
GIVE_UP_AFTER = leases.GIVE_UP_AFTER
#: Longer than the whole talk with a server that answers each line just before the timeout.
LEASE = timedelta(minutes=5)
BATCH = 200
#: Seconds: a server that hangs must not keep the other ticks waiting for a whole batch.
LONGEST_TICK = 20
_UNSENT = text("sent_at IS NULL")


class Mail(leases.Waits, Base):
    """One message to one address. `unique_key` keeps a repeated reaction from sending twice."""

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_waiting", "next_try_at", "id", postgresql_where=_UNSENT, sqlite_where=_UNSENT),)

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
    error: Mapped[Short] = mapped_column(default="")

    @classmethod
    def undone(cls) -> ColumnElement[bool]:
        return cls.sent_at.is_(None)


def post(*, to: str, subject: str, text: str, kind: str, html: str = "", unique_key: str | None = None) -> Mail:
    """Put a message into the running transaction; it leaves after the commit."""
    mail = Mail(to=to, subject=" ".join(subject.split())[:200], text=text, html=html, kind=kind, unique_key=unique_key)
    db.session.add(mail)
    db.session.info["wake"] = True
    return mail


def send_due() -> None:
    """Send what is due, longest due first; what does not fit into one tick is left to the next."""
    settings: Settings = current_app.extensions["ideabox"]["settings"]
    started = time.monotonic()
    since = func.coalesce(Mail.next_try_at, Mail.created_at)
    for mail_id in db.session.scalars(select(Mail.id).where(Mail.due()).order_by(since, Mail.id).limit(BATCH)).all():
        if time.monotonic() - started > LONGEST_TICK:
            return
        _send_one(mail_id, settings)


def _send_one(mail_id: int, settings: Settings) -> None:
    """Claim, read, send, write the result; no transaction is open while the server is spoken to.

    A crash after the server took it sends it a second time, when the lease is over: twice is better than never.
    """
    until = leases.take(Mail, mail_id, LEASE)
    if until is None:
        return
    try:
        _transmit(_read(mail_id, settings), settings)
    except Exception as error:
        # Whatever it is, it is this mail's own fault or the server's: the others of the batch must leave.
        words = f"{type(error).__name__}: {error}"[:200]
        leases.fail(Mail, mail_id, until, error=words)
        log.warning("mail not sent", mail_id=mail_id, error=words)
    else:
        _stamp(mail_id, settings)


def _read(mail_id: int, settings: Settings) -> EmailMessage:
    message = _message(db.session.get_one(Mail, mail_id), settings)
    # On SQLite the transaction that read holds the only place to write.
    db.session.commit()
    return message


def _stamp(mail_id: int, settings: Settings) -> None:
    """It has left, whoever holds it by now. What a server took is not kept: a link in it may open an account."""
    gone = {"text": "", "html": ""} if settings.smtp_host else {}
    left = update(Mail).where(Mail.id == mail_id)
    db.session.execute(left.values(sent_at=clock.now(), next_try_at=None, error="", **gone))
    db.session.commit()


def try_again() -> int:
    """Let mails that were given up leave after the commit. Returns how many."""
    return leases.revive(Mail)


def _transmit(message: EmailMessage, settings: Settings) -> None:
    """By SMTP where a server is set; without one the message is kept, and shown on the demo's mail page."""
    if not settings.smtp_host:
        return
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=10) as server:
        if settings.smtp_tls:
            server.starttls()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def _message(mail: Mail, settings: Settings) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, mail.to, mail.subject
    message["Message-ID"] = f"<{mail.uid}@ideabox>"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message
