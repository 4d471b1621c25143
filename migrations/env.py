"""Alembic's surroundings: the app's own engine and tables, one transaction for the whole step up."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import text
from sqlalchemy.engine import Connection

from ideabox.database import Base, db

LOCK_WAIT = "4s"


def include_object(_item: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Leave out what the full-text index keeps for itself."""
    return not (kind == "table" and name is not None and name.startswith("search_"))


def run(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET lock_timeout = '{LOCK_WAIT}'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=include_object,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations are run against a database, not written to a file")

with current_app.app_context(), db.engine.connect() as live:
    run(live)
