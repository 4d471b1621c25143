"""The database: base class, column types, and the ways in which SQLite must be spoken to."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CursorResult, DateTime, Dialect, Engine, Executable, MetaData, String, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from ideabox import clock
from ideabox.ids import new_uid

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: Whether the transaction about to begin may write. Pages only read; everything else may write.
writing: ContextVar[bool] = ContextVar("writing", default=True)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC on every back end; naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Address(TypeDecorator[str]):
    """A uid. What cannot be one names nothing: PostgreSQL would refuse a zero byte with an error of its own."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return "" if value is not None and "\0" in value else value


class Base(DeclarativeBase):
    """Parent of all models; names of constraints are fixed so that migrations can speak of them."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UtcDateTime()})


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

Key = Annotated[int, mapped_column(primary_key=True)]
Uid = Annotated[str, mapped_column(Address(), unique=True, default=new_uid)]
Moment = Annotated[datetime, mapped_column(default=clock.now)]
Short = Annotated[str, mapped_column(String(200))]
Word = Annotated[str, mapped_column(String(40))]


def install(app: Flask) -> None:
    """Bind the database to the app and teach each SQLite connection its manners."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _teach_sqlite(db.engine)


def _teach_sqlite(engine: Engine) -> None:
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver's own transactions leave reads outside them: updates were lost (docs/reliability.md).
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A deferred transaction that writes after reading fails at once under load, whatever the timeout.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def end_reading() -> None:
    """End a page's transaction by a commit that changes nothing.

    After a rollback psycopg forgets the statements it has prepared, and PostgreSQL plans every page anew: that costs as
    much again as running them.
    """
    if db.session.registry.has() and db.session().in_transaction():
        db.session.expunge_all()
        db.session.commit()


def changed(statement: Executable) -> int:
    """Execute a write and say how many rows it touched: the answer of every guarded update."""
    # Without the option an INSERT on PostgreSQL says -1, whether or not it found its place taken.
    done = db.session.execute(statement, execution_options={"preserve_rowcount": True})
    return cast("CursorResult[Any]", done).rowcount


def upsert(table: Any) -> Any:
    """INSERT for this database with `on_conflict_do_update` and `on_conflict_do_nothing`."""
    on_postgresql = db.engine.dialect.name == "postgresql"
    return postgresql_insert(table) if on_postgresql else sqlite_insert(table)
