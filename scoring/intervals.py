"""Intervals of ranks: the shortest that holds most draws, widened for the likely chosen as far as simulation asks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.counts import Floats, Ints
from scoring.results import Prior

LEVEL = 0.92
"""Share of draws in an interval shown as "90 in 100". The window is chosen by looking at the draws, and the prior was
fitted to the same votes: by simulation that costs one to two points of coverage (docs/scoring.md)."""

WINNERS = 0.86
"""Coverage that simulated winners must reach: the bar of .85 and a point for the noise of the simulation."""

WIDEST = 3.0
SMALL = 50
"""Ideas under which nothing is widened: a rank is no longer a share, and shortest intervals cover the winners."""

SIMULATED_WINNERS, SIMULATED_IDEAS, SIMULATED_DRAWS = 400, 400_000, 200


def shortest(ranks: NDArray[np.generic], level: float = LEVEL) -> tuple[Floats, Floats]:
    """Shortest interval that holds a share `level` of each row: (low, high), each of shape (J,).

    ranks: (J, D), rows sorted. Ranks at the head of a list are skewed: cutting 5 % off each end, as equal-tailed
    intervals do, cuts off the first places themselves, just where the true winners are.
    """
    draws = ranks.shape[1]
    held = max(1, int(np.ceil(level * draws - 1e-9)))
    values = ranks.astype(np.float64)
    first = np.argmin(values[:, held - 1 :] - values[:, : draws - held + 1], axis=1)
    row = np.arange(len(values))
    return values[row, first], values[row, first + held - 1]


def widened(low: Floats, middle: Floats, high: Floats, factor: float, ideas: int) -> tuple[Floats, Floats]:
    """The interval with both distances from its middle multiplied by `factor`, kept within 1 and `ideas`."""
    return np.maximum(1, middle - factor * (middle - low)), np.minimum(ideas, middle + factor * (high - middle))


def contender(ideas: int, k: int) -> float:
    """Chance of the top k from which an idea's interval is widened: better than a place drawn by lot."""
    return min(1.0, k / max(ideas, 1))


def winners_factor(prior: Prior, n: Ints, *, k: int, seed: int) -> float:
    """Factor, 1 to WIDEST, that brings the coverage of the true top k to WINNERS.

    n: votes of the J ideas, shape (J,). Selection shrinks the winners' coverage: an idea is truly at the top partly
    because its votes undersold it. So campaigns are simulated from the prior with the same numbers of votes; for each
    true winner, the factor its interval would have needed is known, and the quantile of those is the answer. A rank is
    read off the share of simulated ideas above, which needs no draws for the others. 1 where all win, or under SMALL.
    """
    ideas = n.size
    if k >= ideas or ideas < SMALL:
        return 1.0
    stream = np.random.default_rng([seed, 2**20])
    shares, truth, votes = _winners(prior, n, k, stream)
    agrees = stream.binomial(votes, shares.ravel()[truth[:, 0]])
    posterior = stream.beta(agrees + prior.a, votes - agrees + prior.b, size=(SIMULATED_DRAWS, votes.size)).T
    above = 1 - np.searchsorted(np.sort(shares, axis=None), posterior) / shares.size
    return _needed(np.sort(1 + (ideas - 1) * above, axis=1), truth[:, 1], k, ideas)


def _winners(prior: Prior, n: Ints, k: int, stream: np.random.Generator) -> tuple[Floats, Ints, Ints]:
    """Simulated shares (R, J); for each winner its flat position and true rank (W, 2); its votes (W,)."""
    ideas = n.size
    rounds = int(np.clip(SIMULATED_IDEAS // ideas, 4, -(-SIMULATED_WINNERS // k)))
    shares = stream.beta(prior.a, prior.b, size=(rounds, ideas))
    winners = np.argsort(-shares, axis=1, kind="stable")[:, :k]
    flat = winners + ideas * np.arange(rounds)[:, None]
    places = np.broadcast_to(np.arange(1, k + 1), flat.shape)
    return shares, np.stack([flat.ravel(), places.ravel()], axis=1), n[winners].ravel()


def _needed(ranks: Floats, truth: Ints, k: int, ideas: int) -> float:
    """Quantile WINNERS of the factor each winner needed; one that would not be widened can only be held as it is."""
    low, high = shortest(ranks)
    low, high = np.floor(low), np.ceil(high)
    middle = np.median(ranks, axis=1)
    side = np.where(truth < middle, middle - low, high - middle)
    gap = np.abs(truth - middle) / np.maximum(side, 0.5)
    widens = (ranks < k + 0.5).mean(axis=1) >= contender(ideas, k)
    gap[~widens & (gap > 1)] = np.inf
    return float(np.clip(np.quantile(gap, WINNERS, method="higher"), 1.0, WIDEST))
