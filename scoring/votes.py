"""Votes from a CSV file: one row a vote, the last vote of a person on an idea counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scoring.csvfile import Sheet, read_sheet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VALUES = {"1": 1, "+1": 1, "1.0": 1, "0": 0, "0.0": 0, "-1": -1, "-1.0": -1}


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns, in lower case. `at` may be missing from the file."""

    voter: str = "voter"
    idea: str = "idea"
    vote: str = "vote"
    at: str = "at"


OWN = Columns()
"""The columns of our own format."""


@dataclass(frozen=True, slots=True)
class Votes:
    """Last votes: positions into `voters` and `ideas` (sorted names) and the vote, 1, 0 or -1; each of shape (V,)."""

    voters: tuple[str, ...]
    ideas: tuple[str, ...]
    voter: NDArray[np.int64]
    idea: NDArray[np.int64]
    vote: NDArray[np.int8]

    def tally(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Agrees, disagrees and passes per idea, each of shape (len(ideas),)."""
        import numpy as np

        size = len(self.ideas)
        agrees, disagrees, passes = (np.bincount(self.idea[self.vote == value], minlength=size) for value in (1, -1, 0))
        return agrees, disagrees, passes


def parse_votes(data: bytes, name: str, columns: Columns = OWN) -> Votes:
    """Votes of a CSV file's bytes; `name` is what messages call the file.

    Columns in any order and case, further ones are ignored. With `at` (numbers, or ISO 8601 dates, UTC where no zone
    is given) the latest vote counts, and of two at the same moment the lower one, so that the order of rows never
    matters; without it, the last row counts. Raises BadInput: see `read_sheet`; an empty cell, a vote that is none.
    """
    import numpy as np

    sheet = read_sheet(data, name, (columns.voter, columns.idea, columns.vote), (columns.at,))
    voters, voter = _coded(sheet, columns.voter)
    ideas, idea = _coded(sheet, columns.idea)
    vote = _values(sheet, columns.vote)
    pair = idea * len(voters) + voter
    if columns.at in sheet.columns:
        order = np.lexsort((-vote, _moments(sheet, columns.at), pair))
    else:
        order = np.argsort(pair, kind="stable")
    last = order[np.append(np.diff(pair[order]) != 0, True)]
    return Votes(voters, ideas, voter[last], idea[last], vote[last])


def _coded(sheet: Sheet, column: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    import numpy as np

    cells = sheet.columns[column]
    names = sorted(set(cells))
    if not names[0]:
        raise sheet.wrong(cells.index(""), f"the cell '{column}' is empty")
    codes = dict(zip(names, range(len(names)), strict=True))
    return tuple(names), np.fromiter(map(codes.__getitem__, cells), np.int64, len(cells))


def _values(sheet: Sheet, column: str) -> NDArray[np.int8]:
    import numpy as np

    cells = sheet.columns[column]
    wrong = set(cells) - VALUES.keys()
    if wrong:
        row = next(row for row, cell in enumerate(cells) if cell in wrong)
        raise sheet.wrong(row, f"the vote '{cells[row][:40]}' is none of 1, 0 and -1")
    return np.fromiter(map(VALUES.__getitem__, cells), np.int8, len(cells))


def _moments(sheet: Sheet, column: str) -> NDArray[np.float64]:
    import numpy as np

    cells = sheet.columns[column]
    # All cells are read as the first one is: half numbers, half dates would be no order of time.
    read, kind = (_number, "a number") if _fails(_date, cells[0]) else (_date, "a date like 2026-05-31T17:00:00")
    try:
        return np.fromiter(map(read, cells), np.float64, len(cells))
    except (ValueError, OverflowError):
        row = next(row for row, cell in enumerate(cells) if _fails(read, cell))
        raise sheet.wrong(row, f"'{column}' is '{cells[row][:40]}', not {kind}") from None


def _number(cell: str) -> float:
    value = float(cell)
    if not abs(value) < 2**62:
        raise ValueError(cell)
    return value


def _date(cell: str) -> float:
    if cell.isdigit():
        raise ValueError(cell)
    moment = datetime.fromisoformat(cell)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _fails(read: Callable[[str], float], cell: str) -> bool:
    try:
        read(cell)
    except (ValueError, OverflowError):
        return True
    return False
