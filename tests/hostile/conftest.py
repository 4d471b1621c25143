"""Fixtures of the hostile tests: the small company, each request rolled back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.authorisation.cells import Runner, one_connection, open_sessions
from tests.authorisation.world import build, keep_files

#: `IDEABOX_HOSTILE=full` tries everything everywhere: for the long run, not for every change.
FULL = os.environ.get("IDEABOX_HOSTILE") == "full"


@pytest.fixture
def runner(app: Flask) -> Runner:
    """Everybody signed in, in a company where each state of a thing exists once."""
    world = build()
    return Runner(app, world, open_sessions(app, world))


@dataclass(frozen=True)
class Field:
    """The company, and a way to do something there that leaves no trace."""

    runner: Runner
    held: Callable[[], AbstractContextManager[None]]

    def clean(self) -> None:
        """Bring back what a rollback does not: files and rate limits."""
        keep_files(self.runner.world)
        for limiter in self.runner.app.extensions["limiter"]:
            limiter.reset()


@pytest.fixture
def ground(app: Flask, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Field]:
    with one_connection(app, monkeypatch) as held:
        yield Field(runner, held)
