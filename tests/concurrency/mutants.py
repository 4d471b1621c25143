"""The product with one guard taken out, to see that the checks of this folder notice.

Served as `tests.concurrency.mutants:create_app()`, with the mutation's name in MUTANT. Not part of the product.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import and_, insert, select, true, update

from ideabox import clock, database
from ideabox.database import db
from ideabox.ideas.actions import vote as vote_action
from ideabox.ideas.actions import vote_statements
from ideabox.ideas.models.vote import Vote
from ideabox.ideas.queries import votes


def create_app() -> Flask:
    from wsgi import create_app as create

    MUTATIONS[os.environ["MUTANT"]]()
    return create()


def check_then_insert() -> None:
    """Votes are looked for and then inserted, as if a check in code were enough; the unique index is gone as well."""

    def write(viewer: Any, idea: Any, value: int, surface: str) -> int | None:
        mine = and_(Vote.idea_id == idea.id, Vote.voter_id == viewer.id)
        before = db.session.scalar(select(Vote.value).where(mine).limit(1))
        fresh = {"value": value, "surface": surface, "cast_at": clock.now(), "previous": before}
        if before is None:
            whose = {"campaign_id": idea.campaign_id, "idea_id": idea.id, "voter_id": viewer.id}
            db.session.execute(insert(Vote).values(**whose, **fresh))
        else:
            db.session.execute(update(Vote).where(mine).values(**fresh))
        return before

    vote_action._write = write


def no_guard() -> None:
    """The ballot's row takes whatever is added to it."""
    vote_statements.within_budget = true  # type: ignore[assignment]


def counted_budget() -> None:
    """The budget is counted in code before the ballot's row is written."""
    move = vote_action._move_ballot

    def counted(viewer: Any, idea: Any, change: Any, value: Any, *, is_new: bool) -> Any:
        ballot = vote_action._ballot_now(viewer, idea)
        if change.goods > 0 and ballot.goods + change.goods > idea.good_limit:
            raise vote_action._no_room(viewer, idea, value)
        return move(viewer, idea, change, value, is_new=is_new)

    vote_action._move_ballot = counted
    no_guard()


def deferred() -> None:
    """SQLite begins every transaction as a reader."""
    database._begin = lambda connection: connection.exec_driver_sql("BEGIN") and None  # type: ignore[assignment]


def no_shared_lock() -> None:
    """A vote looks at the phase without holding it."""
    build = votes._votable
    votes._votable = lambda viewer: _free(build(viewer))


def _free(statement: Any) -> Any:
    statement._for_update_arg = None
    return statement


def nothing() -> None:
    """The product as it is: what the checks must call sound."""


MUTATIONS: dict[str, Callable[[], None]] = {
    mutation.__name__: mutation
    for mutation in (check_then_insert, no_guard, counted_budget, deferred, no_shared_lock, nothing)
}
