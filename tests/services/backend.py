"""A back end for the tests: a database, with or without a Valkey, and the app over it; quick to make empty again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from tests.services import postgresql, valkey

ROOT = Path(__file__).parents[2]
# Emptying only what holds rows takes milliseconds; TRUNCATE of all tables makes each of their files anew.
EMPTY = """
DO $$ DECLARE name text; found boolean; counter text; BEGIN
FOREACH name IN ARRAY ARRAY[{names}] LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO found;
    CONTINUE WHEN NOT found;
    EXECUTE format('SELECT count(*) > 2000 FROM (SELECT FROM %I LIMIT 2001) AS many', name) INTO found;
    EXECUTE format(CASE WHEN found THEN 'TRUNCATE %I CASCADE' ELSE 'DELETE FROM %I' END, name);
    FOR counter IN SELECT pg_get_serial_sequence(quote_ident(name), attname) FROM pg_attribute
        WHERE attrelid = quote_ident(name)::regclass AND attnum > 0 AND NOT attisdropped LOOP
        IF counter IS NOT NULL THEN PERFORM setval(counter, 1, false); END IF;
    END LOOP;
END LOOP; END $$
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
SECRET_KEY = "only-for-tests-" * 3
MEMORY = Path("/dev/shm")


@dataclass
class Backend:
    """One database address, one data folder, one app."""

    name: str
    database_url: str
    redis_url: str
    folder: Path
    app: Flask = None  # type: ignore[assignment]

    def build(self, **overrides: Any) -> Flask:
        """Make an app over this back end; background work waits for the test to ask for it."""
        from ideabox.settings import load
        from wsgi import create_app

        chosen = {
            "testing": True,
            "background": False,
            "secret_key": SECRET_KEY,
            "database_url": self.database_url,
            "redis_url": self.redis_url,
            "data_dir": self.folder / "data",
        }
        return create_app(load(**(chosen | overrides)))

    def environment(self) -> dict[str, str]:
        """The same settings for a process of its own, where nothing is set for testing."""
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "IDEABOX_DATA_DIR": str(self.folder / "data"),
            "IDEABOX_SECRET_KEY": SECRET_KEY,
            "IDEABOX_BACKGROUND": "0",
        }

    def make_schema(self) -> None:
        """Run the migrations once; for SQLite, keep a copy of the file they leave."""
        from flask_migrate import Migrate, upgrade

        from ideabox.database import db

        Migrate(self.app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
        with self.app.app_context():
            upgrade()
            db.engine.dispose()
        if self.name == "sqlite":
            shutil.copyfile(self._file, self._template)

    def clean(self) -> None:
        """Make database, Valkey and data folder empty."""
        self.settle()
        if self.name == "sqlite":
            self._copy_template()
        else:
            self._empty()
        if self.redis_url:
            _flush(self.redis_url)
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        (self.folder / "data").mkdir()
        _forget_limits(self.app)

    def settle(self) -> None:
        """Close what the last test left open."""
        from ideabox.database import db

        with self.app.app_context():
            db.session.remove()
            if self.name == "sqlite":
                db.engine.dispose()

    @property
    def _file(self) -> Path:
        return self.folder / "ideabox.sqlite"

    @property
    def _template(self) -> Path:
        return self.folder / "template.sqlite"

    def _copy_template(self) -> None:
        for suffix in ("-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._template, self._file)

    def _empty(self) -> None:
        """Delete all rows, those that refer to others first."""
        from ideabox.database import db

        with self.app.app_context(), db.engine.begin() as connection:
            known = [table.name for table in reversed(db.metadata.sorted_tables)]
            found = connection.exec_driver_sql(TABLES).scalars().all()
            names = [*sorted(set(found) - set(known)), *(name for name in known if name in found)]
            listed = ", ".join(f"'{name}'" for name in names)
            connection.exec_driver_sql(EMPTY.format(names=listed).replace("%", "%%"))


def _number(worker: str) -> int:
    """The number of a parallel worker: 0 for "master" and "gw0", 1 for "gw1"."""
    return int(worker.removeprefix("gw")) if worker.startswith("gw") else 0


def _flush(url: str) -> None:
    from redis import Redis

    with Redis.from_url(url) as connection:
        connection.flushdb()


def _forget_limits(app: Flask) -> None:
    """Forget the attempts that the rate limits counted in an earlier test."""
    for limiter in app.extensions.get("limiter", ()):
        limiter.reset()


@contextmanager
def open_backend(name: str, worker: str) -> Iterator[Backend]:
    """Start what a back end needs; everything is stopped and removed at the end."""
    with ExitStack() as stack:
        base = MEMORY if MEMORY.is_dir() else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ideabox-test-", dir=base)))
        if name == "sqlite":
            backend = Backend(name, f"sqlite:///{folder / 'ideabox.sqlite'}", "", folder)
        else:
            database = stack.enter_context(postgresql.database(f"ideabox_test_{worker}"))
            backend = Backend(name, database, stack.enter_context(valkey.database(_number(worker))), folder)
        backend.app = backend.build()
        backend.make_schema()
        yield backend
        stack.callback(backend.settle)
