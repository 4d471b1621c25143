"""What is stored is shown as text: no script of it runs, no policy is broken, no spreadsheet computes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import url_for

from tests.authorisation.cells import OK, Cell, Runner, open_sessions
from tests.authorisation.table import ROWS
from tests.authorisation.world import VISITOR, build
from tests.hostile.pages import readers
from tests.hostile.poison import POISON, RUN, spread
from tests.services.backend import Backend

TRAP = "window.trap = () => window.reportFault('a stored script has run at ' + location.pathname)"
FORMULAS = ("=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1")


def addresses(runner: Runner) -> list[tuple[Cell, str]]:
    """Every page in each state, by the first who may read it."""
    found = []
    for cell in readers(ROWS):
        arguments = runner.world.things.get(cell.row.kind, {}).get(cell.state, {})
        with runner.app.test_request_context():
            found.append((cell, url_for(cell.row.endpoint, **arguments)))
    return found


def test_no_stored_script_runs(
    backend: Backend, new_page: Callable[..., Any], live_server: Any, runner: Runner
) -> None:
    """`new_page` fails the test on each violation of the policy, each error of the console, each sprung trap."""
    if backend.name != "sqlite":
        pytest.skip("what a browser runs does not depend on the database")
    assert spread(POISON) > 60
    pages, visited, poisoned = {}, 0, 0
    for cell, address in addresses(runner):
        if cell.viewer not in pages:
            pages[cell.viewer] = _opened(new_page, runner, cell.viewer, live_server.url)
        answer = pages[cell.viewer].request.head(address) if cell.row.endpoint == "static" else None
        if answer is None and _is_page(runner, cell):
            pages[cell.viewer].goto(address, wait_until="load")
            visited += 1
            shown = pages[cell.viewer].content()
            poisoned += "trap()" in shown
            assert RUN not in shown, f"{address} computes what is stored"
    assert visited > 80
    assert poisoned > 70, f"only {poisoned} of {visited} pages show what was stored"


def _opened(new_page: Callable[..., Any], runner: Runner, viewer: str, url: str) -> Any:
    page = new_page()
    page.context.add_init_script(TRAP)
    if viewer != VISITOR:
        name, value = runner.sessions[viewer].cookie
        page.context.add_cookies([{"name": name, "value": value, "url": url}])
    return page


def _is_page(runner: Runner, cell: Cell) -> bool:
    got, answer = runner.run(cell)
    assert got == OK, f"{cell}: {got}"
    return answer.status_code == 200 and (answer.content_type or "").startswith("text/html")


def test_a_sprung_trap_is_heard(new_page: Callable[..., Any], live_server: Any) -> None:
    page = new_page()
    heard: list[str] = []
    page.expose_function("heard", lambda word: heard.append(word))
    page.add_init_script("window.trap = () => window.heard('sprung')")
    page.goto("/sign-in")
    page.evaluate("trap()")
    assert heard == ["sprung"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_an_export_starts_a_formula(app: Any, formula: str) -> None:
    world = build()
    runner = Runner(app, world, open_sessions(app, world))
    spread(formula + " said somebody")
    tables = [answer for cell in _exports() if (answer := _table(runner, cell))]
    assert len(tables) >= 4
    cells = [cell for table in tables for row in csv.reader(io.StringIO(table)) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _is_number(cell)] == []
    assert any("said somebody" in cell for cell in cells), "the exports hold none of the words"


def _exports() -> list[Cell]:
    named = [cell for cell in readers(ROWS) if cell.row.endpoint.endswith(("_csv", "_template"))]
    posted = next(row for row in ROWS if row.endpoint == "admin.export_people")
    return [*named, Cell(posted, "", "admin", OK)]


def _table(runner: Runner, cell: Cell) -> str:
    got, answer = runner.run(cell)
    assert got == OK, f"{cell}: {got}"
    assert (answer.content_type or "").startswith("text/csv")
    return answer.get_data().decode("utf-8-sig")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
