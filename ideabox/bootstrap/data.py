"""The data of an installation that `up` made: its key, its tables, its demo company, and what was done already."""

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from ideabox.bootstrap import environment, progress, stamps
from ideabox.bootstrap.trouble import Trouble


def folder(root: Path) -> Path:
    """Return the folder that holds the data."""
    return Path(os.environ.get("IDEABOX_DATA_DIR") or root / "instance")


def database_url() -> str:
    """Return the address of the database, or an empty string for our own SQLite file."""
    return os.environ.get("DATABASE_URL") or os.environ.get("IDEABOX_DATABASE_URL") or ""


def secret_key(root: Path) -> str:
    """Return the key that signs sessions, made at the first start and kept from other accounts' eyes."""
    file = folder(root) / "secret_key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as out:
            out.write(secrets.token_hex(32))
    return file.read_text(encoding="ascii").strip()


def open_state(root: Path) -> Path:
    """Return the folder that remembers what was done to this database; it goes when our SQLite file is gone."""
    state = folder(root) / "setup" / stamps.digest([], database_url())[:8]
    if not database_url() and not _file(root).exists():
        shutil.rmtree(state, ignore_errors=True)
    return state


def is_empty(state: Path, asked: bool) -> bool:
    """Tell whether to start without the demo: a database that began without it never gets it later."""
    if (state / "empty.stamp").exists():
        return True
    if asked and (state / "demo.stamp").exists():
        mend = f"move {state.parents[1]} away (or name another folder in IDEABOX_DATA_DIR) and run it again."
        raise Trouble(f"This database holds the demo company: to start empty, {mend}")
    return asked


def fill(root: Path, state: Path, env: Mapping[str, str], empty: bool) -> None:
    """Bring the tables to this version and fill in the demo once.

    A database server is looked at each time: others may have migrated it since.
    """
    migrations = stamps.digest([root / "migrations"])
    if database_url() or not stamps.is_current(state / "migrations.stamp", migrations):
        _flask("Database", root, env, "db", "upgrade")
        stamps.write(state / "migrations.stamp", migrations)
    if empty:
        stamps.write(state / "empty.stamp", "empty")
    elif not (state / "demo.stamp").exists():
        _flask("Demo company", root, env, "seed", "--demo")
        (state / "people.txt").write_text(_flask("Demo people", root, env, "seed", "--print"), encoding="utf-8")
        stamps.write(state / "demo.stamp", "demo")


def write_welcome(state: Path, address: str, empty: bool) -> Path:
    """Write what is printed when the first page can be answered, and return the file."""
    people = "The first page makes your administrator." if empty else (state / "people.txt").read_text("utf-8")
    file = state / "welcome.txt"
    file.write_text(f"\nIdeabox is ready: {address}\n\n{people.strip()}\n\nCtrl+C stops it.", encoding="utf-8")
    return file


def _flask(name: str, root: Path, env: Mapping[str, str], *words: str) -> str:
    return progress.run(name, [str(environment.python(root)), "-m", "flask", "--app", "wsgi", *words], root, env)


def _file(root: Path) -> Path:
    return folder(root) / "ideabox.sqlite"
