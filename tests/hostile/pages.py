"""The forms of the product as they stand in its pages: read, filled with what is there, sent as raw bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_plus, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.authorisation.cells import OK, Cell, Row, Runner, answers
from tests.authorisation.table import ROWS
from tests.authorisation.world import VISITOR
from tests.services.forms import Form, read_forms, urljoin

SENT_AS_FORM = "application/x-www-form-urlencoded"
#: What the product writes into a form for itself; hostile values of these are tried too, but never come back as text.
OWN = {"csrf_token", "client_key"}


@dataclass(frozen=True)
class Found:
    """A form in the page that a viewer reads, and the route it goes to."""

    page: Cell
    address: str
    route: tuple[str, str]
    form: Form
    typed: frozenset[str] = field(default=frozenset())

    @property
    def fields(self) -> list[str]:
        return sorted(self.form.names - OWN)

    def __str__(self) -> str:
        return f"{self.route[1]} {self.route[0]} from {self.page}"


class _Typed(HTMLParser):
    """Names of the fields into which people type words."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = given.get("type") or "text"
        if tag == "textarea" or (tag == "input" and kind in {"text", "search", "email", "url", "tel"}):
            self.names.add(given.get("name") or "")


def readers(rows: list[Row], every: bool = False) -> Iterator[Cell]:
    """For each page in each state, the first viewer who is shown it, visitors last; with `every`, all of them."""
    for row in rows:
        for state, spec in row.states.items() if row.method == "GET" else ():
            shown = [viewer for viewer, answer in answers(spec, row.public).items() if answer == OK]
            shown.sort(key=lambda viewer: viewer == VISITOR)
            yield from (Cell(row, state, viewer, OK) for viewer in (shown if every else shown[:1]))


def find_forms(runner: Runner) -> list[Found]:
    """Every form of every page, once for each route, set of fields and viewer's page that first shows it."""
    found: dict[Any, Found] = {}
    for cell in [*readers(ROWS), *_visitors()]:
        got, page = runner.run(cell)
        if got != OK or not (page.content_type or "").startswith("text/html") or page.status_code != 200:
            continue
        typed = _Typed()
        typed.feed(page.text)
        for form in read_forms(page.text):
            address = urljoin(page.request.path, form.action) if form.action else page.request.full_path
            route = route_of(runner.app, address, form.method.upper())
            if route is not None:
                names = frozenset(form.names)
                found.setdefault((route, names), Found(cell, address, route, form, frozenset(typed.names)))
    return list(found.values())


def _visitors() -> Iterator[Cell]:
    """The pages of visitors, whose forms somebody who has signed in is not shown."""
    for row in ROWS:
        if row.public and row.method == "GET":
            yield from (Cell(row, state, VISITOR, OK) for state in row.states)


def route_of(app: Flask, address: str, method: str) -> tuple[str, str] | None:
    """The endpoint that a form goes to; None when there is none."""
    try:
        endpoint, _arguments = app.url_map.bind("localhost").match(urlsplit(address).path, method=method)
    except HTTPException:
        return None
    return endpoint, method


def body(pairs: list[tuple[str, bytes]]) -> bytes:
    """Fields as a browser would write them, but for bytes that no browser would send."""
    return b"&".join(quote_plus(name).encode() + b"=" + quote_plus(value).encode() for name, value in pairs)


def filled(form: Form, changes: dict[str, bytes] | None = None) -> list[tuple[str, bytes]]:
    """What the form holds, with changes, without the first token: the runner sends its own."""
    changes = changes or {}
    kept = [(name, str(value).encode()) for name, value in form.fields.items(multi=True) if name not in changes]
    return [pair for pair in [*kept, *changes.items()] if pair[0] != "csrf_token"]


def send(runner: Runner, found: Found, pairs: list[tuple[str, bytes]]) -> TestResponse:
    """Send a form as the viewer of its page."""
    sent = body(pairs)
    if found.route[1] == "GET":
        separator = "&" if "?" in found.address else "?"
        return runner.ask(found.page.viewer, f"{found.address}{separator}{sent.decode()}", "GET")[1]
    return runner.ask(found.page.viewer, found.address, "POST", data=sent, content_type=SENT_AS_FORM)[1]
