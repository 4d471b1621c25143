"""What the scoring functions hand back: plain frozen values, without numpy, cheap to import and to store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Key = int | str
Band = Literal["A", "B", "C"]

STRIP_CELLS: Final = 20
"""Cells of a rank strip: ranks 1 to 19, then 20 and beyond."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Beta(a, b) prior of a campaign's agree shares: `a` and `b` read as votes for and votes not for, both > 0."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """Agree share expected of an idea nobody has judged, in (0, 1)."""
        return self.a / (self.a + self.b)

    @property
    def strength(self) -> float:
        """How many votes the prior weighs."""
        return self.a + self.b


@dataclass(frozen=True, slots=True)
class Scored:
    """One idea in a cheap order: shrunken agree share in (0, 1) with its 90 % interval, and its place from 1.

    `rank` is None where the idea has too few votes (`n` below the floor of the order).
    """

    key: Key
    n: int
    score: float
    low: float
    high: float
    rank: int | None


@dataclass(frozen=True, slots=True)
class Order:
    """Ideas by score, best first; those with too few votes last."""

    prior: Prior
    floor: int
    ideas: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class IdeaStanding:
    """One idea in a full standing.

    score, low, high: shrunken agree share and its 90 % interval, in (0, 1).
    rank: place from 1; rank_low (best) and rank_high (worst): 90 % interval of the place, holding `rank`.
    p_top: chance of being among the first k, 0 to 1. band: A clear, B tie, C below.
    strip: share of draws at rank 1, 2, ... 19, and at 20 or beyond; 20 numbers that sum to 1.
    inside: one bit a draw, most significant first: was the idea among the first k in that draw?
    Where n is below the floor there is too little to say: rank, rank_low, rank_high, p_top and band are None.
    """

    key: Key
    agrees: int
    disagrees: int
    passes: int
    score: float
    low: float
    high: float
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    p_top: float | None = None
    band: Band | None = None
    strip: tuple[float, ...] = ()
    inside: bytes = b""

    @property
    def n(self) -> int:
        """Votes the score counts: agrees, disagrees and passes."""
        return self.agrees + self.disagrees + self.passes

    @property
    def too_few(self) -> bool:
        """True where the idea has too few votes to be placed."""
        return self.rank is None


@dataclass(frozen=True, slots=True)
class Cut:
    """The bar an idea must clear, draw by draw: agree share of the k-th and of the (k+1)-th idea, 0 where none is."""

    last_in: tuple[float, ...]
    first_out: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign's standing: ideas by rank, best first, those with too few votes last, and what it was computed with.

    places: min(k, ideas placed). places_left: places that band A leaves open; 0 exactly when band B is empty.
    clear_at, below_at: chance at or above which an idea is in band A, and under which it is in band C.
    widening: factor by which the interval of the likely chosen was widened, >= 1. draws: posterior draws made.
    """

    ideas: tuple[IdeaStanding, ...]
    k: int
    seed: int
    draws: int
    floor: int
    prior: Prior
    places: int
    places_left: int
    clear_at: float
    below_at: float
    widening: float
    cut: Cut

    def band(self, letter: Band) -> tuple[IdeaStanding, ...]:
        """Ideas of one band, by rank."""
        return tuple(idea for idea in self.ideas if idea.band == letter)

    @property
    def too_few(self) -> tuple[IdeaStanding, ...]:
        """Ideas with too few votes to be placed."""
        return tuple(idea for idea in self.ideas if idea.rank is None)

    def idea(self, key: Key) -> IdeaStanding:
        """The idea of this key; KeyError where there is none."""
        for idea in self.ideas:
            if idea.key == key:
                return idea
        raise KeyError(key)
