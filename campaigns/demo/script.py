"""Read what the demo's people wrote: `texts/<campaign>/*.toml`, whose lists are put together."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "texts"
#: In the order in which they were launched, the box first.
NAMES = ("box", "steps", "waste", "night", "search", "week")
#: Columns of Campaign that a brief fills as they are.
BRIEF = (
    "question",
    "lang",
    "phase",
    "template",
    "problem",
    "who_suffers",
    "good_looks_like",
    "in_scope",
    "out_of_bounds",
    "afterwards",
    "questions_answered",
    "prizes",
    "budget",
    "good_limit",
    "best_limit",
    "places",
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Script:
    """One campaign as written. `brief` holds single values, the lists hold tables as their files name them."""

    name: str
    brief: Row
    ideas: list[Row] = field(default_factory=list)
    talk: list[Row] = field(default_factory=list)
    letters: list[Row] = field(default_factory=list)
    drafted: list[Row] = field(default_factory=list)

    def listed(self, name: str) -> list[Row]:
        """A list of the brief, empty when it has none."""
        rows: list[Row] = self.brief.get(name, [])
        return rows

    def open_to_readers(self) -> bool:
        """Whether people still come to read its ideas, and to compare them."""
        return self.brief["phase"] in ("suggest", "improve", "vote")


def read(name: str) -> Script:
    """Raises FileNotFoundError for a name that is not in NAMES."""
    brief: Row = {}
    for file in sorted((FOLDER / name).glob("*.toml")):
        for key, value in tomllib.loads(file.read_text(encoding="utf-8")).items():
            brief[key] = brief[key] + value if key in brief and isinstance(value, list) else value
    if not brief:
        raise FileNotFoundError(FOLDER / name)
    lists = {one: brief.pop(key, []) for one, key in (("ideas", "idea"), ("talk", "talk"), ("letters", "letter"))}
    return Script(name, brief, **lists, drafted=brief.pop("drafted", []))
