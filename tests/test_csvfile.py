"""CSV files: what is wrong is named with its line; what leaves cannot run in a spreadsheet."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from flask import Flask

from ideabox.csvfile import CsvFault, csv_response, csv_safe, csv_text, read

HEADER = b"email,name\n"


def rows(data: bytes, **options: object) -> list[tuple[int, dict[str, str]]]:
    return list(read(data, name="people.csv", **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        "email,name\na@b.example,Zoé\n".encode(),
        "\ufeffemail,name\r\na@b.example,Zoé\r\n".encode(),
        "Email ; NAME\na@b.example;Zoé".encode(),
        "email\tname\n\na@b.example\tZoé\t\t\n".encode(),
        'email,name\r"a@b.example","Zoé"\r'.encode(),
    ],
    ids=["plain", "bom", "semicolons", "tabs", "carriage-returns"],
)
def test_what_spreadsheets_write_is_read(data: bytes) -> None:
    [(_line, row)] = rows(data, required=("email", "name"))
    assert (row["email"].strip(), row["name"].strip()) == ("a@b.example", "Zoé")


def test_lines_are_those_of_the_file() -> None:
    data = b'email,name\n\na@b.example,"Ann\nLee"\nc@d.example,Bo\n'
    assert [(line, row["name"]) for line, row in rows(data)] == [(3, "Ann\nLee"), (5, "Bo")]


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 0, "empty"),
        (b"\n\n", 0, "empty"),
        (b"name\nAda\n", 1, "missing: email"),
        (b"email,name,email\n", 1, "twice: email"),
        (HEADER + b"a@b.example\n", 2, "1 cells, the header has 2"),
        (HEADER + b"a@b.example,Ada,more\n", 2, "3 cells, the header has 2"),
        (HEADER + b"a@b.example,A\0da\n", 2, "NUL"),
        (HEADER + b"x@y.example,Xi\n" + "a@b.example,Zoé\n".encode("cp1252"), 3, "Windows-1252"),
        (HEADER + b"a@b.example,\x81\xff\n", 2, "not UTF-8"),
        ("email,name\n".encode("utf-16"), 1, "UTF-16"),
        (HEADER + b'a@b.example,"Ada\nb@c.example,Bo\n', 2, "never closed"),
        (HEADER + b'a@b.example,"Ada"x\n', 2, "quotes"),
        (HEADER + b"a@b.example," + b"x" * 101 + b"\n", 2, "101 characters; 100 are allowed"),
        (HEADER + b'a@b.example,"' + b"x" * 140_000 + b"\n", 2, "too long"),
    ],
)
def test_a_fault_is_named_with_its_line(data: bytes, line: int, words: str) -> None:
    with pytest.raises(CsvFault, match=words) as caught:
        rows(data, required=("email", "name"), max_field=100)
    assert (caught.value.file, caught.value.line) == ("people.csv", line)


def test_files_on_disk(tmp_path: Path) -> None:
    packed = tmp_path / "people.csv.gz"
    packed.write_bytes(gzip.compress(HEADER + b"a@b.example,Ada\n"))
    assert [row["name"] for _, row in read(packed)] == ["Ada"]
    packed.write_bytes(packed.read_bytes()[:-12])
    with pytest.raises(CsvFault, match=r"people\.csv\.gz: .*cut short"):
        list(read(packed))
    packed.write_bytes(b"not packed at all")
    with pytest.raises(CsvFault, match="damaged"):
        list(read(packed))
    with pytest.raises(CsvFault, match="no such file"):
        list(read(tmp_path / "gone.csv"))
    with pytest.raises(CsvFault, match="cannot be opened"):
        list(read(tmp_path))


def test_a_packed_bomb_is_not_unpacked_whole(tmp_path: Path) -> None:
    packed = tmp_path / "bomb.csv.gz"
    packed.write_bytes(gzip.compress(b"a" * 30_000_000))
    with pytest.raises(CsvFault, match="larger than 1 MB"):
        list(read(packed, max_bytes=1024 * 1024))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x")'])
def test_no_cell_starts_a_formula(cell: str) -> None:
    assert csv_safe(cell) == "'" + cell
    text = csv_text(["name"], [[cell]])
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == ["'" + cell]


def test_numbers_and_plain_words_stay() -> None:
    assert [csv_safe(value) for value in (-1.5, 3, "a=b", "", None)] == [-1.5, 3, "a=b", "", ""]


def test_a_download_opens_in_a_spreadsheet(app: Flask) -> None:
    answer = csv_response("idées.csv", ["idea", "n"], [["Zoé", -1]])
    assert answer.data == b"\xef\xbb\xbf" + "idea,n\r\nZoé,-1\r\n".encode()
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
