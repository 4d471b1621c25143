"""A CSV file's bytes as rows of text, or one sentence that says which line is wrong and why."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader


class BadInput(ValueError):
    """A file that cannot be used: one sentence with file, line and reason."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells of the wanted columns without blanks around them, and the line of the file each row ends on."""

    name: str
    columns: dict[str, list[str]]
    lines: list[int]

    def wrong(self, row: int, reason: str) -> BadInput:
        """The complaint about one row."""
        return BadInput(f"{self.name}, line {self.lines[row]}: {reason}")


def read_sheet(data: bytes, name: str, needed: tuple[str, ...], known: tuple[str, ...] = ()) -> Sheet:
    """Columns of a CSV: UTF-8 with or without a mark; comma, semicolon or tab; header in any case; no empty lines.

    `name` is what messages call the file; `needed` columns must be there, `known` ones are read where they are,
    others are ignored. BadInput for anything else.
    """
    head = _checked(data, name)
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=max(",;\t", key=head.count), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(row for row in reader if row)]
        _check(header, needed, f"{name}, line {reader.line_num}")
        places = {column: header.index(column) for column in (*needed, *known) if column in header}
        sheet = Sheet(name, {column: [] for column in places}, [])
        _fill(sheet, reader, len(header), places)
    except csv.Error as error:
        raise BadInput(f"{name}, line {reader.line_num}: not readable as CSV ({error})") from None
    if not sheet.lines:
        raise BadInput(f"{name}, line {reader.line_num}: a header, but no row below it")
    return sheet


def _fill(sheet: Sheet, reader: Reader, width: int, places: dict[str, int]) -> None:
    # A name stands in many rows: kept once, a million rows take a third of the memory.
    once: dict[str, str] = {}
    keep = once.setdefault
    columns = [(places[name], cells.append) for name, cells in sheet.columns.items()]
    for row in reader:
        if len(row) != width and row:
            raise BadInput(f"{sheet.name}, line {reader.line_num}: {_cells(row)} where the header has {width}")
        if row:
            for place, add in columns:
                cell = row[place].strip()
                add(keep(cell, cell))
            sheet.lines.append(reader.line_num)


def _checked(data: bytes, name: str) -> str:
    """The first line, once all bytes are known to be text."""
    if not data.strip():
        raise BadInput(f"{name}, line 1: the file is empty")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadInput(f"{name}, line 1: the text is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"the byte 0x{data[error.start]:02x} is not UTF-8 text; save the file as UTF-8"
        raise BadInput(f"{name}, line {line}: {reason}") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadInput(f"{name}, line {line}: a NUL byte, which no text holds")
    if not text.strip():
        raise BadInput(f"{name}, line 1: the file is empty")
    return text.lstrip().split("\n", 1)[0]


def _check(header: list[str], needed: tuple[str, ...], where: str) -> None:
    missing = [column for column in needed if column not in header]
    if missing:
        found = ", ".join(f"'{column[:40]}'" for column in header[:8])
        raise BadInput(f"{where}: no column '{missing[0]}' (found {found}; needed {', '.join(needed)})")
    twice = [column for column in header if column and header.count(column) > 1]
    if twice:
        raise BadInput(f"{where}: the column '{twice[0][:40]}' is there twice")


def _cells(row: list[str]) -> str:
    return "1 cell" if len(row) == 1 else f"{len(row)} cells"
