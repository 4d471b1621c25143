"""The authorisation table, whole: route x state of the thing x viewer."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from tests.authorisation import table_accounts, table_campaigns, table_ideas
from tests.authorisation.cells import Row

ROWS: list[Row] = [*table_accounts.ROWS, *table_ideas.ROWS, *table_campaigns.ROWS]


def routes(app: Flask) -> set[tuple[str, str]]:
    """Every (endpoint, method) of the app; HEAD and OPTIONS follow GET."""
    ways = ((rule.endpoint, rule.methods or set()) for rule in app.url_map.iter_rules())
    return {(endpoint, method) for endpoint, methods in ways for method in methods - {"HEAD", "OPTIONS"}}


def without_rows(app: Flask, rows: Iterable[Row] = ROWS) -> set[tuple[str, str]]:
    """Routes that nobody has said anything about."""
    return routes(app) - {row.route for row in rows}


def of_no_route(app: Flask, rows: Iterable[Row] = ROWS) -> set[tuple[str, str]]:
    """Rows of routes that are gone."""
    return {row.route for row in rows} - routes(app)
