"""Mail leaves by a real SMTP server, once, and what it said is not kept."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ideabox import mail
from ideabox.mail import Mail


class Postbox(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.arrived.append(message)


@pytest.fixture
def postbox(app: Any) -> Iterator[Postbox]:
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings = app.extensions["ideabox"]["settings"]
    kept = settings.smtp_host, settings.smtp_port
    settings.smtp_host, settings.smtp_port = "127.0.0.1", port
    yield box
    settings.smtp_host, settings.smtp_port = kept
    server.stop()


def test_a_mail_leaves_once_and_is_forgotten(db: Any, postbox: Postbox) -> None:
    mail.post(
        to="ada@example.org", subject="Hello\nBcc: x@evil.example", text="A secret link é", html="<p>x</p>", kind="t"
    )
    db.session.commit()
    mail.send_due()
    mail.send_due()
    assert len(postbox.arrived) == 1
    message = postbox.arrived[0]
    assert (message["To"], message["Bcc"]) == ("ada@example.org", None)
    assert message["Subject"] == "Hello Bcc: x@evil.example"
    row = db.session.scalars(select(Mail)).one()
    assert (row.text, row.html) == ("", "")
    assert row.sent_at is not None


def test_a_server_out_of_reach_is_tried_again(db: Any, postbox: Postbox, app: Any) -> None:
    settings = app.extensions["ideabox"]["settings"]
    port, settings.smtp_port = settings.smtp_port, 1
    mail.post(to="ada@example.org", subject="Later", text="words", kind="t")
    db.session.commit()
    mail.send_due()
    row = db.session.scalars(select(Mail)).one()
    assert (row.sent_at, row.tries, row.text) == (None, 1, "words")
    assert row.error
    settings.smtp_port = port
    mail.send_due()
    assert [message["Subject"] for message in postbox.arrived] == ["Later"]


def test_the_same_unique_key_is_refused_by_the_table(db: Any) -> None:
    for _ in range(2):
        mail.post(to="a@example.org", subject="s", text="t", kind="t", unique_key="once")
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
