"""The commands of `python -m scoring`."""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scoring.csvfile import BadInput
from scoring.results import IdeaStanding, Standing
from scoring.votes import parse_votes

if TYPE_CHECKING:
    from scoring.benchmarks.polis import Campaign

HEADER = ("idea", "n", "score", "low", "high", "rank", "rank_low", "rank_high", "p_top", "band")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 2 for bad input, 130 when interrupted."""
    arguments = _parser().parse_args(argv)
    try:
        done = int(arguments.run(arguments))
        sys.stdout.flush()
        return done
    except BadInput as error:
        return _complain(str(error))
    except BrokenPipeError:
        # The reader has seen enough (`| head`). Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _complain(f"cannot write the result: {error.strerror}")
    except KeyboardInterrupt:
        return 130


def rank(arguments: argparse.Namespace) -> int:
    """Rank the ideas of a CSV of votes, to standard output."""
    from scoring.standings import standings

    votes = parse_votes(_read(arguments.file), "standard input" if arguments.file == "-" else arguments.file)
    standing = standings(*votes.tally(), keys=votes.ideas, k=arguments.k, seed=arguments.seed, floor=arguments.floor)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    (_print_json if arguments.json else _print_csv)(standing, sys.stdout)
    return 0


def fidelity(arguments: argparse.Namespace) -> int:
    """Measure on real conversations how well few votes find the best ideas, and print the table."""
    from dataclasses import asdict

    from rich.console import Console
    from rich.progress import track

    from scoring.benchmarks.fidelity import figures

    bar = Console(stderr=True)

    def tracked(conversations: list[Campaign]) -> Iterator[Campaign]:
        return iter(track(conversations, "Conversations", console=bar))

    found = figures(Path(arguments.folder), tracked, arguments.repetitions)
    if arguments.json:
        print(json.dumps([{**asdict(figure), "met": figure.met} for figure in found], indent=1))
    else:
        for figure in found:
            values = "  ".join(f"{name} {value:7.3f}" for name, value in figure.values.items())
            print(f"{figure.measure:36} {values}  bar {figure.bar:5.2f}  {'met' if figure.met else 'NOT MET'}")
    return 0


def simulation(_: argparse.Namespace) -> int:
    """Print the coverage of the intervals on simulated campaigns of 27 kinds."""
    from scoring.benchmarks.simulation import rows

    print("ideas votes strength  equal tails: all  top10  width   shown: all  top10  width  widening")
    for row in rows():
        tails, shown = (" ".join(f"{value:6.3f}" for value in values) for values in (row.equal_tails, row.shortest))
        print(f"{row.ideas:5} {row.votes:5} {row.strength:8.0f}       {tails}        {shown}    {row.widening:5.2f}")
    return 0


def cells(idea: IdeaStanding) -> list[str]:
    """One line of the table, by HEADER: fixed digits, empty where the idea has too few votes."""
    shares = [f"{value:.4f}" for value in (idea.score, idea.low, idea.high)]
    if idea.p_top is None:
        return [_text(str(idea.key)), str(idea.n), *shares, "", "", "", "", "too few"]
    places = [str(place) for place in (idea.rank, idea.rank_low, idea.rank_high)]
    return [_text(str(idea.key)), str(idea.n), *shares, *places, f"{idea.p_top:.4f}", str(idea.band)]


def _print_csv(standing: Standing, out: TextIO) -> None:
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(HEADER)
    lines.writerows(cells(idea) for idea in standing.ideas)


def _print_json(standing: Standing, out: TextIO) -> None:
    from scoring.record import digest, record

    recorded = record(standing)
    json.dump({"digest": digest(recorded), **recorded}, out, ensure_ascii=False)
    out.write("\n")


def _text(name: str) -> str:
    """A name that a spreadsheet would run as a formula is quoted; a plain number is none."""
    runs = name[:1] in ("=", "+", "-", "@", "\t", "\r") and not name[1:].replace(".", "", 1).isdigit()
    return f"'{name}" if runs else name


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except IsADirectoryError:
        raise BadInput(f"{file} is a folder, not a CSV file") from None
    except FileNotFoundError:
        raise BadInput(f"{file}: there is no such file") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None


def _complain(sentence: str) -> int:
    line = "".join(character if character.isprintable() else "?" for character in sentence)
    print(f"scoring: {line}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scoring", description="Rank ideas from votes.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("rank", help="rank the ideas of a CSV of votes")
    command.add_argument("file", help="CSV: voter, idea, vote (1, 0, -1) and, if known, at; - is standard input")
    command.add_argument("--k", type=_whole(1), default=10, help="places on the shortlist (10)")
    command.add_argument("--seed", type=_whole(0), default=0, help="seed of the draws and of the lot among equals (0)")
    command.add_argument("--floor", type=_whole(1), help="votes an idea needs to be placed (1 to 5, by the campaign)")
    command.add_argument("--json", action="store_true", help="everything that was computed, as JSON")
    command.set_defaults(run=rank)
    command = commands.add_parser("fidelity", help="measure recall, regret and coverage on real conversations")
    command.add_argument("folder", help="folder of Polis exports, one conversation (with its votes.csv) in each folder")
    command.add_argument("--repetitions", type=_whole(1), default=20, help="trials for each conversation (20)")
    command.add_argument("--json", action="store_true", help="the figures as JSON")
    command.set_defaults(run=fidelity)
    command = commands.add_parser("simulation", help="measure the coverage of the intervals on simulated campaigns")
    command.set_defaults(run=simulation)
    return parser


class _whole:
    """A whole number, `least` or more, as an argument."""

    def __init__(self, least: int) -> None:
        self.least = least

    def __call__(self, text: str) -> int:
        value = int(text) if text.strip().isdecimal() and len(text) <= 18 else -1
        if value < self.least:
            raise argparse.ArgumentTypeError(f"'{text[:30]}' is no whole number of {self.least} or more")
        return value
