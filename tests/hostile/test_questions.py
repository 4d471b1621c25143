"""Hostile addresses, requests without their token, and reading that should change nothing."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterator
from typing import Any

from flask import Flask

from ideabox.ids import new_uid
from tests.authorisation.cells import OK, Cell, Row, Runner, answers
from tests.authorisation.table import ROWS
from tests.authorisation.world import VISITOR
from tests.hostile import tables
from tests.hostile.conftest import FULL, Field
from tests.hostile.corpus import SHARPEST, corpus
from tests.hostile.pages import body, readers

SAFE = ("GET", "HEAD", "OPTIONS")
SAMPLE = 4
#: What a hostile hand adds to a form: columns, roles, nested and doubled names.
EXTRAS = [
    *(("id", b"1"), ("uid", b"22222222222222"), ("author_id", b"1"), ("person_id", b"1"), ("voter_id", b"1")),
    *(("is_admin", b"1"), ("roles", b"admin"), ("role", b"sponsor"), ("stage", b"delivered"), ("phase", b"closed")),
    *(("campaign_id", b"1"), ("outcome", b"accepted"), ("hidden_at", b"2026-01-01"), ("value", b"2")),
    *(("person[is_admin]", b"1"), ("viewer.is_admin", b"1"), ("__proto__", b"1"), ("idea-0-stage", b"delivered")),
]


def asked_names(app: Flask) -> dict[str, list[str]]:
    """For each endpoint the names that its module reads from the query."""
    found = {}
    for endpoint, view in app.view_functions.items():
        module = inspect.getmodule(inspect.unwrap(view))
        found[endpoint] = _query_names(inspect.getsource(module)) if module else []
    return found


def _query_names(source: str) -> list[str]:
    names = {"page", "q", "after"}
    for node in ast.walk(ast.parse(source)):
        reads = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("request.args.")
        if reads and node.args and isinstance(node.args[0], ast.Constant):
            names.add(str(node.args[0].value))
    return sorted(names)


def test_no_query_breaks_a_page(ground: Field) -> None:
    runner, names = ground.runner, asked_names(ground.runner.app)
    everything, faults, asked = corpus(), [], 0
    more = itertools.cycle(everything)
    pages = {cell.row.endpoint: cell for cell in readers(ROWS)} if not FULL else {}
    for cell in pages.values() or readers(ROWS):
        for name in names[cell.row.endpoint]:
            for text in everything if FULL else [*SHARPEST[:3], *itertools.islice(more, SAMPLE)]:
                ground.clean()
                asked += 1
                if fault := _ask(runner, ground, cell, [(name, text)]):
                    faults.append(f"{cell}, ?{name}={text[:60]!r}: {fault}")
    print(f"hostile queries: {len(pages)} pages, {asked} answers, {len(faults)} faults")
    assert not faults, "\n".join(faults)


def _ask(runner: Runner, ground: Field, cell: Cell, pairs: list[tuple[str, bytes]]) -> str:
    with ground.held():
        try:
            address = f"{_address(runner, cell)}?{body(pairs).decode()}"
            answer = runner.ask(cell.viewer, address, "GET")[1]
        except Exception as fault:
            return f"{type(fault).__name__}: {str(fault)[:200]}"
    return str(answer.status_code) if answer.status_code >= 500 else ""


def _address(runner: Runner, cell: Cell) -> str:
    from flask import url_for

    with runner.app.test_request_context():
        return url_for(cell.row.endpoint, **runner.world.things.get(cell.row.kind, {}).get(cell.state, {}))


def test_reading_changes_no_row(runner: Runner) -> None:
    before = tables.rows()
    cells = list(readers(ROWS, every=True))
    for cell in cells:
        runner.run(cell)
    assert len(cells) > 700
    assert tables.changes(before, tables.rows()) == {}


def unsafe() -> Iterator[tuple[Row, Cell]]:
    """Each unsafe route once, by somebody who may use it."""
    seen = set()
    for row in ROWS:
        for state, spec in row.states.items():
            able = [viewer for viewer, answer in answers(spec, row.public).items() if answer == OK]
            if row.method not in SAFE and able and row.route not in seen:
                seen.add(row.route)
                able.sort(key=lambda viewer: viewer == VISITOR)
                yield row, Cell(row, state, able[0], OK)


def test_no_unsafe_request_passes_without_its_token(ground: Field) -> None:
    runner, passed = ground.runner, []
    before, asked = tables.rows(), list(unsafe())
    for row, cell in asked:
        sent = row.send(runner.world, cell.state) if row.send else {}
        for words, headers in _wrong_tokens(runner, cell):
            ground.clean()
            with ground.held():
                answer = runner.ask(cell.viewer, _address(runner, cell), row.method, **{**sent, "headers": headers})[1]
                db_changed = tables.changes(before, tables.rows())
            if answer.status_code != 400 or db_changed:
                passed.append(f"{cell} {words}: {answer.status_code} {dict(db_changed)}")
            sent = row.send(runner.world, cell.state) if row.send else {}
    assert len(asked) > 50
    assert not passed, "\n".join(passed)


def _wrong_tokens(runner: Runner, cell: Cell) -> list[tuple[str, dict[str, str]]]:
    other = next(opened for viewer, opened in runner.sessions.items() if viewer != cell.viewer)
    return [("without a token", {"X-CSRFToken": ""}), ("with another's token", {"X-CSRFToken": other.token})]


def test_text_that_pretends_to_be_a_form_is_refused(ground: Field) -> None:
    """What another site may send without asking first: text/plain with anything in it."""
    runner = ground.runner
    for row, cell in unsafe():
        ground.clean()
        plain: dict[str, Any] = {"data": b'{"a": "=1"}', "content_type": "text/plain", "headers": {"X-CSRFToken": ""}}
        with ground.held():
            assert runner.ask(cell.viewer, _address(runner, cell), row.method, **plain)[1].status_code == 400, str(cell)


def test_extra_doubled_and_nested_fields_change_nothing_more(ground: Field) -> None:
    """The rows that a sound request changes are those that it changes with hostile fields beside its own."""
    runner, faults = ground.runner, []
    before = tables.rows()
    for row, cell in unsafe():
        if not row.send or row.endpoint in ("admin.import_file", "accounts.settings_security"):
            continue
        plain, extra = (_changed(ground, before, cell, extras) for extras in ([], EXTRAS))
        if plain != extra:
            faults.append(f"{cell}: {dict(extra - plain)} instead of {dict(plain - extra)}")
    assert runner
    assert not faults, "\n".join(faults)


def _changed(ground: Field, before: tables.Rows, cell: Cell, extras: list[tuple[str, bytes]]) -> Any:
    runner = ground.runner
    sent = cell.row.send(runner.world, cell.state) if cell.row.send else {}
    data = sent.pop("data", {})
    fields = [(name, str(value).encode()) for name, values in data.items() for value in _several(values)]
    own = set(data)
    # Doubled: the first value counts, so the product's own stands first.
    doubled = [(name, new_uid().encode()) for name in sorted({name for name, _value in fields})] if extras else []
    pairs = [*fields, *(pair for pair in extras if pair[0] not in own), *doubled]
    ground.clean()
    with ground.held():
        form = {"data": body(pairs), "content_type": "application/x-www-form-urlencoded"}
        runner.ask(cell.viewer, _address(runner, cell), cell.row.method, **sent, **form)
        return tables.changes(before, tables.rows())


def _several(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]
