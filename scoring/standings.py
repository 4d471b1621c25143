"""The public door of ranking: counts in, an order or a standing out.

numpy and scipy are imported inside the functions for their weight alone: a web process that shows no ranking never
loads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scoring.results import Key, Order, Prior, Standing

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

DRAWS = 1_000


def order(
    agrees: ArrayLike,
    disagrees: ArrayLike,
    passes: ArrayLike,
    *,
    seed: int,
    keys: Sequence[Key] | None = None,
    prior: Prior | None = None,
    floor: int | None = None,
) -> Order:
    """Ideas by shrunken agree share with its 90 % interval, without draws: for pages that are read often.

    agrees, disagrees, passes: whole numbers >= 0, one for each idea. A pass counts as a vote that is not for.
    keys: all int or all str, distinct; default 0..J-1. Equal scores fall by lot from `seed` (>= 0) and the keys,
    whatever the order of input. prior: reuse one (from an earlier Order or Standing) and skip the fit.
    floor: votes under which an idea is not placed; default as in `scoring.counts.floor_of`.
    Raises ValueError for counts or keys that are none.
    """
    from scoring.counts import counts
    from scoring.placing import order_of

    return order_of(counts(agrees, disagrees, passes, keys), seed=_natural(seed, "seed", 0), prior=prior, floor=floor)


def standings(
    agrees: ArrayLike,
    disagrees: ArrayLike,
    passes: ArrayLike,
    *,
    k: int,
    seed: int,
    draws: int = DRAWS,
    keys: Sequence[Key] | None = None,
    prior: Prior | None = None,
    floor: int | None = None,
) -> Standing:
    """Full standing: score, 90 % interval of the rank, chance of the top k, rank strip, tie bands.

    Arguments as for `order`; k >= 1: places on the shortlist; draws >= 1: posterior draws, fewer are made above
    40,000 ideas. The same counts, keys, k, seed and draws give the same standing, in whatever order they come.
    Method: Beta shrinkage with (a, b) by marginal likelihood; ranks of posterior draws; shortest 90 % intervals;
    see docs/scoring.md. About 1 s for 10,000 ideas and 1,000 draws. Raises ValueError.
    """
    from scoring.counts import counts
    from scoring.placing import standing_of

    ideas = counts(agrees, disagrees, passes, keys)
    k, seed, draws = _natural(k, "k", 1), _natural(seed, "seed", 0), _natural(draws, "draws", 1)
    return standing_of(ideas, k=k, seed=seed, draws=draws, prior=prior, floor=floor)


def _natural(value: int, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} must be a whole number, {least} or more")
    return value
