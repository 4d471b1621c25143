"""Coverage of the intervals on simulated campaigns, whose truth is known: from many votes an idea to far too few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from scoring.benchmarks.fidelity import K, covered
from scoring.benchmarks.sealed import Trial
from scoring.standings import standings

IDEAS, VOTES, STRENGTHS = (20, 100, 1_000), (5, 20, 100), (2.0, 6.0, 30.0)
SHARE, SPREAD = 0.6, 0.5
WINNERS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of campaign: ideas, votes an idea, prior strength; coverage of all, of the true top ten, and width."""

    ideas: int
    votes: int
    strength: float
    equal_tails: tuple[float, float, float]
    shortest: tuple[float, float, float]
    widening: float


def rows() -> Iterator[Row]:
    """Each kind of campaign in turn, averaged over enough trials for WINNERS true winners."""
    for ideas, votes, strength in product(IDEAS, VOTES, STRENGTHS):
        streams = [np.random.default_rng([trial, ideas, votes]) for trial in range(WINNERS // K)]
        trials = [_trial(ideas, votes, strength, stream) for stream in streams]
        tails, shortest = np.mean([covered(*pair) for pair in zip(trials, streams, strict=True)], axis=0).tolist()
        widening = float(np.mean([_widening(trial) for trial in trials[:4]]))
        yield Row(ideas, votes, strength, tuple(tails), tuple(shortest), widening)


def _trial(ideas: int, votes: int, strength: float, stream: np.random.Generator) -> Trial:
    truth = stream.beta(SHARE * strength, (1 - SHARE) * strength, ideas)
    n = np.maximum(1, stream.poisson(votes * np.exp(stream.normal(-(SPREAD**2) / 2, SPREAD, ideas))))
    return Trial(stream.binomial(n, truth), n, truth)


def _widening(trial: Trial) -> float:
    return standings(trial.agrees, trial.n - trial.agrees, 0 * trial.n, k=K, seed=0, floor=1, draws=20).widening
