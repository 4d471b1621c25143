"""Support by unit: small units are not told, and lean on the whole where they are."""

from __future__ import annotations

import pytest

from scoring.units import unit_support


def test_shares_are_shrunk_and_small_units_hidden() -> None:
    first, second = unit_support([[10, 0], [4, 2], [1, 5]], [[10, 0], [4, 5], [20, 5]], [0.6, 0.7])
    assert first.shares == (pytest.approx((10 + 8 * 0.6) / 18), None, pytest.approx((1 + 8 * 0.6) / 28))
    assert (first.units_for, first.units_heard) == (1, 2)
    assert second.shares == (None, pytest.approx((2 + 5.6) / 13), pytest.approx((5 + 5.6) / 13))
    assert (second.units_for, second.units_heard) == (2, 2)


def test_no_units_and_no_ideas() -> None:
    assert unit_support([[], []], [[], []], []) == ()


@pytest.mark.parametrize(
    ("agrees", "votes", "score"),
    [([[3]], [[2]], [0.5]), ([[-1]], [[2]], [0.5]), ([[1]], [[2]], [1.5]), ([[1]], [[2, 3]], [0.5]), ([1], [1], [0.5])],
)
def test_what_does_not_fit_is_refused(agrees: list[object], votes: list[object], score: list[float]) -> None:
    with pytest.raises(ValueError, match="agrees"):
        unit_support(agrees, votes, score)  # type: ignore[arg-type]
