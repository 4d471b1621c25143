"""Support by unit: how many units are for an idea, of those in which enough people voted to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

KAPPA: Final = 8.0
"""Votes that the campaign's own share weighs in each unit."""

LEAST: Final = 5
"""Votes under which a unit is "too few": neither its share nor its side is told."""


@dataclass(frozen=True, slots=True)
class UnitSupport:
    """One idea: shrunken agree share by unit (None: too few), units at half or more, and units large enough."""

    shares: tuple[float | None, ...]
    units_for: int
    units_heard: int


def unit_support(agrees: ArrayLike, votes: ArrayLike, score: ArrayLike) -> tuple[UnitSupport, ...]:
    """Support of J ideas in G units, in the order given.

    agrees, votes: shape (G, J), 0 <= agrees <= votes; a pass is a vote that is not for. score: (J,), the idea's
    shrunken agree share over all units, in [0, 1]. Share of a unit = (A + kappa p) / (N + kappa): a small unit leans on
    what all units say. ValueError for shapes or counts that do not fit.
    """
    import numpy as np

    hits, seen, share = np.asarray(agrees, float), np.asarray(votes, float), np.asarray(score, float)
    if hits.ndim != 2 or hits.shape != seen.shape or share.shape != hits.shape[1:]:
        raise ValueError("agrees and votes must be units x ideas, and score one number for each idea")
    if not ((hits >= 0) & (hits <= seen) & np.isfinite(seen)).all() or not ((share >= 0) & (share <= 1)).all():
        raise ValueError("agrees must lie between 0 and votes, and score between 0 and 1")
    shrunk = (hits + KAPPA * share) / (seen + KAPPA)
    heard = seen >= LEAST
    return tuple(_support(*column) for column in zip(shrunk.T.tolist(), heard.T.tolist(), strict=True))


def _support(shrunk: list[float], heard: list[bool]) -> UnitSupport:
    shares = tuple(share if enough else None for share, enough in zip(shrunk, heard, strict=True))
    return UnitSupport(shares, sum(share is not None and share >= 0.5 for share in shares), sum(heard))
