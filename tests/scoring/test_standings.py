"""Standings: what holds for all counts, and what a few known campaigns must give."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta as beta_law

from scoring.counts import floor_of
from scoring.draws import affordable
from scoring.results import Prior, Standing
from scoring.standings import order, standings

COUNT = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
CAMPAIGN = st.lists(COUNT, max_size=25)
SEEDS = st.integers(0, 2**40)


def made(rows: list[tuple[int, int, int]], *, k: int = 3, seed: int = 1, draws: int = 100, **more: object) -> Standing:
    columns = np.array(rows, int).reshape(-1, 3).T
    return standings(*columns, k=k, seed=seed, draws=draws, **more)  # type: ignore[arg-type]


@settings(max_examples=80, deadline=None)
@given(CAMPAIGN, st.integers(1, 30), SEEDS)
def test_what_holds_for_every_campaign(rows: list[tuple[int, int, int]], k: int, seed: int) -> None:
    standing = made(rows, k=k, seed=seed)
    placed = [idea for idea in standing.ideas if idea.rank is not None]
    assert sorted(idea.key for idea in standing.ideas) == list(range(len(rows)))
    assert [idea.rank for idea in placed] == list(range(1, len(placed) + 1))
    assert sum(idea.p_top or 0 for idea in placed) == pytest.approx(standing.places)
    assert all(first.score >= second.score for first, second in pairwise(placed))
    for idea in placed:
        assert 1 <= idea.rank_low <= idea.rank <= idea.rank_high <= len(placed)  # type: ignore[operator]
        assert sum(idea.strip) == pytest.approx(1, abs=1e-4)
        assert len(idea.inside) == math.ceil(standing.draws / 8)
    for idea in standing.ideas:
        assert all(math.isfinite(value) for value in (idea.score, idea.low, idea.high, idea.p_top or 0))
        assert (idea.n < standing.floor) == idea.too_few


@settings(max_examples=80, deadline=None)
@given(CAMPAIGN, st.integers(1, 30))
def test_a_tie_always_holds_more_ideas_than_places_left(rows: list[tuple[int, int, int]], k: int) -> None:
    standing = made(rows, k=k)
    clear, tied = standing.band("A"), standing.band("B")
    assert standing.places_left == standing.places - len(clear)
    assert (standing.places_left == 0 and not tied) or len(tied) > standing.places_left >= 1


@settings(max_examples=40, deadline=None)
@given(st.lists(COUNT, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(rows: list[tuple[int, int, int]], random: object) -> None:
    keys = [f"idea {number}" for number in range(len(rows))]
    shuffled = list(zip(keys, rows, strict=True))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other_keys, other_rows = zip(*shuffled, strict=True)
    assert made(rows, keys=keys) == made(list(other_rows), keys=list(other_keys))


@settings(max_examples=40, deadline=None)
@given(st.lists(COUNT, min_size=2, max_size=20), SEEDS)
def test_a_further_agree_never_lowers_an_idea(rows: list[tuple[int, int, int]], seed: int) -> None:
    fixed = {"prior": Prior(2, 2), "floor": 1, "seed": seed}
    agrees, disagrees, passes = rows[0]
    before = made(rows, **fixed).idea(0)
    after = made([(agrees + 1, disagrees, passes), *rows[1:]], **fixed).idea(0)
    assert after.score > before.score or before.n == 0
    assert before.rank is None or (after.rank or 0) <= before.rank


def test_equal_counts_have_equal_chances_and_places_by_lot() -> None:
    rows = [(8, 2, 0)] * 6 + [(2, 8, 0)] * 4
    first, second = made(rows, seed=1), made(rows, seed=2)
    assert len({(idea.p_top, idea.strip, idea.band) for idea in first.ideas[:6]}) == 1
    assert [idea.key for idea in first.ideas] != [idea.key for idea in second.ideas]
    assert first == made(rows, seed=1)


def test_a_clear_winner_is_clear_and_a_coin_toss_is_a_tie() -> None:
    standing = made([(95, 5, 0), (50, 50, 0), (51, 49, 0), (49, 51, 0), (2, 98, 0)], k=2, draws=1000)
    assert [(idea.key, idea.band) for idea in standing.ideas] == [(0, "A"), (2, "B"), (1, "B"), (3, "B"), (4, "C")]
    assert standing.places_left == 1
    assert standing.ideas[0].rank_high == 1
    assert standing.ideas[1].rank_low == 2


def test_chances_agree_with_the_exact_integral() -> None:
    exact, _ = quad(lambda x: beta_law.pdf(x, 8, 4) * beta_law.cdf(x, 5, 7), 0, 1)
    standing = made([(7, 3, 0), (4, 6, 0)], k=1, draws=20_000, prior=Prior(1, 1))
    assert standing.idea(0).p_top == pytest.approx(exact, abs=0.01)


def test_more_places_than_ideas_leave_nobody_out() -> None:
    standing = made([(3, 1, 0), (1, 3, 0)], k=10)
    assert [(idea.band, idea.p_top) for idea in standing.ideas] == [("A", 1.0), ("A", 1.0)]
    assert (standing.places, standing.places_left) == (2, 0)


@pytest.mark.parametrize("rows", [[], [(0, 0, 0)], [(0, 0, 0)] * 3, [(1, 0, 0)], [(0, 0, 1)], [(6, 0, 0)] * 8])
def test_degenerate_campaigns_have_a_standing(rows: list[tuple[int, int, int]]) -> None:
    standing = made(rows)
    assert len(standing.ideas) == len(rows)
    assert all(idea.too_few == (idea.n == 0) for idea in standing.ideas)


def test_an_idea_without_votes_has_no_place_and_takes_none() -> None:
    standing = made([(9, 1, 0), (1, 9, 0), (0, 0, 0)], k=2)
    assert standing.too_few == (standing.idea(2),)
    assert standing.idea(2).p_top is None
    assert standing.idea(2).band is None
    assert [idea.band for idea in standing.ideas] == ["A", "A", None]


@pytest.mark.parametrize(("votes", "floor"), [([], 1), ([0, 0], 1), ([1, 2, 3], 1), ([4, 8, 12], 2), ([50] * 9, 5)])
def test_the_floor_follows_what_the_campaign_has(votes: list[int], floor: int) -> None:
    assert floor_of(np.array(votes, int)) == floor


def test_the_first_draws_do_not_depend_on_how_many_follow() -> None:
    rows = [(8, 4, 0), (7, 5, 0), (6, 6, 0)]
    short, long = made(rows, k=1, draws=40), made(rows, k=1, draws=400)
    assert all(short.idea(key).inside == long.idea(key).inside[:5] for key in range(3))


def test_memory_is_bounded_by_making_fewer_draws() -> None:
    assert affordable(10_000, 1000) == 1000
    assert affordable(100_000, 1000) == 400
    assert affordable(10**9, 1000) == 100


def test_the_cheap_order_is_the_standings_own() -> None:
    stream = np.random.default_rng(3)
    columns = stream.integers(0, 30, (3, 60))
    cheap, full = order(*columns, seed=4), standings(*columns, k=5, seed=4, draws=100)
    assert [(idea.key, idea.score, idea.low, idea.high, idea.rank) for idea in cheap.ideas] == [
        (idea.key, idea.score, idea.low, idea.high, idea.rank) for idea in full.ideas
    ]
    assert (cheap.prior, cheap.floor) == (full.prior, full.floor)


@pytest.mark.parametrize(
    ("columns", "more", "reason"),
    [
        (([1], [1], [-1]), {}, "passes must be whole numbers"),
        (([1.5], [1], [1]), {}, "agrees must be whole numbers"),
        (([float("nan")], [1], [1]), {}, "agrees must be whole numbers"),
        (([1, 2], [1], [1]), {}, "one entry for each idea"),
        (([1, 2], [1, 1], [1, 1]), {"keys": ["a", "a"]}, "keys must differ"),
        ((["x"], [1], [1]), {}, "flat list of numbers"),
        (([1], [1], [1]), {"k": 0}, "k must be"),
        (([1], [1], [1]), {"seed": -1}, "seed must be"),
        (([1], [1], [1]), {"draws": 0}, "draws must be"),
    ],
)
def test_what_is_no_count_is_refused(columns: tuple[list[float], ...], more: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        standings(*columns, **{"k": 1, "seed": 0, **more})  # type: ignore[arg-type]


def test_importing_scoring_does_not_load_numpy() -> None:
    modules = "scoring.standings, scoring.results, scoring.moves, scoring.units, scoring.record, scoring.cli"
    program = f"import sys, {modules}; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_cut_is_the_last_in_and_the_first_out() -> None:
    standing = made([(95, 5, 0), (50, 50, 0), (5, 95, 0)], k=1, draws=400)
    assert np.mean(standing.cut.last_in) == pytest.approx(0.93, abs=0.03)
    assert np.mean(standing.cut.first_out) == pytest.approx(0.5, abs=0.03)
    assert made([(5, 5, 0)], k=3).cut.last_in == (0.0,) * 100


def test_the_interval_of_the_place_holds_the_place() -> None:
    # Equal ideas: the lot puts one of them first, and its draws are spread over the whole list.
    standing = made([(6, 4, 0)] * 200, k=10)
    assert standing.ideas[0].rank_low == 1
    assert all(idea.rank_low <= idea.rank <= idea.rank_high for idea in standing.ideas)  # type: ignore[operator]
    assert standing.ideas[-1].rank_high == 200
