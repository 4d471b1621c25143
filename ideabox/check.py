"""`flask check`: everything that can be said about the code without running it for a person."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from ideabox.settings import ROOT


@dataclass(frozen=True)
class Result:
    """One check: whether it passed, what it said, how long it took (s)."""

    name: str
    passed: bool
    words: str
    seconds: float


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--without", multiple=True, help="Leave a check out by its name.")
def check(as_json: bool, without: tuple[str, ...]) -> None:
    """Lint, types, migrations, templates, translations. Exit code 1 when one of them fails."""
    results = [_timed(name, run) for name, run in CHECKS.items() if name not in without]
    if as_json:
        import json

        click.echo(json.dumps([result.__dict__ for result in results]))
    else:
        _print(results)
    sys.exit(0 if all(result.passed for result in results) else 1)


def _timed(name: str, run: Callable[[], tuple[bool, str]]) -> Result:
    started = time.monotonic()
    passed, words = run()
    return Result(name, passed, words.strip(), round(time.monotonic() - started, 1))


def _print(results: list[Result]) -> None:
    for result in results:
        click.echo(f"{'ok  ' if result.passed else 'FAIL'}  {result.name}  ({result.seconds} s)")
        if not result.passed:
            click.echo(result.words)


def _tool(*words: str, env: dict[str, str] | None = None) -> tuple[bool, str]:
    """Run a module of the virtual environment at the top of the clone."""
    command = [sys.executable, "-m", *words]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    return done.returncode == 0, done.stdout + done.stderr


def _drift() -> tuple[bool, str]:
    """Tables made by the migrations are those of the models."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'drift.sqlite'}"
        env = {"DATABASE_URL": address, "IDEABOX_DATA_DIR": folder, "IDEABOX_DEMO": "1", "IDEABOX_BACKGROUND": "0"}
        made, words = _tool("flask", "--app", "wsgi", "db", "upgrade", env=env)
        return _tool("flask", "--app", "wsgi", "db", "check", env=env) if made else (made, words)


CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "ruff": lambda: _tool("ruff", "check", "."),
    "ruff format": lambda: _tool("ruff", "format", "--check", "."),
    "mypy": lambda: _tool("mypy"),
    "migrations": _drift,
    "templates": lambda: _tool("djlint", "templates", "--lint", "--quiet"),
    "translations": lambda: _tool("ideabox.catalogues", "check"),
    "house": lambda: _tool("pytest", "-q", "tests/house", "-k", "not bootstrap"),
}
