"""How well few votes find the ideas that many votes find best, and whether the intervals keep their promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from scipy.stats import kendalltau

from scoring.benchmarks.polis import Campaign, campaigns
from scoring.benchmarks.sealed import EVEN, UNEVEN, Trial, known_truth, places, sealed_half
from scoring.beta import fit_prior, score
from scoring.counts import Floats, Ints
from scoring.draws import rank_draws
from scoring.standings import standings

K = 10
REPETITIONS = 20
METHODS = ("up-votes", "mean", "Wilson", "Beta")
BARS = {20: (0.41, 5.7, 0.65), 40: (0.48, 4.1, 0.72)}
COVERAGE_BARS = {"coverage, all": 0.90, "coverage, true top ten": 0.85, "width": 0.30}
SMALLER_IS_BETTER = ("regret@10", "width")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what each method reached (the last is ours), and the bar."""

    measure: str
    values: dict[str, float]
    bar: float

    @property
    def met(self) -> bool:
        """Does our value, as printed, reach the bar?"""
        ours = round(list(self.values.values())[-1], 3)
        return ours <= self.bar if self.measure.startswith(SMALLER_IS_BETTER) else ours >= self.bar


def figures(
    folder: Path, track: Callable[[list[Campaign]], Iterator[Campaign]], repetitions: int = REPETITIONS
) -> list[Figure]:
    """All figures, each the mean over conversations of the mean over `repetitions` trials.

    `track` hands the conversations through and shows how far we are. BadInput for a folder without data.
    """
    fidelity: dict[int, list[Floats]] = {votes: [] for votes in BARS}
    coverage: dict[str, list[Floats]] = {"known truth": [], "sealed half": []}
    mean = partial(_mean, repetitions)
    for campaign in track(campaigns(folder)):
        for votes, kept in fidelity.items():
            kept.append(mean(_found, campaign, sealed_half, votes, UNEVEN))
        coverage["known truth"].append(mean(covered, campaign, known_truth, 40, EVEN))
        coverage["sealed half"].append(mean(covered, campaign, sealed_half, 40, EVEN))
    return [*_fidelity_figures(fidelity), *_coverage_figures(coverage)]


def _mean(
    repetitions: int,
    measure: Callable[[Trial, np.random.Generator], Floats],
    campaign: Campaign,
    trial: Callable[[Campaign, int, float, np.random.Generator], Trial],
    votes: int,
    spread: float,
) -> Floats:
    streams = [np.random.default_rng([repetition, votes]) for repetition in range(repetitions)]
    values: Floats = np.mean([measure(trial(campaign, votes, spread, stream), stream) for stream in streams], axis=0)
    return values


def _found(trial: Trial, stream: np.random.Generator) -> Floats:
    """recall@10, regret@10 in points of agree share, Kendall tau: shape (methods, 3)."""
    prior = fit_prior(trial.agrees, trial.n)
    share = trial.agrees / trial.n
    by_method = (trial.agrees, share, _wilson(share, trial.n), score(prior, trial.agrees, trial.n))
    return np.stack([_against(np.asarray(values, float), trial.truth, stream) for values in by_method])


def _against(values: Floats, truth: Floats, stream: np.random.Generator) -> Floats:
    chosen, best = places(values, stream) <= K, places(truth, stream) <= K
    regret = 100 * (truth[best].mean() - truth[chosen].mean())
    return np.array([(chosen & best).sum() / K, regret, kendalltau(values, truth).statistic])


def _wilson(share: Floats, n: Ints, z: float = 1.96) -> Floats:
    """Lower end of Wilson's 95 % interval."""
    spread = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    lower: Floats = (share + z**2 / (2 * n) - spread) / (1 + z**2 / n)
    return lower


def covered(trial: Trial, stream: np.random.Generator) -> Floats:
    """Coverage over all, on the true top ten, and width as a share of the list: shape (equal tails and ours, 3)."""
    truth = places(trial.truth, stream)
    standing = standings(trial.agrees, trial.n - trial.agrees, 0 * trial.n, k=K, seed=0, floor=1)
    ours = sorted((idea.key, idea.rank_low, idea.rank_high) for idea in standing.ideas)
    prior = standing.prior
    ranked = rank_draws(trial.agrees + prior.a, trial.n - trial.agrees + prior.b, k=K, seed=0, draws=1000)
    tails = np.quantile(ranked.ranks, [0.05, 0.95], axis=1, method="inverted_cdf")
    shown = np.array([(low, high) for _, low, high in ours], float).T
    return np.stack([_kept(low, high, truth) for low, high in (tails, shown)])


def _kept(low: Floats, high: Floats, truth: Ints) -> Floats:
    held = (low <= truth) & (truth <= high)
    return np.array([held.mean(), held[truth <= K].mean(), (high - low).mean() / truth.size])


def _fidelity_figures(found: dict[int, list[Floats]]) -> Iterator[Figure]:
    for votes, kept in found.items():
        table = np.mean(kept, axis=0)
        for column, name in enumerate(("recall@10", "regret@10", "Kendall tau")):
            values = dict(zip(METHODS, table[:, column].tolist(), strict=True))
            yield Figure(f"{name}, {votes} votes an idea", values, BARS[votes][column])


def _coverage_figures(covered: dict[str, list[Floats]]) -> Iterator[Figure]:
    for truth, kept in covered.items():
        table = np.mean(kept, axis=0)
        for column, (name, bar) in enumerate(COVERAGE_BARS.items()):
            values = dict(zip(("equal tails", "shortest"), table[:, column].tolist(), strict=True))
            yield Figure(f"{name}, {truth}", values, bar)
