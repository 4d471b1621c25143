"""What the database's helpers answer on both back ends."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, update

from ideabox.database import changed, upsert
from ideabox.ticks import LONG_AGO, Turn

pytestmark = pytest.mark.usefixtures("app")


def test_each_write_tells_how_many_rows_it_touched(db: Any) -> None:
    rows = [{"name": name, "at": LONG_AGO} for name in ("one", "two")]
    taken = [*rows, {"name": "three", "at": LONG_AGO}]
    insert = upsert(Turn.__table__)
    assert changed(insert.values(rows[0]).on_conflict_do_nothing()) == 1
    assert changed(insert.values(rows[0]).on_conflict_do_nothing()) == 0
    assert changed(insert.values(taken).on_conflict_do_nothing()) == 2
    assert changed(update(Turn).where(Turn.name == "none").values(at=LONG_AGO)) == 0
    assert changed(delete(Turn)) == 3
