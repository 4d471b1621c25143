"""Reading single cells of a source, each fault with its file and line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ideabox.csvfile import CsvFault, read
from ideabox.forms import fault_in
from ideabox.ideas.importing.records import ImportFault

LATEST = datetime(2200, 1, 1, tzinfo=UTC)
TITLE = 200


def rows(path: Path, required: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """All rows of a file; ImportFault names file, line and reason."""
    try:
        return list(read(path, required=required))
    except CsvFault as fault:
        raise ImportFault(str(fault)) from None


def fault(path: Path, line: int, reason: str) -> ImportFault:
    return ImportFault(f"{path.name}, line {line}: {reason}")


def text(path: Path, line: int, column: str, value: str) -> str:
    """A text that both databases can store and everybody can read."""
    if wrong := fault_in(value.replace("\r\n", "\n").replace("\r", "\n")):
        raise fault(path, line, f"{column}: {wrong}")
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def whole(path: Path, line: int, column: str, value: str, low: int, high: int) -> int:
    """A whole number between two bounds."""
    number = int(value) if value.strip().lstrip("-").isdecimal() and len(value) < 20 else None
    if number is None or not low <= number <= high:
        raise fault(path, line, f"{column} is {value[:40]!r}; a whole number from {low} to {high} is expected")
    return number


def from_milliseconds(path: Path, line: int, value: str) -> datetime:
    number = whole(path, line, "timestamp", value, 0, int(LATEST.timestamp() * 1000))
    return datetime.fromtimestamp(number / 1000, UTC)


def moment(path: Path, line: int, column: str, value: str) -> datetime:
    """A moment as 2026-06-28T18:00 or 2026-06-28 18:00:00+02:00; without a zone it is taken as UTC."""
    try:
        read_as = datetime.fromisoformat(value.strip())
    except ValueError:
        raise fault(path, line, f"{column} is {value[:40]!r}; a date like 2026-06-28T18:00 is expected") from None
    return read_as.astimezone(UTC) if read_as.tzinfo else read_as.replace(tzinfo=UTC)


def title_and_body(title: str, body: str) -> tuple[str, str]:
    """A title that fits; what was cut off it stands whole above the text."""
    line = " ".join(title.split())
    if len(line) <= TITLE:
        return line, body
    cut = line[: TITLE - 1].rsplit(" ", 1)[0] + "…"
    return cut, f"{title}\n\n{body}".strip()
