"""The Beta likelihood against scipy's own beta-binomial, and the prior where there is little or nothing to learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import beta as beta_law
from scipy.stats import betabinom, binom

from scoring.beta import above, fit_prior, interval, log_marginal, score
from scoring.results import Prior

COUNTS = st.lists(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=40)


def test_likelihood_is_the_beta_binomial_without_its_coefficient() -> None:
    agrees, n = np.array([0, 3, 7, 40]), np.array([1, 3, 20, 60])
    for a, b in ((0.3, 0.7), (2.0, 5.0), (80.0, 11.0)):
        coefficient = np.log([math.comb(votes, hits) for hits, votes in zip(agrees.tolist(), n.tolist(), strict=True)])
        expected = betabinom.logpmf(agrees, n, a, b) - coefficient
        assert log_marginal(a, b, agrees, n) == pytest.approx(expected.sum(), abs=1e-8)


def test_prior_is_the_maximum_of_the_stated_posterior() -> None:
    stream = np.random.default_rng(5)
    n = stream.integers(5, 80, 300)
    agrees = stream.binomial(n, stream.beta(4, 2, 300))

    def loss(x: np.ndarray) -> float:
        a, b = np.exp(x)
        return -(betabinom.logpmf(agrees, n, a, b).sum() + math.log(a * b) - 2.5 * math.log(a + b))

    best = np.exp(minimize(loss, [0.0, 0.0], method="BFGS").x)
    prior = fit_prior(agrees, n)
    assert (prior.a, prior.b) == pytest.approx(best, rel=1e-3)
    assert prior.mean == pytest.approx(4 / 6, abs=0.03)
    assert 4 < prior.strength < 9


def test_pure_binomial_noise_is_believed_to_be_noise() -> None:
    agrees = np.random.default_rng(1).binomial(30, 0.6, 400)
    prior = fit_prior(agrees, np.full(400, 30))
    assert prior.strength > 100
    assert prior.mean == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize(
    ("agrees", "n"),
    [([], []), ([0], [0]), ([1], [1]), ([0], [1]), ([9] * 50, [9] * 50), ([0] * 50, [9] * 50), ([10**9], [2 * 10**9])],
    ids=["no idea", "no vote", "one agree", "one disagree", "all agree", "none agrees", "very many"],
)
def test_degenerate_campaigns_have_a_usable_prior(agrees: list[int], n: list[int]) -> None:
    prior = fit_prior(np.array(agrees, int), np.array(n, int))
    assert 0.1 <= prior.a <= 5000
    assert 0.1 <= prior.b <= 5000


def test_without_votes_the_prior_is_uniform() -> None:
    assert fit_prior(np.zeros(3, int), np.zeros(3, int)) == Prior(1.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_scores_lie_inside_their_interval_and_nothing_is_nan(counts: list[tuple[int, int]]) -> None:
    agrees, n = np.array(counts, int).reshape(-1, 2).T
    prior = fit_prior(agrees, n)
    shares = score(prior, agrees, n)
    low, high = interval(prior, agrees, n)
    assert np.isfinite([shares, low, high]).all()
    assert ((low >= 0) & (low <= high) & (high <= 1)).all()
    assert ((shares > 0) & (shares < 1)).all()


def test_interval_is_the_posteriors_own() -> None:
    low, high = interval(Prior(2, 3), np.array([7]), np.array([10]))
    assert (low[0], high[0]) == pytest.approx(beta_law.interval(0.9, 9, 6))


def test_chance_above_a_bar_is_the_binomial_sum() -> None:
    # P(Beta(a, b) > x) = P(Binomial(a + b - 1, x) < a) for whole a and b.
    assert above(Prior(1, 1), 3, 5, np.array([0.4]))[0] == pytest.approx(binom.cdf(3, 6, 0.4))


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.1, 50), st.floats(0.1, 50))
def test_a_further_agree_raises_and_a_further_vote_against_lowers(hits: int, against: int, a: float, b: float) -> None:
    prior, n = Prior(a, b), hits + against
    before, up, down = (
        score(prior, np.array([s]), np.array([v]))[0] for s, v in ((hits, n), (hits + 1, n + 1), (hits, n + 1))
    )
    assert down < before < up
