"""`python3 -m ideabox test`: the checks of the code, then every test; one exit code for all."""

import os
import secrets
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ideabox.bootstrap import browser, environment, progress

WORKERS = "2"


def run(root: Path, arguments: list[str]) -> int:
    """Set up what the tests need and run them; with arguments, only the tests they choose.

    The checks come first, so that the count of the tests is among the last lines.
    """
    env = os.environ | {"PYTHONPATH": ""}
    environment.check_writable(root)
    environment.prepare(root, "test", env)
    failed = [] if arguments else _check(root, env)
    failed += _run("The tests", ["pytest", *_parallel(arguments), *arguments], root, env)
    for name in failed:
        progress.say(f"{name} failed: see above.")
    if browser.find() is None:
        progress.say("No Chromium was found, so the browser tests were skipped: install chromium to run them.")
    return 1 if failed else 0


def _check(root: Path, env: Mapping[str, str]) -> list[str]:
    """Run the checks over a data folder of their own, so that nobody's data matter or are touched."""
    with tempfile.TemporaryDirectory(prefix="ideabox-check-") as folder:
        own = {"IDEABOX_DATA_DIR": folder, "IDEABOX_SECRET_KEY": secrets.token_hex(32)}
        return _run("The checks", ["flask", "--app", "wsgi", "check", "--without", "house"], root, {**env, **own})


def _parallel(arguments: list[str]) -> list[str]:
    chosen = any(word.startswith(("-n", "--numprocesses")) or word == "--pdb" for word in arguments)
    return [] if chosen else ["-n", WORKERS]


def _run(name: str, command: list[str], root: Path, env: Mapping[str, str]) -> list[str]:
    """Run a module of the virtual environment; return its name in a list when it failed."""
    done = subprocess.run([str(environment.python(root)), "-m", *command], cwd=root, env=env, check=False)
    return [name] if done.returncode else []
