"""Vote counts per idea, checked once and put in one order, so that nothing later depends on the order of input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.results import Key

Ints = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]

FEW = 5
"""Votes under which an idea is too little judged, in a campaign that has votes to compare with."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of J ideas, sorted by key: `agrees` and `n` (agrees, disagrees and passes) of shape (J,)."""

    keys: tuple[Key, ...]
    agrees: Ints
    disagrees: Ints
    passes: Ints

    @property
    def n(self) -> Ints:
        """Votes per idea."""
        return self.agrees + self.disagrees + self.passes

    def pick(self, mask: NDArray[np.bool_]) -> Counts:
        """The ideas where the mask of shape (J,) is true."""
        keys = tuple(key for key, kept in zip(self.keys, mask.tolist(), strict=True) if kept)
        return Counts(keys, self.agrees[mask], self.disagrees[mask], self.passes[mask])


def counts(agrees: ArrayLike, disagrees: ArrayLike, passes: ArrayLike, keys: Sequence[Key] | None) -> Counts:
    """Check and sort counts; `keys` default to the positions 0..J-1.

    Raises ValueError: arrays of unequal length, a count that is negative or no whole number, a key twice.
    """
    given = {"agrees": agrees, "disagrees": disagrees, "passes": passes}
    columns = [_whole(values, name) for name, values in given.items()]
    names: Sequence[Key] = range(columns[0].size) if keys is None else keys
    if len({len(names), *(column.size for column in columns)}) != 1:
        raise ValueError("agrees, disagrees, passes and keys must have one entry for each idea")
    if len(set(names)) != len(names):
        raise ValueError("keys must differ from idea to idea")
    rows = sorted(range(len(names)), key=names.__getitem__)
    return Counts(tuple(names[row] for row in rows), *(column[rows] for column in columns))


def floor_of(n: Ints) -> int:
    """Votes an idea needs to be placed: five, or fewer where the whole campaign has few.

    A quarter of the median of the ideas that have votes, between 1 and FEW: a team of six can still be ranked,
    and in a busy campaign an idea that only its first readers saw is told apart as not yet judged.
    """
    voted = n[n > 0]
    return int(np.clip(np.median(voted) // 4, 1, FEW)) if voted.size else 1


def _whole(values: ArrayLike, name: str) -> Ints:
    array = np.atleast_1d(np.asarray(values))
    if array.size == 0:
        return np.zeros(0, np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iufb":
        raise ValueError(f"{name} must be a flat list of numbers")
    whole = np.isfinite(array) & (array >= 0) & (array == np.floor(array)) & (array < 2**53)
    if not whole.all():
        raise ValueError(f"{name} must be whole numbers, 0 or more")
    return array.astype(np.int64)
