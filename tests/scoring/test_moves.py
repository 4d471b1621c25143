"""Replays and what-ifs, against the standing they speak of."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.moves import agrees_needed, chance_after, disagrees_needed, replay
from scoring.results import Standing
from scoring.standings import standings


@pytest.fixture(scope="module")
def standing() -> Standing:
    stream = np.random.default_rng(11)
    n = stream.integers(20, 60, 80)
    agrees = stream.binomial(n, stream.beta(3, 2, 80))
    columns = ([*agrees.tolist(), 0], [*(n - agrees).tolist(), 0], [0] * 81)
    return standings(*columns, k=8, seed=2, draws=1000)


def test_replays_are_the_draws_themselves(standing: Standing) -> None:
    for idea in standing.ideas[:30]:
        every = replay(standing, idea.key, n=standing.draws)
        assert np.mean(every) == pytest.approx(idea.p_top, abs=0.05)
        assert replay(standing, idea.key) == every[:20]
        assert replay(standing, idea.key, n=5, start=40) == every[40:45]
        assert replay(standing, idea.key, n=2, start=999) == (every[999], every[0])


def test_in_each_draw_as_many_are_in_as_there_are_places(standing: Standing) -> None:
    draws = np.array([replay(standing, idea.key, n=100) for idea in standing.ideas if not idea.too_few])
    assert (draws.sum(axis=0) == 8).all()


def test_an_idea_with_too_few_votes_has_no_replay_and_no_chance(standing: Standing) -> None:
    assert replay(standing, 80) == ()
    assert chance_after(standing, 80, agrees=9) is None
    assert agrees_needed(standing, 80) is None
    assert disagrees_needed(standing, 80) is None


def test_no_further_vote_changes_nothing(standing: Standing) -> None:
    for idea in standing.ideas[:-1]:
        assert chance_after(standing, idea.key) == pytest.approx(idea.p_top, abs=0.05)


def test_the_chance_after_is_that_of_a_new_standing(standing: Standing) -> None:
    idea = standing.band("B")[2]
    rows = [(i.agrees + 6 * (i.key == idea.key), i.disagrees, i.passes) for i in standing.ideas]
    keys = [i.key for i in standing.ideas]
    anew = standings(*np.array(rows).T, keys=keys, k=8, seed=2, draws=4000, prior=standing.prior)
    assert chance_after(standing, idea.key, agrees=6) == pytest.approx(anew.idea(idea.key).p_top, abs=0.04)


def test_agrees_raise_and_disagrees_lower(standing: Standing) -> None:
    for idea in standing.ideas[:20]:
        chances = [chance_after(standing, idea.key, agrees=votes) or 0 for votes in range(0, 40, 8)]
        assert chances == sorted(chances)
        chances = [chance_after(standing, idea.key, disagrees=votes) or 0 for votes in range(0, 40, 8)]
        assert chances == sorted(chances, reverse=True)


def test_the_fewest_votes_needed_are_just_enough(standing: Standing) -> None:
    key = standing.band("B")[-1].key
    more = agrees_needed(standing, key, chance=0.9)
    assert more
    assert (chance_after(standing, key, agrees=more - 1) or 0) < 0.9 <= (chance_after(standing, key, agrees=more) or 0)
    less = disagrees_needed(standing, standing.ideas[0].key, chance=0.5)
    assert less
    assert (chance_after(standing, standing.ideas[0].key, disagrees=less) or 0) < 0.5
    assert agrees_needed(standing, standing.ideas[-2].key, chance=0.9, most=1) is None


def test_bad_questions_are_refused(standing: Standing) -> None:
    with pytest.raises(KeyError):
        replay(standing, 4711)
    with pytest.raises(ValueError, match="0 or more"):
        chance_after(standing, 0, agrees=-1)
