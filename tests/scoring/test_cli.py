"""`python -m scoring` as a program: its output, its determinism, its manners."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from scoring.record import digest

ROOT = Path(__file__).parents[2]
HEADER = ["idea", "n", "score", "low", "high", "rank", "rank_low", "rank_high", "p_top", "band"]


def run(*arguments: str, data: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "scoring", *arguments]
    return subprocess.run(
        command, input=data, capture_output=True, cwd=ROOT, env={**os.environ, **environment}, check=False
    )


@pytest.fixture(scope="module")
def lines() -> list[str]:
    chance = random.Random(8)
    return [
        f"u{chance.randrange(60)},idea {number},{1 if chance.random() < number / 30 else chance.choice([0, -1])},{row}"
        for row, number in enumerate(chance.choices(range(30), k=900))
    ]


def file_of(lines: list[str], folder: Path, name: str = "votes.csv") -> str:
    path = folder / name
    path.write_text("voter,idea,vote,at\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_the_table(lines: list[str], tmp_path: Path) -> None:
    done = run("rank", file_of([*lines, "u1,unseen,1,1"], tmp_path), "--k", "5")
    assert (done.returncode, done.stderr) == (0, b"")
    header, *rows = list(csv.reader(io.StringIO(done.stdout.decode())))
    assert header == HEADER
    assert len(rows) == 31
    assert rows[-1][0] == "unseen"
    assert rows[-1][5:] == ["", "", "", "", "too few"]
    placed = [dict(zip(HEADER, row, strict=True)) for row in rows[:-1]]
    assert [int(row["rank"]) for row in placed] == list(range(1, 31))
    assert sum(float(row["p_top"]) for row in placed) == pytest.approx(5, abs=0.01)
    assert all(float(row["low"]) <= float(row["score"]) <= float(row["high"]) for row in placed)
    assert all(int(row["rank_low"]) <= int(row["rank"]) <= int(row["rank_high"]) for row in placed)
    assert {row["band"] for row in placed} == {"A", "B", "C"}
    assert all(len(row[name].partition(".")[2]) == 4 for row in placed for name in ("score", "low", "high", "p_top"))


def test_the_same_seed_gives_the_same_bytes_whatever_the_order_of_rows(lines: list[str], tmp_path: Path) -> None:
    shuffled = random.Random(1).sample(lines, len(lines))
    first = run("rank", file_of(lines, tmp_path), "--seed", "3", PYTHONHASHSEED="1")
    second = run("rank", file_of(shuffled, tmp_path, "other.csv"), "--seed", "3", PYTHONHASHSEED="2")
    assert first.stdout == second.stdout
    assert first.stdout != run("rank", file_of(lines, tmp_path), "--seed", "4").stdout


def test_standard_input_and_json(lines: list[str], tmp_path: Path) -> None:
    path = file_of(lines, tmp_path)
    done = run("rank", "-", "--json", data=Path(path).read_bytes())
    told = json.loads(done.stdout)
    assert told.pop("digest") == digest(told)
    table = list(csv.DictReader(io.StringIO(run("rank", path).stdout.decode())))
    assert [(row["idea"], int(row["n"]), row["band"]) for row in table] == [
        (idea["key"], idea["n"], idea["band"]) for idea in told["ideas"]
    ]


@pytest.mark.parametrize("name", ["absent.csv", ".", "empty.csv", "latin.csv", "odd\nname.csv"])
def test_a_bad_file_is_one_sentence_and_exit_2(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "latin.csv").write_bytes("voter,idea,vote\nZoé,x,1\n".encode("latin-1"))
    done = run("rank", str(tmp_path / name))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().count("\n") == 1
    assert b"Traceback" not in done.stderr


def test_an_unreadable_line_is_named_on_standard_input_too() -> None:
    done = run("rank", "-", data=b"voter,idea,vote\nann,x,7\n")
    assert done.returncode == 2
    assert done.stderr == b"scoring: standard input, line 2: the vote '7' is none of 1, 0 and -1\n"


@pytest.mark.parametrize("option", [("--k", "0"), ("--k", "x"), ("--seed", "-1"), ("--k", "9" * 30), ("--floor", "0")])
def test_options_out_of_range(option: tuple[str, str]) -> None:
    done = run("rank", "-", *option, data=b"voter,idea,vote\nann,x,1\n")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    path = file_of([f"u{row % 50},i{row},1,{row}" for row in range(20_000)], tmp_path)
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "scoring", "rank", path]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told(lines: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "scoring", "rank", file_of(lines, tmp_path)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"scoring: cannot write the result")


def test_no_name_runs_as_a_formula() -> None:
    names = ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "-17", "+4.5"]
    rows = "".join(f"ann,{name},1\n" for name in names)
    told = list(csv.DictReader(io.StringIO(run("rank", "-", data=f"voter,idea,vote\n{rows}".encode()).stdout.decode())))
    assert sorted(row["idea"] for row in told) == sorted(["'=1+1", "'+cmd|x", "'-2+3", "'@SUM(A1)", "-17", "+4.5"])


def test_other_encodings_of_the_terminal(tmp_path: Path) -> None:
    path = file_of(["Zoé,想法,1,1"], tmp_path)
    assert "想法".encode() in run("rank", path, PYTHONIOENCODING="ascii").stdout
