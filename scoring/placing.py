"""From counts to an order or a full standing. `scoring.standings` is the door to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from scoring import beta
from scoring.bands import Bands, bands
from scoring.chances import Chances, chances
from scoring.counts import Counts, Floats, Ints, floor_of
from scoring.draws import affordable
from scoring.results import IdeaStanding, Order, Prior, Scored, Standing

Row = TypeVar("Row", Scored, IdeaStanding)


def order_of(ideas: Counts, *, seed: int, prior: Prior | None, floor: int | None) -> Order:
    """See `scoring.standings.order`."""
    prior, floor = _settled(ideas, prior, floor)
    scores = _scores(prior, ideas)
    rows = _rows(ideas, ideas.n, *scores, _ranks(scores[0], ideas.n >= floor, seed))
    scored = [Scored(key, n, score, low, high, rank or None) for key, n, score, low, high, rank in rows]
    return Order(prior, floor, _sorted(scored))


def standing_of(ideas: Counts, *, k: int, seed: int, draws: int, prior: Prior | None, floor: int | None) -> Standing:
    """See `scoring.standings.standings`."""
    prior, floor = _settled(ideas, prior, floor)
    placed, rest = ideas.pick(ideas.n >= floor), ideas.pick(ideas.n < floor)
    draws = affordable(len(placed.keys), draws)
    found = chances(placed, prior, k=k, seed=seed, draws=draws)
    tie = bands(found.p_top, k)
    return Standing(
        ideas=_sorted(_placed(placed, prior, found, tie, seed) + _unplaced(rest, prior)),
        k=k,
        seed=seed,
        draws=draws,
        floor=floor,
        prior=prior,
        places=min(k, len(placed.keys)),
        places_left=tie.places_left,
        clear_at=tie.clear_at,
        below_at=tie.below_at,
        widening=found.widening,
        cut=found.cut,
    )


def _settled(ideas: Counts, prior: Prior | None, floor: int | None) -> tuple[Prior, int]:
    """The prior is fitted to the ideas that are placed: a first vote or two often come from the author's desk."""
    floor = floor_of(ideas.n) if floor is None else max(1, floor)
    judged = ideas.n >= floor
    return prior or beta.fit_prior(ideas.agrees[judged], ideas.n[judged]), floor


def _scores(prior: Prior, ideas: Counts) -> tuple[Floats, Floats, Floats]:
    return beta.score(prior, ideas.agrees, ideas.n), *beta.interval(prior, ideas.agrees, ideas.n)


def _ranks(score: Floats, judged: NDArray[np.bool_], seed: int) -> Ints:
    """Places from 1 by score, 0 where not judged. Equal scores fall by lot, the same for the same seed and keys."""
    lot = np.random.default_rng([seed, 2**20 + 1]).permutation(score.size)
    order = np.lexsort((lot, -score))
    order = order[judged[order]]
    ranks = np.zeros(score.size, np.int64)
    ranks[order] = np.arange(1, order.size + 1)
    return ranks


def _placed(ideas: Counts, prior: Prior, found: Chances, tie: Bands, seed: int) -> list[IdeaStanding]:
    scores = _scores(prior, ideas)
    rank = _ranks(scores[0], ideas.n > 0, seed)
    low = np.minimum(np.floor(found.low), rank).astype(np.int64)
    high = np.maximum(np.ceil(found.high), rank).astype(np.int64)
    numbers = _rows(ideas, *_votes(ideas), *scores, rank, low, high, found.p_top)
    strips = (tuple(strip) for strip in found.strip.round(6).tolist())
    inside = (bits.tobytes() for bits in found.inside)
    rows = zip(numbers, tie.letters, strips, inside, strict=True)
    return [IdeaStanding(*first, *rest) for first, *rest in rows]


def _unplaced(ideas: Counts, prior: Prior) -> list[IdeaStanding]:
    return [IdeaStanding(*row) for row in _rows(ideas, *_votes(ideas), *_scores(prior, ideas))]


def _votes(ideas: Counts) -> tuple[Ints, Ints, Ints]:
    return ideas.agrees, ideas.disagrees, ideas.passes


def _rows(ideas: Counts, *columns: NDArray[Any]) -> Iterable[tuple[Any, ...]]:
    """Plain Python rows, key first: what numpy holds must not leak into what is stored or printed."""
    return zip(ideas.keys, *(column.tolist() for column in columns), strict=True)


def _sorted(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank, row.key)))
