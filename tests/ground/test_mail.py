"""Mail leaves by a real SMTP server, once, and what it said is not kept."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ideabox import clock, leases, mail
from ideabox.accounts.models import Unit
from ideabox.mail import Mail

Ahead = Callable[[timedelta], None]


class Postbox(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.arrived.append(message)


class SlowPostbox:
    """Takes a message, and answers only when it is let go, or after three seconds."""

    def __init__(self) -> None:
        self.came, self.let_go, self.answered = threading.Event(), threading.Event(), 0

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        self.came.set()
        for _ in range(300):
            if self.let_go.is_set():
                break
            await asyncio.sleep(0.01)
        self.answered += 1
        return "250 OK"


@contextmanager
def served(app: Any, box: Any) -> Iterator[None]:
    """A real SMTP server on this machine, to which the app sends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings = app.extensions["ideabox"]["settings"]
    kept = settings.smtp_host, settings.smtp_port
    settings.smtp_host, settings.smtp_port = "127.0.0.1", port
    yield
    settings.smtp_host, settings.smtp_port = kept
    server.stop()


@pytest.fixture
def postbox(app: Any) -> Iterator[Postbox]:
    box = Postbox()
    with served(app, box):
        yield box


@pytest.fixture
def slow(app: Any) -> Iterator[SlowPostbox]:
    box = SlowPostbox()
    with served(app, box):
        yield box


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Ahead:
    """Put the clock forward: `ahead(timedelta(hours=1))`; twice adds up."""
    real, by = clock.now, [timedelta(0)]
    monkeypatch.setattr(clock, "now", lambda: real() + by[0])

    def forward(further: timedelta) -> None:
        by[0] += further

    return forward


def wait_for(db: Any, **facts: Any) -> Mail:
    written = mail.post(**({"to": "ada@example.org", "subject": "Later", "text": "words", "kind": "t"} | facts))
    db.session.commit()
    return written


def the_only(db: Any) -> Mail:
    db.session.expire_all()
    found: Mail = db.session.scalars(select(Mail)).one()
    return found


def in_thread(app: Any) -> threading.Thread:
    """Send what is due as another process would."""

    def send() -> None:
        with app.app_context():
            mail.send_due()

    thread = threading.Thread(target=send)
    thread.start()
    return thread


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


def test_a_server_out_of_reach_is_tried_again(db: Any, postbox: Postbox, app: Any, ahead: Ahead) -> None:
    settings = app.extensions["ideabox"]["settings"]
    port, settings.smtp_port = settings.smtp_port, 1
    wait_for(db)
    mail.send_due()
    row = the_only(db)
    assert (row.sent_at, row.tries, row.text) == (None, 1, "words")
    assert row.error
    settings.smtp_port = port
    mail.send_due()
    assert postbox.arrived == [], "a minute has not gone by"
    ahead(timedelta(minutes=1))
    mail.send_due()
    assert [message["Subject"] for message in postbox.arrived] == ["Later"]
    row = the_only(db)
    assert row.sent_at is not None
    assert (row.error, row.text) == ("", "")


def test_waits_grow_and_end_after_more_than_a_day(db: Any, postbox: Postbox, app: Any, ahead: Ahead) -> None:
    app.extensions["ideabox"]["settings"].smtp_port = 1
    wait_for(db)
    waits, minute = [], timedelta(minutes=1)
    for number in range(mail.GIVE_UP_AFTER):
        mail.send_due()
        row = the_only(db)
        assert row.tries == number + 1
        waits.append(round((row.next_try_at - clock.now()) / minute))
        ahead(row.next_try_at - clock.now())
    assert waits[:6] == [1, 5, 15, 60, 60, 60]
    assert timedelta(days=1) < sum(waits[:-1]) * minute < timedelta(days=2)
    mail.send_due()
    assert the_only(db).tries == mail.GIVE_UP_AFTER, "given up"
    assert mail.try_again() == 1
    db.session.commit()
    mail.send_due()
    assert the_only(db).tries == 1
    assert mail.try_again() == 0, "it waits by itself"


def test_any_fault_is_the_mails_own_and_the_others_leave(db: Any, postbox: Postbox) -> None:
    wait_for(db, to="not\nan address")
    wait_for(db)
    mail.send_due()
    assert [message["Subject"] for message in postbox.arrived] == ["Later"]
    bad = db.session.scalars(select(Mail).order_by(Mail.id)).first()
    assert (bad.sent_at, bad.tries) == (None, 1)
    assert "ValueError" in bad.error


def test_a_crash_while_sending_loses_nothing(
    db: Any, postbox: Postbox, ahead: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_anything: Any) -> None:
        raise SystemExit

    wait_for(db)
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(mail, "_transmit", killed)
        mail.send_due()
    db.session.rollback()
    assert the_only(db).sent_at is None
    mail.send_due()
    assert postbox.arrived == [], "the one who crashed holds it until the lease is over"
    ahead(mail.LEASE)
    mail.send_due()
    assert len(postbox.arrived) == 1
    assert the_only(db).tries == 0, "nothing failed"


def test_others_write_while_the_server_is_slow(app: Any, db: Any, slow: SlowPostbox) -> None:
    wait_for(db)
    sender = in_thread(app)
    assert slow.came.wait(5)
    db.session.add(Unit(code="meanwhile", name="Meanwhile"))
    db.session.commit()
    assert slow.answered == 0, "the write had to wait for the mail server"
    assert the_only(db).sent_at is None, "the server has not taken it yet"
    db.session.rollback()
    slow.let_go.set()
    sender.join()
    assert the_only(db).sent_at is not None


def test_two_processes_send_a_mail_once(app: Any, db: Any, slow: SlowPostbox) -> None:
    wait_for(db)
    sender = in_thread(app)
    assert slow.came.wait(5)
    mail.send_due()
    db.session.commit()  # as after a tick
    slow.let_go.set()
    sender.join()
    assert slow.answered == 1
    assert the_only(db).sent_at is not None


def test_of_two_who_saw_the_same_mail_due_one_takes_it(db: Any) -> None:
    number = wait_for(db).id
    assert leases.take(Mail, number, mail.LEASE) is not None
    assert leases.take(Mail, number, mail.LEASE) is None


def test_a_slow_server_does_not_hold_the_ticks_for_a_batch(
    db: Any, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(db)
    wait_for(db)
    moments = iter([0.0, 1.0, mail.LONGEST_TICK + 1.0])
    monkeypatch.setattr(mail, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    mail.send_due()
    assert len(postbox.arrived) == 1


def test_the_same_unique_key_is_refused_by_the_table(db: Any) -> None:
    for _ in range(2):
        mail.post(to="a@example.org", subject="s", text="t", kind="t", unique_key="once")
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
