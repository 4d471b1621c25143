"""Posterior draws of every idea's agree share, ranked draw by draw: the source of every chance the product shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.counts import Floats
from scoring.results import STRIP_CELLS

BLOCK = 20
"""Draws made at a time: bounds memory, and each block has its own stream, so that the first 20 draws stand alone."""

MOST_CELLS = 40_000_000
"""Ideas x draws kept at most (80 to 160 MB); beyond, fewer draws are made, never under FEWEST."""

FEWEST = 100


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ranks of J ideas over D draws.

    ranks: (J, D) unsigned, each row sorted, 1 = best. p_top: (J,). strip: (J, STRIP_CELLS) shares.
    inside: (J, ceil(D / 8)) bytes, one bit a draw: among the first k. last_in, first_out: (D,) agree share of the
    k-th and the (k+1)-th idea, 0 where there is none.
    """

    ranks: NDArray[np.unsignedinteger]
    p_top: Floats
    strip: Floats
    inside: NDArray[np.uint8]
    last_in: Floats
    first_out: Floats


def affordable(ideas: int, draws: int) -> int:
    """Draws that fit the memory bound: `draws` up to 40,000 ideas at 1,000 draws, fewer beyond."""
    return min(draws, max(FEWEST, MOST_CELLS // max(ideas, 1)))


def rank_draws(alpha: Floats, beta: Floats, *, k: int, seed: int, draws: int) -> Ranked:
    """Draw shares from Beta(alpha_i, beta_i) and rank them, `draws` times.

    alpha, beta: shape (J,), > 0, in an order that does not depend on the input (sorted keys), for the draws are
    dealt in it. seed >= 0. Cost: about 90 ns an idea and draw.
    """
    ideas = alpha.size
    ranks = np.empty((draws, ideas), np.uint16 if ideas < 2**16 else np.uint32)
    tally = np.zeros(ideas * STRIP_CELLS, np.int64)
    bars = np.zeros((2, draws))
    for start, against in _blocks(alpha, beta, seed, draws):
        stop = start + len(against)
        order, odds = _sorted(against)
        np.put_along_axis(ranks[start:stop], order, np.arange(1, ideas + 1, dtype=ranks.dtype)[None], axis=1)
        head = order[:, : STRIP_CELLS - 1]
        tally += np.bincount((head * STRIP_CELLS + np.arange(head.shape[1])).ravel(), minlength=tally.size)
        for bar, place in enumerate((k - 1, k)):
            if place < ideas:
                bars[bar, start:stop] = 1 / (1 + odds[:, place].astype(np.float64))
    strip = tally.reshape(ideas, STRIP_CELLS) / draws
    strip[:, -1] = np.maximum(0, 1 - strip[:, :-1].sum(axis=1))
    top = ranks <= k
    return Ranked(_rows_sorted(ranks), top.mean(axis=0), strip, np.packbits(top, axis=0).T, bars[0], bars[1])


def _blocks(alpha: Floats, beta: Floats, seed: int, draws: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Odds against (1 - share) / share, (up to BLOCK, J) at a time: they keep apart what shares near 1 would round."""
    size = (BLOCK, alpha.size)
    shapes = alpha.astype(np.float32), beta.astype(np.float32)
    tiny = np.float32(np.finfo(np.float32).tiny)
    for block, start in enumerate(range(0, draws, BLOCK)):
        stream = np.random.default_rng([seed, block])
        hits, misses = (stream.standard_gamma(shape, size=size, dtype=np.float32) for shape in shapes)
        with np.errstate(over="ignore"):
            against = (misses / np.maximum(hits, tiny)).astype(np.float32, copy=False)
        yield start, against[: draws - start]


def _sorted(against: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Order of each row, best (least odds against) first, and its sorted odds.

    The bits of a positive float sort as an integer; with the position below them, one plain sort gives the order,
    and equal odds fall the same way on every processor.
    """
    bits = against.view(np.uint32).astype(np.uint64) << np.uint64(32)
    packed = np.sort(bits | np.arange(against.shape[1], dtype=np.uint64), axis=1)
    order = (packed & np.uint64(0xFFFFFFFF)).astype(np.int64)
    odds: NDArray[np.float32] = (packed >> np.uint64(32)).astype(np.uint32).view(np.float32)
    return order, odds


def _rows_sorted(ranks: NDArray[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    """(D, J) to (J, D) with each idea's ranks in growing order, a slice at a time."""
    rows = np.empty(ranks.shape[::-1], ranks.dtype)
    for start in range(0, ranks.shape[1], 4096):
        rows[start : start + 4096] = np.sort(ranks[:, start : start + 4096].T, axis=1)
    return rows
