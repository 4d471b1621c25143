"""Many rows at once, inside the running transaction: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Column, Table

from ideabox.database import Base, db

BATCH = 5000
Told = Callable[[int], None]


def insert(model: type[Base], rows: Iterable[Mapping[str, Any]], told: Told | None = None) -> int:
    """Insert rows given as mappings with the same keys; what they leave out gets the model's defaults.

    `told` is called with the number of rows of each batch, for a progress bar. Returns how many rows went in.
    """
    table: Table = model.__table__  # type: ignore[assignment]
    stream = iter(rows)
    first = next(stream, None)
    if first is None:
        return 0
    columns = [column for column in table.columns if column.name in first or column.default is not None]
    put = _copy if db.engine.dialect.name == "postgresql" else _executemany
    done = 0
    for batch in _batches(_with(first, stream)):
        put(table, columns, [_values(columns, row) for row in batch])
        done += len(batch)
        if told:
            told(len(batch))
    return done


def _with(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


def _batches(rows: Iterator[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _values(columns: Sequence[Column[Any]], row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(_encode(column, row[column.name] if column.name in row else _default(column)) for column in columns)


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    return default.arg if default.is_scalar else default.arg(None)


def _encode(column: Column[Any], value: Any) -> Any:
    return json.dumps(value) if isinstance(column.type, JSON) else value


def _copy(table: Table, columns: Sequence[Column[Any]], rows: Sequence[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column.name}"' for column in columns)
    cursor = db.session.connection().connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(row)


def _executemany(table: Table, columns: Sequence[Column[Any]], rows: Sequence[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column.name}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    cursor = db.session.connection().connection.cursor()
    # Names come from our own tables, never from a file.
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608
    cursor.executemany(statement, [tuple(_for_sqlite(value) for value in row) for row in rows])


def _for_sqlite(value: Any) -> Any:
    """Moments and days as the column types of SQLite read them back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
