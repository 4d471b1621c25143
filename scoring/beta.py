"""Beta shrinkage of agree shares: the campaign's own spread says how far few votes are believed."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.special import betainc, betaincinv, betaln

from scoring.counts import Floats, Ints
from scoring.results import Prior

WEAKEST, STRONGEST = 0.1, 5_000.0
"""Bounds of a and b: below .1 draws run into the floor of float32, above 5,000 shares are equal for any purpose."""


def log_marginal(a: float, b: float, agrees: Ints, n: Ints) -> float:
    """Log likelihood of the counts, shares integrated out: sum of betaln(s + a, n - s + b) - betaln(a, b).

    agrees, n: shape (J,), 0 <= agrees <= n. The beta-binomial density without its binomial coefficient,
    which does not depend on a and b.
    """
    return float(np.sum(betaln(agrees + a, n - agrees + b) - betaln(a, b)))


def fit_prior(agrees: Ints, n: Ints) -> Prior:
    """Prior by marginal likelihood (empirical Bayes), Nelder-Mead on log a and log b.

    agrees, n: shape (J,). The likelihood alone runs to infinite strength where shares look equal, to nothing where
    each is 0 or 1, and has nothing to say of one idea; the hyperprior (a + b)^-5/2 of Gelman et al., Bayesian Data
    Analysis, 3rd ed., 5.3, worth less than one idea, settles those cases. Without votes: uniform, Beta(1, 1).
    """
    if not n.sum():
        return Prior(1.0, 1.0)
    pairs, weight = np.unique(np.stack([agrees[n > 0], n[n > 0]]), axis=1, return_counts=True)
    share = (agrees.sum() + 1) / (n.sum() + 2)
    start = np.log(np.clip([4 * share, 4 * (1 - share)], WEAKEST, STRONGEST))
    best = minimize(
        _loss, start, args=(pairs[0], pairs[1], weight), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-7}
    )
    a, b = np.exp(_within(best.x))
    # Six digits: the last ones differ between processors, and a published standing must come out the same on each.
    return Prior(float(f"{a:.6g}"), float(f"{b:.6g}"))


def score(prior: Prior, agrees: Ints, n: Ints) -> Floats:
    """Shrunken agree share (s + a) / (n + a + b), shape (J,), in (0, 1)."""
    shares: Floats = (agrees + prior.a) / (n + prior.strength)
    return shares


def interval(prior: Prior, agrees: Ints, n: Ints, level: float = 0.9) -> tuple[Floats, Floats]:
    """Equal-tailed interval of the agree share at this level: two arrays of shape (J,) in [0, 1]."""
    pairs, back = np.unique(np.stack([agrees, n]), axis=1, return_inverse=True)
    alpha, beta = pairs[0] + prior.a, pairs[1] - pairs[0] + prior.b
    tail = (1 - level) / 2
    low, high = betaincinv(alpha, beta, tail), betaincinv(alpha, beta, 1 - tail)
    return low[back.ravel()], high[back.ravel()]


def above(prior: Prior, agrees: int, n: int, bars: Floats) -> Floats:
    """Chance that an idea with these counts has an agree share above each bar; same shape as `bars`."""
    chance: Floats = betainc(n - agrees + prior.b, agrees + prior.a, 1 - bars)
    return chance


def _loss(x: Floats, agrees: Ints, n: Ints, weight: Ints) -> float:
    inner = _within(x)
    a, b = np.exp(inner)
    likelihood = np.dot(weight, betaln(agrees + a, n - agrees + b) - betaln(a, b))
    hyperprior = np.log(a) + np.log(b) - 2.5 * np.log(a + b)
    return float(-likelihood - hyperprior + np.sum((x - inner) ** 2))


def _within(x: Floats) -> Floats:
    inner: Floats = np.clip(x, np.log(WEAKEST), np.log(STRONGEST))
    return inner
