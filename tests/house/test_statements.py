"""House test 7: a page sends the database the same number of statements for few rows and for many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from ideabox.database import db
from ideabox.ideas.models.idea import Idea
from tests.authorisation.cells import OK, Cell, Row, Runner, answers, open_sessions
from tests.authorisation.growth import grow
from tests.authorisation.table import ROWS
from tests.authorisation.world import VISITOR, build

FEW, MANY = 10, 200
#: What a page may cost at most, as (endpoint, method, state): statements, the one for the viewer included.
BUDGETS = {
    ("campaigns.show", "GET", "open"): 6,
    ("campaigns.show", "GET", "voting"): 6,
    ("ideas.index", "GET", ""): 6,
    ("ideas.show", "GET", "open"): 8,
    ("ideas.show", "GET", "voting"): 8,
    ("ideas.show", "GET", "deciding"): 8,
    ("deck.show", "GET", "voting"): 6,
    ("deck.vote", "POST", "voting"): 6,
    ("ideas.write", "POST", "open"): 10,
    ("decide.show", "GET", "deciding"): 10,
}


@dataclass
class Counter:
    """Statements seen since `zero`."""

    seen: list[str]

    def zero(self) -> None:
        self.seen.clear()


@contextmanager
def counting() -> Iterator[Counter]:
    """Hear every statement that reaches the database; begin, commit and savepoints are no statements."""
    counter = Counter([])

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")):
            counter.seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield counter
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


def readers(row: Row) -> Iterator[Cell]:
    """One cell for each state that somebody who has signed in is shown: the first such viewer."""
    for state, spec in row.states.items():
        shown = [viewer for viewer, answer in answers(spec, row.public).items() if answer == OK and viewer != VISITOR]
        if shown:
            yield Cell(row, state, shown[0], OK)


def cost(runner: Runner, counter: Counter, cell: Cell) -> int:
    """Statements of one request, after a first one that may fill caches."""
    for _time in range(2 if cell.row.method == "GET" else 1):
        counter.zero()
        got, _answer = runner.run(cell)
        assert got == OK, f"{cell}: {got}"
    return len(counter.seen)


def different(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Pages whose number of statements has changed."""
    return [f"{page}: {count} statements, then {after[page]}" for page, count in before.items() if count != after[page]]


@pytest.fixture
def runner(app: Flask) -> Runner:
    world = build()
    return Runner(app, world, open_sessions(app, world))


def test_pages_cost_the_same_for_few_rows_and_for_many(runner: Runner) -> None:
    cells = [cell for row in ROWS if row.method == "GET" for cell in readers(row)]
    grow(runner.world, FEW)
    with counting() as counter:
        few = {str(cell): cost(runner, counter, cell) for cell in cells}
        grow(runner.world, MANY - FEW)
        many = {str(cell): cost(runner, counter, cell) for cell in cells}
    assert len(cells) > 80
    assert not (changed := different(few, many)), "\n".join(changed)


def test_the_dear_pages_keep_their_budgets(runner: Runner) -> None:
    grow(runner.world, FEW)
    over = []
    with counting() as counter:
        for (endpoint, method, state), most in BUDGETS.items():
            row = next(row for row in ROWS if row.route == (endpoint, method) and state in row.states)
            viewer = "sponsor" if endpoint.startswith("decide") else "employee"
            count = cost(runner, counter, Cell(row, state, viewer, OK))
            if count > most:
                over.append(f"{endpoint} [{state}]: {count} statements, {most} allowed: " + " | ".join(counter.seen))
    assert not over, "\n".join(over)


def test_a_statement_for_each_row_turns_it_red(app: Flask, runner: Runner) -> None:
    def careless() -> int:
        found = db.session.scalars(select(Idea.id)).all()
        return len([db.session.scalar(select(Idea.title).where(Idea.id == each)) for each in found])

    with counting() as counter:
        careless()
        few = {"page": len(counter.seen)}
        grow(runner.world, FEW)
        counter.zero()
        careless()
        assert different(few, {"page": len(counter.seen)})
