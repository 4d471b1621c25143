"""One trial: half of a campaign's votes are sealed as the truth, few and uneven votes of the other half are shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.benchmarks.polis import Campaign
from scoring.beta import fit_prior
from scoring.counts import Floats, Ints

EVEN, UNEVEN = 0.0, 0.7
"""Spread (standard deviation of the logarithm) of the numbers of votes: a feed shows some ideas four times as often."""


@dataclass(frozen=True, slots=True)
class Trial:
    """J ideas: agrees and votes that the method may see, and the agree share that judges it; each of shape (J,)."""

    agrees: Ints
    n: Ints
    truth: Floats


def sealed_half(campaign: Campaign, votes: int, spread: float, stream: np.random.Generator) -> Trial:
    """About `votes` real votes an idea to see, and the agree share of the sealed half as the truth.

    The sealed half is itself a sample: a perfect interval of the true rank covers less than its level of it.
    """
    sealed = stream.random(campaign.idea.size) < 0.5
    truth = _share(campaign.idea[sealed], campaign.agrees[sealed], campaign.size)
    shuffled = stream.permutation(np.flatnonzero(~sealed))
    shuffled = shuffled[np.argsort(campaign.idea[shuffled], kind="stable")]
    available = np.bincount(campaign.idea[shuffled], minlength=campaign.size)
    n = _exposure(available, votes, spread, stream)
    turn = np.arange(shuffled.size) - np.repeat(np.cumsum(available) - available, available)
    seen = shuffled[turn < n[campaign.idea[shuffled]]]
    agrees = np.bincount(campaign.idea[seen], campaign.agrees[seen], minlength=campaign.size)
    return Trial(agrees.astype(np.int64), n, truth)


def known_truth(campaign: Campaign, votes: int, spread: float, stream: np.random.Generator) -> Trial:
    """The same with a truth free of noise: shares drawn from what all votes say, and votes drawn from those shares."""
    agrees, n = campaign.tally()
    prior = fit_prior(agrees, n)
    truth = stream.beta(agrees + prior.a, n - agrees + prior.b)
    seen = _exposure(n // 2, votes, spread, stream)
    return Trial(stream.binomial(seen, truth), seen, truth)


def places(values: Floats, stream: np.random.Generator) -> Ints:
    """Ranks from 1, the highest value first, equals by lot; shape (J,)."""
    order = np.lexsort((stream.permutation(values.size), -values))
    ranks = np.empty(values.size, np.int64)
    ranks[order] = np.arange(1, values.size + 1)
    return ranks


def _exposure(available: Ints, votes: int, spread: float, stream: np.random.Generator) -> Ints:
    weight = np.exp(stream.normal(0, spread, available.size))
    n: Ints = np.clip(np.round(votes * weight / weight.mean()), 1, available).astype(np.int64)
    return n


def _share(idea: Ints, agrees: Ints, size: int) -> Floats:
    share: Floats = np.bincount(idea, agrees, minlength=size) / np.maximum(np.bincount(idea, minlength=size), 1)
    return share
