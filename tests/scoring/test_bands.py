"""Tie bands on chances made by hand, one for each case the rule speaks of."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.bands import bands


@pytest.mark.parametrize(
    ("chances", "k", "letters", "left"),
    [
        ([0.98, 0.95, 0.6, 0.4, 0.07, 0.0], 3, "AABBCC", 1),
        ([1.0, 1.0, 0.0, 0.0], 2, "AACC", 0),
        ([1.0, 1.0], 5, "AA", 0),
        ([], 3, "", 0),
        ([0.91] * 10 + [0.9], 10, "B" * 11, 10),
        ([0.95, 0.93, 0.12], 2, "BBB", 2),
        ([0.97, 0.85] + [0.06] * 3, 2, "ABBBB", 1),
        ([1.0, 0.89, 0.05, 0.04, 0.02], 2, "ABBCC", 1),
        ([0.25] * 4, 1, "BBBB", 1),
        ([1.0] + [0.01] * 100, 2, "A" + "B" * 100, 1),
    ],
    ids=[
        "the plain case",
        "the cut falls between two bands",
        "places for all",
        "no idea",
        "eleven equals, ten places",
        "all places clear, yet one presses",
        "one left for one place: those just below are let in",
        "only as many as there must be",
        "nobody can be told apart",
        "all but one are equal",
    ],
)
def test_bands(chances: list[float], k: int, letters: str, left: int) -> None:
    found = bands(np.array(chances, float), k)
    assert "".join(found.letters) == letters
    assert found.places_left == left


def test_the_bars_used_are_told() -> None:
    found = bands(np.array([0.97, 0.85, 0.06, 0.06, 0.06]), 2)
    assert (found.clear_at, found.below_at) == (0.9, 0.05)
