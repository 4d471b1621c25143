"""A web process starts light: what only uploads, rankings, workers or migrations need is not imported with the app."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

HEAVY = ("numpy", "scipy", "sklearn", "PIL", "rq", "alembic", "networkx", "xlsxwriter")
ASK = f"import sys; print(*sorted(set(sys.modules) & set({HEAVY!r})))"


def loaded(program: str, folder: Path) -> list[str]:
    """Which heavy modules a new process holds once it has run a program."""
    env = {"IDEABOX_TESTING": "1", "IDEABOX_DATA_DIR": str(folder), "IDEABOX_BACKGROUND": "0", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", f"{program}\n{ASK}"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_app_starts_without_weight(tmp_path: Path) -> None:
    assert loaded("import wsgi; wsgi.create_app()", tmp_path) == []


@pytest.mark.parametrize("name", ["numpy", "PIL"])
def test_weight_at_start_turns_it_red(name: str, tmp_path: Path) -> None:
    assert name in loaded(f"import wsgi, {name}; wsgi.create_app()", tmp_path)
