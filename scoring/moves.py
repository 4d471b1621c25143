"""What would move an idea: replays of the draws, and the chance after a few more votes. Reads a finished standing."""

from __future__ import annotations

from collections.abc import Callable

from scoring.results import Key, Standing


def replay(standing: Standing, key: Key, *, n: int = 20, start: int = 0) -> tuple[bool, ...]:
    """In or out of the first k in `n` of the standing's own draws, from draw `start` on, round again at the end.

    Over all draws the share of True is the idea's chance, but for the averaging with ideas of the same counts.
    Empty where the idea has too few votes. KeyError for an unknown key.
    """
    bits = standing.idea(key).inside
    return tuple(_bit(bits, draw % standing.draws) for draw in range(start, start + n)) if bits else ()


def chance_after(standing: Standing, key: Key, *, agrees: int = 0, disagrees: int = 0) -> float | None:
    """Chance of the first k if that many more people voted for and against this idea, all else as it is.

    The others' draws are kept: in each, the bar is the k-th best of the others; the chance of an agree share above
    it is exact (incomplete beta) and averaged over the draws. A thousandth of the cost of a new standing.
    None where the idea has too few votes. KeyError for an unknown key; ValueError for negative votes.
    """
    import numpy as np

    from scoring.beta import above

    idea = standing.idea(key)
    if min(agrees, disagrees) < 0:
        raise ValueError("agrees and disagrees must be 0 or more")
    if not idea.inside:
        return None
    bits = np.unpackbits(np.frombuffer(idea.inside, np.uint8))[: standing.draws].astype(bool)
    bars = np.where(bits, standing.cut.first_out, standing.cut.last_in)
    return float(above(standing.prior, idea.agrees + agrees, idea.n + agrees + disagrees, bars).mean())


def agrees_needed(standing: Standing, key: Key, *, chance: float = 0.9, most: int = 1_000) -> int | None:
    """Fewest further agrees that lift the idea's chance of the first k to `chance`; None where `most` would not do.

    Bisection, for a further agree never lowers the chance.
    """
    return _fewest(standing, key, most, lambda votes: _after(standing, key, votes, 0) >= chance)


def disagrees_needed(standing: Standing, key: Key, *, chance: float = 0.1, most: int = 1_000) -> int | None:
    """Fewest further disagrees that bring the idea's chance of the first k under `chance`; None as above."""
    return _fewest(standing, key, most, lambda votes: _after(standing, key, 0, votes) < chance)


def _bit(bits: bytes, draw: int) -> bool:
    return bool(bits[draw // 8] >> (7 - draw % 8) & 1)


def _after(standing: Standing, key: Key, agrees: int, disagrees: int) -> float:
    return chance_after(standing, key, agrees=agrees, disagrees=disagrees) or 0.0


def _fewest(standing: Standing, key: Key, most: int, holds: Callable[[int], bool]) -> int | None:
    if standing.idea(key).too_few or not holds(most):
        return None
    low, high = -1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
