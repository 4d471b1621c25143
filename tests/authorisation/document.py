"""The authorisation table as a page for people; `python -m tests.authorisation.document` writes it."""

from __future__ import annotations

from pathlib import Path

from tests.authorisation.cells import OK, SIGN_IN, Row, answers
from tests.authorisation.table import ROWS
from tests.authorisation.world import VIEWERS, VISITOR

PAGE = Path(__file__).parents[2] / "docs" / "authorisation.md"
HEAD = """# Who may do what

This page is written by `python -m tests.authorisation.document` from the table that the tests run
(`tests/authorisation/table*.py`); a test fails when the two differ. Each line is a route in one state of the thing that
its address names. `tests/authorisation/test_table.py` asks every cell through a real client, on both databases, and
`test_guards.py` takes guards away one by one to see the table turn red. A route without a line fails the build.

**Answers.** `ok`: done or shown. `403`: seen, but not for this person. `404`: to this person it does not exist; the
page is, but for its number, the one that a thing that was never there gets. `409`: not at this moment. `410`: a link
that was used or never made. `422`: the form comes back with what is wrong. A visitor is asked to sign in, unless the
line says `public`.

**Who looks.** The campaigns of the states *open*, *voting*, *deciding*, *closed* and *draft* ask one unit; *everybody*
and *box* ask all. Ideas are the author's; comments and the notice are the employee's.

| Viewer | Who it is |
|---|---|
{viewers}

| Route | State | Answers |
|---|---|---|
"""


def lines() -> list[str]:
    return [_line(row, state, spec) for row in ROWS for state, spec in row.states.items()]


def _line(row: Row, state: str, spec: str) -> str:
    said: dict[str, list[str]] = {}
    for viewer, answer in answers(spec, row.public).items():
        if answer != SIGN_IN:
            said.setdefault(answer, []).append(viewer)
    everybody = set(VIEWERS) - (set() if row.public else {VISITOR})
    largest = max(said, key=lambda answer: (len(said[answer]), answer == OK))
    parts = [f"`{answer}` {', '.join(who)}" for answer, who in said.items() if answer != largest]
    parts.append(f"`{largest}` {'all' if set(said[largest]) == everybody else 'the others'}")
    route = f"{row.method} {row.endpoint}{f' ({row.variant})' if row.variant else ''}{' public' if row.public else ''}"
    return f"| {route} | {state} | {'; '.join(parts)} |"


def text() -> str:
    """The whole page."""
    viewers = "\n".join(f"| {name} | {words} |" for name, words in VIEWERS.items())
    return HEAD.format(viewers=viewers) + "\n".join(lines()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
