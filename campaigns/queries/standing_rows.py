"""What the ranking page shows: one idea's row, and the ranking it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaigns.models.shortlist import Shortlist
from ideabox.ideas.models.answer import Standing

#: Draws shown by one replay, and how many replays are kept.
REPLAY, REPLAYS = 20, 10
#: People of one unit under which nothing is told of it.
LEAST = 5


@dataclass
class Placed:
    """One idea's row of the ranking."""

    id: int
    uid: str
    title: str
    outcome: str | None
    hidden: bool
    position: int
    n: int
    agrees: int
    disagrees: int
    score: float
    low: float
    high: float
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    p_top: float | None
    band: str
    cells: list[float]
    replays: str
    up_if: int | None
    down_if: int | None
    bests: int
    readers: int
    objection: str
    chosen: bool = False
    reason: str = ""
    units: list[float | None] = field(default_factory=list)
    units_for: int = 0
    units_heard: int = 0
    units_silent: int = 0

    @property
    def times(self) -> float:
        """Times in 100 among the first k."""
        return 100 * (self.p_top or 0)

    @property
    def passes(self) -> int:
        return self.n - self.agrees - self.disagrees

    @property
    def few_voters(self) -> bool:
        return self.n < LEAST

    def replay(self, number: int) -> list[bool]:
        """One replay of 20 draws: in or out. `number` from 0."""
        bits = "".join(f"{int(digit, 16):04b}" for digit in self.replays)
        return [bit == "1" for bit in bits[number * REPLAY : (number + 1) * REPLAY]]


@dataclass
class Unit:
    """A unit whose people voted on one of the ideas shown."""

    id: int
    name: str


@dataclass
class Ranking:
    """A standing with the rows that the page shows."""

    standing: Standing
    confirmed: Shortlist | None
    clear: list[Placed]
    tie: list[Placed]
    below: list[Placed]
    others: list[Placed]
    selected: Placed | None
    units: list[Unit]
    taken: int

    @property
    def bands(self) -> dict[str, int]:
        counts: dict[str, int] = self.standing.parameters["bands"]
        return counts

    @property
    def ideas(self) -> int:
        return sum(self.bands.values())

    @property
    def places(self) -> int:
        """Places that can be filled: no more than there are ideas placed."""
        count: int = self.standing.parameters["places"]
        return count

    @property
    def left(self) -> int:
        return max(self.places - self.taken, 0)

    @property
    def shown(self) -> list[Placed]:
        return [*self.clear, *self.tie]
