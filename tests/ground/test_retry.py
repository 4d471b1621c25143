"""Transactions that the database gave up in favour of another are done again; other failures are not."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from ideabox.clock import now
from ideabox.database import upsert
from ideabox.retry import TRIES, again
from ideabox.ticks import LONG_AGO, Turn


class Given(Exception):
    """What a driver raises, with PostgreSQL's five characters."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "failures", "calls", "ends_well"),
    [
        ("40P01", 1, 2, True),
        ("40001", TRIES - 1, TRIES, True),
        ("40P01", TRIES, TRIES, False),
        ("55P03", 1, 1, False),
    ],
)
@pytest.mark.usefixtures("app")
def test_only_a_transaction_that_was_given_up_is_done_again(
    sqlstate: str, failures: int, calls: int, ends_well: bool
) -> None:
    called = 0

    def work() -> str:
        nonlocal called
        called += 1
        if called <= failures:
            raise OperationalError("UPDATE", {}, Given(sqlstate))
        return "done"

    if ends_well:
        assert again(work) == "done"
    else:
        with pytest.raises(OperationalError):
            again(work)
    assert called == calls


def test_two_transactions_in_each_others_way_both_end_well(app: Flask, db: Any, backend: Any) -> None:
    if backend.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: nobody can be in each other's way")
    db.session.execute(upsert(Turn.__table__).values([{"name": name, "at": LONG_AGO} for name in ("one", "two")]))
    db.session.commit()
    both_hold = threading.Barrier(2)
    tries: list[str] = []

    def hold_both(first: str, second: str) -> None:
        def work() -> None:
            tries.append(first)
            db.session.execute(update(Turn).where(Turn.name == first).values(at=now()))
            if len(tries) <= 2:
                both_hold.wait(10)
            db.session.execute(update(Turn).where(Turn.name == second).values(at=now()))
            db.session.commit()

        with app.app_context():
            again(work)

    threads = [threading.Thread(target=hold_both, args=names) for names in (("one", "two"), ("two", "one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(tries) == 3
    assert all(at > LONG_AGO for at in db.session.scalars(select(Turn.at)))
