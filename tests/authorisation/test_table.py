"""House test 3: each route has its rows, and each cell of the table is asked through a real client."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask

from tests.authorisation import table_accounts, table_campaigns, table_ideas
from tests.authorisation.cells import cells
from tests.authorisation.conftest import Run
from tests.authorisation.document import PAGE, text
from tests.authorisation.table import ROWS, of_no_route, without_rows
from tests.authorisation.world import VIEWERS

#: The table in pieces of about the same length, for tests that run side by side.
PIECES = {
    "accounts": table_accounts.ROWS,
    "campaigns": table_campaigns.ROWS,
    "crowd": table_ideas.CAMPAIGNS + table_ideas.TALK + table_ideas.LETTERS,
    "ideas": table_ideas.IDEAS + table_ideas.MODERATION,
}


def test_each_route_has_its_rows(app: Flask) -> None:
    assert sorted(without_rows(app)) == []


def test_each_row_has_its_route(app: Flask) -> None:
    assert sorted(of_no_route(app)) == []


def test_a_route_without_rows_turns_it_red(app: Flask) -> None:
    assert without_rows(app, [row for row in ROWS if row.endpoint != "deck.vote"]) >= {("deck.vote", "POST")}


def test_the_pieces_are_the_table() -> None:
    assert Counter(map(id, ROWS)) == Counter(id(row) for rows in PIECES.values() for row in rows)
    assert len(list(cells(ROWS))) == sum(len(row.states) for row in ROWS) * len(VIEWERS)


@pytest.mark.parametrize("piece", PIECES)
def test_every_cell_answers_as_the_table_says(run: Run, piece: str) -> None:
    rows = PIECES[piece]
    mismatches = run(rows)
    routes, asked = len({row.route for row in rows}), len(list(cells(rows)))
    print(f"authorisation, {piece}: {routes} routes, {asked} cells, {len(mismatches)} mismatches")
    assert not mismatches, "\n".join(mismatches)


def test_the_page_for_people_says_the_same() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run: python -m tests.authorisation.document"
