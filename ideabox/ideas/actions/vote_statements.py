"""The statements that a vote writes with, made once; docs/architecture.md says why each is as it is."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, update

from ideabox.database import db, upsert
from ideabox.ideas.models.idea import IdeaTally
from ideabox.ideas.models.vote import Ballot, Vote
from ideabox.ideas.queries.ballots import COUNTS

MOVED = ("agrees", "bests", "passes", "disagrees", "shows", "readers")


def put() -> Any:
    """Upsert of an answer, returning the one it replaced (NULL for none): the old value is read where it is changed."""
    return _put(db.engine.dialect.name)


def open_ballot() -> Any:
    """Guarded upsert of a ballot by a first answer, returning its counts; no row when the budget does not allow it."""
    return _open_ballot(db.engine.dialect.name)


@cache
def _put(_dialect: str) -> Any:
    names = ("campaign_id", "idea_id", "voter_id", "value", "surface", "cast_at")
    row = upsert(Vote.__table__).values({name: bindparam(name) for name in names})
    changed = {name: row.excluded[name] for name in ("value", "surface", "cast_at")}
    row = row.on_conflict_do_update(index_elements=["idea_id", "voter_id"], set_={"previous": Vote.value, **changed})
    return row.returning(Vote.previous)


@cache
def _open_ballot(_dialect: str) -> Any:
    first: dict[str, Any] = {name: bindparam(f"more_{name}") for name in ("answers", "goods", "bests")}
    whose: dict[str, Any] = {"campaign_id": bindparam("campaign"), "person_id": bindparam("person")}
    row = upsert(Ballot.__table__).values(**whose, **first, changed_at=bindparam("now"))
    keys = ["campaign_id", "person_id"]
    return row.on_conflict_do_update(index_elements=keys, set_=_moved(), where=within_budget()).returning(*COUNTS)


@cache
def move_ballot() -> Any:
    """Guarded update of a ballot by a change of answer; the same return."""
    mine = and_(Ballot.campaign_id == bindparam("campaign"), Ballot.person_id == bindparam("person"))
    return update(_table(Ballot)).where(mine, within_budget()).values(_moved()).returning(*COUNTS)


def within_budget() -> ColumnElement[bool]:
    """Condition on Ballot under which the change fits; giving less always does."""
    more_goods: Any = bindparam("more_goods")
    more_bests: Any = bindparam("more_bests")
    return and_(
        or_(more_goods <= 0, Ballot.goods + more_goods <= bindparam("good_limit")),
        or_(more_bests <= 0, Ballot.bests + more_bests <= bindparam("best_limit")),
    )


def _table(model: Any) -> Any:
    """The model's table: statements on it pass the ORM by."""
    return model.__table__


def _moved() -> dict[str, Any]:
    counted = {name: getattr(Ballot, name) + bindparam(f"more_{name}") for name in ("answers", "goods", "bests")}
    return {**counted, "changed_at": bindparam("now")}


@cache
def move_tally() -> Any:
    """Update of an idea's counts by what changed."""
    moved = {name: getattr(IdeaTally, name) + bindparam(f"more_{name}") for name in MOVED}
    return update(_table(IdeaTally)).where(IdeaTally.idea_id == bindparam("idea")).values(moved)
