"""Fixtures of the authorisation table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.authorisation.cells import Cell, Row, Runner, cells, one_connection, open_sessions
from tests.authorisation.world import VISITOR, build, keep_files

Run = Callable[[list[Row]], list[str]]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run rows over one company; gives a sentence for each mismatch."""
    world = build()
    asked = Runner(app, world, open_sessions(app, world))
    with one_connection(app, monkeypatch) as held:

        def mismatches(rows: list[Row]) -> list[str]:
            asked.missing.clear()
            return [told for cell in cells(rows) if (told := _ask(asked, cell, held))]

        yield mismatches


def _ask(runner: Runner, cell: Cell, held: Any) -> str:
    """Ask one cell; what is wrong with the answer, or ''."""
    keep_files(runner.world)
    if cell.row.public:
        for limiter in runner.app.extensions["limiter"]:
            limiter.reset()
    with held():
        try:
            got, answer = runner.run(cell)
        except Exception as fault:
            return f"{cell}: {type(fault).__name__} {fault}"
    if got != cell.expected:
        return f"{cell}: {got}, not {cell.expected}"
    with held():
        if got == "404" and cell.viewer != VISITOR and not runner.looks_missing(cell, answer):
            return f"{cell}: the 404 tells that something is there"
    return ""
