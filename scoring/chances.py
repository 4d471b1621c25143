"""What the draws say of each idea: chance of the top k, rank strip, 90 % interval of the rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.counts import Counts, Floats, Ints
from scoring.draws import rank_draws
from scoring.intervals import contender, shortest, widened, winners_factor
from scoring.results import Cut, Prior


@dataclass(frozen=True, slots=True)
class Chances:
    """Of J ideas: p_top, low, high (ranks) of shape (J,); strip (J, STRIP_CELLS); inside (J, bytes); cut; widening."""

    p_top: Floats
    low: Floats
    high: Floats
    strip: Floats
    inside: NDArray[np.uint8]
    cut: Cut
    widening: float


def chances(ideas: Counts, prior: Prior, *, k: int, seed: int, draws: int) -> Chances:
    """Draw, rank, average over ideas with the same counts, widen the interval of the likely chosen."""
    ranked = rank_draws(ideas.agrees + prior.a, ideas.n - ideas.agrees + prior.b, k=k, seed=seed, draws=draws)
    twins = _Twins(ideas)
    p_top = twins.mean(ranked.p_top)
    low, middle, high = (twins.mean(ends) for ends in _spread(ranked.ranks))
    factor = winners_factor(prior, ideas.n, k=k, seed=seed)
    wide = widened(low, middle, high, factor, len(ideas.keys))
    rival = p_top >= contender(len(ideas.keys), k)
    strip = np.stack([twins.mean(cell) for cell in ranked.strip.T], axis=1)
    cut = Cut(tuple(ranked.last_in.round(7).tolist()), tuple(ranked.first_out.round(7).tolist()))
    low, high = np.where(rival, wide[0], low), np.where(rival, wide[1], high)
    return Chances(p_top, low, high, strip, ranked.inside, cut, round(factor, 4))


def _spread(ranks: NDArray[np.unsignedinteger]) -> tuple[Floats, Floats, Floats]:
    low, high = shortest(ranks)
    return low, ranks[:, ranks.shape[1] // 2].astype(np.float64), high


class _Twins:
    """Ideas with the same counts. The votes say the same of each, and so must the page, whatever the draws did."""

    def __init__(self, ideas: Counts) -> None:
        _, group = np.unique(np.stack([ideas.agrees, ideas.n]), axis=1, return_inverse=True)
        self.group: Ints = group.ravel()
        self.size = np.bincount(self.group)

    def mean(self, values: Floats) -> Floats:
        """Each idea's value replaced by the mean of its twins; shape (J,)."""
        means: Floats = np.bincount(self.group, values) / self.size
        return means[self.group]
