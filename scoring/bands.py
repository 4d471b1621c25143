"""Tie bands: which ideas are surely in, which the votes cannot tell apart from the cut, which are below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.counts import Floats
from scoring.results import Band

CLEAR = (0.9, 0.99, 1.0)
"""Bars of band A, tried in turn. At the last an idea is in at every draw, so no more than k can be."""

BELOW = (0.1, 0.05, 0.01, 0.001, 1e-9)
"""Bars of band C, tried in turn. Below the last nothing is left: the chances sum to k."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Letters of J ideas, places that A leaves open, and the bars that were used."""

    letters: tuple[Band, ...]
    places_left: int
    clear_at: float
    below_at: float


def bands(p_top: Floats, k: int) -> Bands:
    """Bands of J ideas from their chance of being among the first k, shape (J,), 0 to 1.

    A clear: chance >= clear_at (90 in 100). C below: chance < below_at (10 in 100). B tie: the rest, the ideas
    among which the cut runs. The bars move only where those would lie to the reader:
    - more ideas than places look clear, or all places are clear and yet an idea outside still has a chance: the bar
      of A rises (99 in 100, then every draw), until what presses on the cut stands in the tie;
    - the tie holds no more ideas than places left: the bar of C falls, until there is something to choose from.
    So either B is empty, no place is left and nobody is tied; or B holds more ideas than the places left, one or more.
    Where k is no less than the number of ideas, all are clear.
    """
    places = min(k, p_top.size)
    for clear_at in CLEAR:
        clear = p_top >= clear_at - 1e-9
        left = places - int(clear.sum())
        if left > 0 or (left == 0 and not (~clear & (p_top >= BELOW[0])).any()):
            break
    below_at = BELOW[0]
    if left > 0:
        below_at = next((bar for bar in BELOW if (~clear & (p_top >= bar)).sum() > left), BELOW[-1])
    tied = ~clear & (p_top >= below_at) if left > 0 else np.zeros_like(clear)
    letters = np.where(clear, "A", np.where(tied, "B", "C")).tolist()
    return Bands(tuple(letters), left, clear_at, below_at)
