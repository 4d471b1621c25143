"""C1, C2, C3 and C8: the same vote, votes over the budget, votes against closing, the same form twice.

Each race is run by 8 and by 32 callers over real HTTP against two server processes. What is checked is never what the
server says of itself alone: votes, ballots and tallies are counted again in the database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.concurrency.harness import rounds
from tests.concurrency.races import Arena, race_budget, race_closing, race_same_vote

CROWDS = (8, 32)


@pytest.fixture
def arena(app: Flask, cookie_of: Callable[[Any], tuple[str, str]], served: Callable[..., str]) -> Arena:
    return Arena(app, served(workers=2), cookie_of)


@pytest.mark.parametrize("parallel", CROWDS)
def test_the_same_vote_many_times_at_once_is_one_vote(arena: Arena, parallel: int) -> None:
    assert race_same_vote(arena, parallel, rounds(parallel)) == []


@pytest.mark.parametrize("parallel", CROWDS)
def test_many_votes_at_once_stay_within_the_budget(arena: Arena, parallel: int) -> None:
    assert race_budget(arena, parallel, rounds(parallel)) == []


@pytest.mark.parametrize("parallel", CROWDS)
def test_no_vote_crosses_the_closing(arena: Arena, parallel: int) -> None:
    assert race_closing(arena, parallel, rounds(parallel)) == []
