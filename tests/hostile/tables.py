"""What a request did to the database: every row of every table, before and after."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ideabox.database import db

Rows = dict[str, dict[Any, dict[str, Any]]]
#: Columns whose value says whose a row is and how far it may go; compared by value, not only by name.
GUARDED = {
    "active",
    "author_id",
    "campaign_id",
    "hidden_at",
    "idea_id",
    "is_admin",
    "is_leadership",
    "is_moderator",
    "is_talent",
    "kind",
    "outcome",
    "owner_id",
    "person_id",
    "phase",
    "privacy",
    "resolution",
    "role",
    "sponsor_id",
    "stage",
    "value",
    "voter_id",
}


def rows() -> Rows:
    """All rows by table and primary key."""
    found: Rows = {}
    for table in db.metadata.sorted_tables:
        keys = [column.name for column in table.primary_key]
        result = db.session.execute(select(table)).mappings()
        found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in result}
    db.session.rollback()
    return found


def changes(before: Rows, after: Rows) -> Counter[str]:
    """What differs: rows added and removed, columns changed, guarded columns with their values."""
    told: Counter[str] = Counter()
    for table, now in after.items():
        was = before[table]
        for key in was.keys() - now.keys():
            told[f"{table} removed {_guarded(before, table, was[key])}"] += 1
        for key in now.keys() - was.keys():
            told[f"{table} added {_guarded(before, table, now[key])}"] += 1
        for key in now.keys() & was.keys():
            for name, value in now[key].items():
                if was[key][name] != value:
                    words = f" to {_told(before, table, name, value)}" if name in GUARDED else ""
                    told[f"{table}.{name} changed{words}"] += 1
    return told


def _guarded(before: Rows, table: str, row: dict[str, Any]) -> str:
    named = sorted((name, value) for name, value in row.items() if name in GUARDED)
    return ", ".join(f"{name}={_told(before, table, name, value)}" for name, value in named)


def _told(before: Rows, table: str, name: str, value: Any) -> Any:
    """Moments and the numbers of new rows differ from request to request; whether there is one does not."""
    if isinstance(value, datetime):
        return "a moment"
    keys = db.metadata.tables[table].columns[name].foreign_keys
    # Events keep the numbers of what they tell of without being bound to it.
    of = next((key.column.table.name for key in keys), name.removesuffix("_id") if name.endswith("_id") else "")
    return "a new one" if value is not None and of in before and (value,) not in before[of] else value
