"""Shortest intervals and the factor that simulation asks for."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.intervals import WIDEST, shortest, widened, winners_factor
from scoring.results import Prior
from scoring.standings import standings


def test_the_shortest_interval_is_found_by_trying_all() -> None:
    ranks = np.sort(np.random.default_rng(2).integers(1, 50, (30, 100)), axis=1)
    low, high = shortest(ranks, 0.9)
    for row, first, last in zip(ranks, low, high, strict=True):
        assert ((row >= first) & (row <= last)).mean() >= 0.9
        assert last - first == min(row[start + 89] - row[start] for start in range(11))


def test_a_skewed_leader_keeps_its_first_place() -> None:
    ranks = np.sort(np.repeat([[1] * 4 + [2] * 56 + list(range(3, 43))], 1, axis=0), axis=1)
    assert shortest(ranks, 0.9)[0][0] == 1
    assert np.quantile(ranks, 0.05) == 2


def test_widening_stays_on_the_list() -> None:
    low, high = widened(np.array([4.0]), np.array([6.0]), np.array([9.0]), 3.0, 12)
    assert (low[0], high[0]) == (1, 12)


def test_scant_votes_ask_for_widening_and_plenty_do_not() -> None:
    scant = winners_factor(Prior(9, 21), np.full(200, 5), k=10, seed=0)
    plenty = winners_factor(Prior(3, 2), np.full(200, 60), k=10, seed=0)
    assert 1 < scant <= WIDEST
    assert plenty == 1


@pytest.mark.parametrize(("votes", "strength"), [(10, 6), (40, 6), (40, 3)])
def test_intervals_keep_their_promise_on_simulated_campaigns(votes: int, strength: float) -> None:
    held, winners, equal_tails = [], [], []
    for trial in range(12):
        stream = np.random.default_rng([trial, votes])
        share = stream.beta(0.6 * strength, 0.4 * strength, 120)
        agrees = stream.binomial(votes, share)
        standing = standings(agrees, votes - agrees, 0 * agrees, k=10, seed=trial, draws=300)
        truth = np.empty(120, int)
        truth[np.argsort(-share)] = np.arange(1, 121)
        for idea in standing.ideas:
            inside = idea.rank_low <= truth[idea.key] <= idea.rank_high  # type: ignore[index, operator]
            held.append(inside)
            if truth[idea.key] <= 10:  # type: ignore[index]
                winners.append(inside)
        equal_tails.append(np.mean([idea.rank_high - idea.rank_low for idea in standing.ideas]) / 120)  # type: ignore[operator]
    assert np.mean(held) >= 0.90
    assert np.mean(winners) >= 0.85
    assert np.mean(equal_tails) < 0.75
