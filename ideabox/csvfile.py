"""CSV in and out: files read strictly, with the line of each fault; exports in which no cell starts a formula."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from flask import Response
from flask_babel import gettext as _

DELIMITERS = (",", ";", "\t")
MAX_BYTES = 200 * 1024 * 1024
MAX_FIELD = 100_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNDEFINED_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


class CsvFault(Exception):
    """A file that cannot be read. `line` counts from 1 (the header); 0 means the file as a whole."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


def read(
    source: Path | bytes,
    *,
    name: str = "",
    required: Sequence[str] = (),
    max_bytes: int = MAX_BYTES,
    max_field: int = MAX_FIELD,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, {column: cell}) for each row; names of columns are trimmed and in lower case.

    Takes UTF-8 with or without BOM; comma, semicolon or tab; a path ending in .gz is unpacked. Empty lines are left
    out. Raises CsvFault at the first thing that is wrong: size, encoding, NUL, quotes, a missing or doubled column,
    a row that is too short or too long, a cell over `max_field` characters. `name` stands for bytes in messages.
    """
    file = name or (source.name if isinstance(source, Path) else "file")
    text = _decode(_load(source, file, max_bytes), file)
    rows = _rows(text, file, _delimiter(text, required), max_field)
    _first, header = next(rows, (0, []))
    columns = _columns(header, file, required)
    for line, row in rows:
        yield line, _by_column(columns, row, file, line)


def _load(source: Path | bytes, file: str, max_bytes: int) -> bytes:
    try:
        data = source if isinstance(source, bytes) else _load_path(source, max_bytes)
    except FileNotFoundError:
        raise CsvFault(file, 0, _("There is no such file.")) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise CsvFault(file, 0, _("The packed file is cut short or damaged. Copy it again.")) from None
    except OSError as error:
        raise CsvFault(file, 0, _("The file cannot be opened: %(why)s.", why=error.strerror or error)) from None
    if len(data) > max_bytes:
        limit = max_bytes // (1024 * 1024)
        raise CsvFault(file, 0, _("The file is larger than %(n)s MB. Split it.", n=limit or "0.1"))
    return data


def _load_path(path: Path, max_bytes: int) -> bytes:
    # One byte beyond the limit is enough to know, and stops a packed bomb.
    with path.open("rb") as file:
        stream: IO[bytes] = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file  # type: ignore[assignment]
        return stream.read(max_bytes + 1)


def _decode(data: bytes, file: str) -> str:
    if data.startswith(_UTF16):
        raise CsvFault(file, 1, _('This is UTF-16. In your spreadsheet, save it as "CSV UTF-8".'))
    if (nul := data.find(b"\0")) >= 0:
        raise CsvFault(
            file, _line_at(data, nul), _("There is a NUL character here: this is not a CSV file, or damaged.")
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CsvFault(file, _line_at(data, error.start), _encoding_fault(data)) from None


def _encoding_fault(data: bytes) -> str:
    if _UNDEFINED_IN_CP1252.isdisjoint(data):
        said = _('This looks like Windows-1252, not UTF-8. In your spreadsheet, save it as "CSV UTF-8".')
    else:
        said = _('This is not UTF-8. In your spreadsheet, save it as "CSV UTF-8".')
    return str(said)


def _line_at(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _delimiter(text: str, required: Sequence[str]) -> str:
    """The one that finds most of the required columns in the header, then most columns."""

    def found(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([_first_line(text)], delimiter=delimiter), [])
        names = {_column_name(cell) for cell in cells}
        return len(names & set(required)), len(cells)

    return max(DELIMITERS, key=found)


def _first_line(text: str) -> str:
    return next((line for line in io.StringIO(text[:MAX_FIELD], newline=None) if line.strip()), "")


def _rows(text: str, file: str, delimiter: str, max_field: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                _check_length(row, file, line, max_field)
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise CsvFault(file, line, _quote_fault(str(error))) from None


def _quote_fault(message: str) -> str:
    if "limit" in message:
        said = _("A cell is far too long; perhaps a closing quote is missing.")
    elif "end of data" in message:
        said = _("A quote is opened here and never closed; perhaps the file is cut short.")
    else:
        said = _("The quotes in this line do not fit: %(why)s.", why=message)
    return str(said)


def _check_length(row: list[str], file: str, line: int, max_field: int) -> None:
    longest = max(len(cell) for cell in row)
    if longest > max_field:
        raise CsvFault(file, line, _("A cell holds %(n)s characters; %(max)s are allowed.", n=longest, max=max_field))


def _column_name(cell: str) -> str:
    return cell.strip().lower()


def _columns(header: list[str], file: str, required: Sequence[str]) -> list[str]:
    if not header:
        raise CsvFault(file, 0, _("The file is empty."))
    names = [_column_name(cell) for cell in header]
    if missing := [column for column in required if column not in names]:
        raise CsvFault(file, 1, _("These columns are missing: %(names)s.", names=", ".join(missing)))
    if doubled := sorted(column for column, times in Counter(names).items() if column and times > 1):
        raise CsvFault(file, 1, _("These columns appear twice: %(names)s.", names=", ".join(doubled)))
    return names


def _by_column(columns: list[str], row: list[str], file: str, line: int) -> dict[str, str]:
    # Spreadsheets add empty cells at the end of a line; anything else that does not fit is a fault.
    if len(row) < len(columns) or any(cell.strip() for cell in row[len(columns) :]):
        said = _("This line has %(n)s cells, the header has %(columns)s.", n=len(row), columns=len(columns))
        raise CsvFault(file, line, said)
    return dict(zip(columns, row, strict=False))


def csv_safe(value: Any) -> Any:
    """A cell that a spreadsheet shows as text: what would start a formula gets a quote mark; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The rows as CSV with comma and CR LF, every cell safe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([csv_safe(cell) for cell in header])
    writer.writerows([csv_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """The rows as a download called `name`, with the BOM that makes spreadsheets read UTF-8."""
    answer = Response(csv_text(header, rows).encode("utf-8-sig"), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
