"""One row of the authorisation table, its cells, and the run of a cell through a real client."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, session, url_for
from flask_sqlalchemy.session import Session
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from ideabox.accounts.models import Person
from ideabox.accounts.session import begin
from ideabox.database import db
from tests.authorisation.world import VIEWERS, VISITOR, World

OK, SIGN_IN = "ok", "sign-in"
#: What differs between two answers that say the same: tokens, keys, the number of the request.
VARYING = re.compile(
    rb'(name="(?:csrf_token|client_key|csrf-token)"[^>]*?(?:value|content)=")[^"]*' rb"|(this number: )[2-9a-z]+"
)
Sent = Callable[[World, str], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """A route in the states of its thing. `states` maps each to who gets which answer, as "ok: sponsor; 404: *".

    `send` gives what a test client is told beside the address: data, query_string, headers. `variant` tells rows of
    the same route apart that send different things.
    """

    endpoint: str
    method: str
    kind: str
    states: dict[str, str]
    send: Sent | None = None
    variant: str = ""
    public: bool = False

    @property
    def route(self) -> tuple[str, str]:
        return self.endpoint, self.method


@dataclass(frozen=True)
class Cell:
    """One viewer at one row in one state, and what should come of it."""

    row: Row
    state: str
    viewer: str
    expected: str

    def __str__(self) -> str:
        row = self.row
        return f"{row.method} {row.endpoint}{' ' + row.variant if row.variant else ''} [{self.state}] by {self.viewer}"


def answers(spec: str, public: bool = False) -> dict[str, str]:
    """Read "ok: sponsor; 404: *": who gets which answer. A visitor is sent to sign in unless the page is public."""
    given: dict[str, str] = {} if public else {VISITOR: SIGN_IN}
    rest = ""
    for part in spec.split(";"):
        answer, _colon, who = (word.strip() for word in part.partition(":"))
        if who == "*":
            rest = answer
        for viewer in who.split() if who != "*" else ():
            assert viewer in VIEWERS and viewer not in given, f"{viewer} in {spec!r}"
            given[viewer] = answer
    if rest:
        given = {viewer: given.get(viewer, rest) for viewer in VIEWERS}
    assert set(given) == set(VIEWERS), f"{spec!r} leaves out {set(VIEWERS) - set(given)}"
    return given


def cells(rows: list[Row]) -> Iterator[Cell]:
    for row in rows:
        for state, spec in row.states.items():
            for viewer, expected in answers(spec, row.public).items():
                yield Cell(row, state, viewer, expected)


@dataclass(frozen=True)
class Opened:
    """A browser's session: its cookie and the CSRF token that goes with it."""

    cookie: tuple[str, str]
    token: str


def open_sessions(app: Flask, world: World) -> dict[str, Opened]:
    """Sign everybody in as the sign-in page does, without its password; the visitor has a session without a person."""
    return {viewer: _open(app, world.people.get(viewer)) for viewer in VIEWERS}


def _open(app: Flask, person: Person | None) -> Opened:
    with app.test_request_context("/"):
        if person is not None:
            begin(person)
            db.session.commit()
        g.pop("csrf_token", None)  # kept for the app context, which is the test's own
        token = generate_csrf()
        answer = app.response_class()
        app.session_interface.save_session(app, session, answer)  # type: ignore[arg-type]
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    return Opened((name, rest.partition(";")[0]), token)


class Runner:
    """Runs cells over one world. What a cell changes is rolled back before the next."""

    def __init__(self, app: Flask, world: World, sessions: dict[str, Opened]) -> None:
        self.app, self.world, self.sessions = app, world, sessions
        self.missing: dict[tuple[str, ...], bytes] = {}

    def run(self, cell: Cell) -> tuple[str, TestResponse]:
        """The class of the answer that this viewer gets, and the answer."""
        arguments = self.world.things.get(cell.row.kind, {}).get(cell.state, {})
        with self.app.test_request_context():
            address = url_for(cell.row.endpoint, **arguments)
        sent = cell.row.send(self.world, cell.state) if cell.row.send else {}
        return self.ask(cell.viewer, address, cell.row.method, **sent)

    def ask(self, viewer: str, address: str, method: str, **sent: Any) -> tuple[str, TestResponse]:
        """Send one request as a viewer, with that session's own CSRF token."""
        opened = self.sessions[viewer]
        client = self.app.test_client()
        client.set_cookie(*opened.cookie)
        headers = {"X-CSRFToken": opened.token, **sent.pop("headers", {})}
        answer = client.open(address, method=method, headers=headers, **sent)
        return kind_of(answer), answer

    def looks_missing(self, cell: Cell, answer: TestResponse) -> bool:
        """Whether a 404 says exactly what a thing that was never there says at the same route to the same viewer."""
        never = Cell(cell.row, "missing", cell.viewer, "404")
        if "missing" not in {*cell.row.states, *self.world.things.get(cell.row.kind, {})}:
            return True
        asked = (cell.row.endpoint, cell.row.method, cell.row.variant, cell.viewer)
        if asked not in self.missing:
            self.missing[asked] = steady(self.run(never)[1].data)
        return steady(answer.data) == self.missing[asked]


def kind_of(answer: TestResponse) -> str:
    """'ok' for 2xx and for a redirect that does not ask to sign in; 'sign-in'; else the status."""
    if answer.status_code in (302, 303) and "/sign-in?" in (answer.location or ""):
        return SIGN_IN
    return OK if answer.status_code < 400 else str(answer.status_code)


def steady(body: bytes) -> bytes:
    return VARYING.sub(rb"\1\2", body)


@contextmanager
def one_connection(app: Flask, patch: Any) -> Iterator[Callable[[], Any]]:
    """Let all requests share one connection whose transaction never commits; gives a context for one cell.

    The session joins by savepoints, so that the product's own commits and rollbacks work as they do, and go at the end.
    """
    with app.app_context():
        db.session.remove()
        with db.engine.connect() as connection:
            outer = connection.begin()
            patch.setattr(Session, "get_bind", lambda self, *args, **kwargs: connection)

            @contextmanager
            def cell() -> Iterator[None]:
                inner = connection.begin_nested()
                try:
                    yield
                finally:
                    db.session.remove()
                    if inner.is_active:
                        inner.rollback()

            try:
                yield cell
            finally:
                db.session.remove()
                outer.rollback()
