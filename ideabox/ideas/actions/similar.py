"""Keep the index of stems in step with the ideas, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import delete, select

from ideabox import bulk, text
from ideabox.database import db
from ideabox.ideas.models.idea import LIVE, Idea
from ideabox.ideas.models.term import IdeaTerm

#: Stems kept of one idea, and characters read of its body: beyond them a long text adds noise, not nearness.
MOST_STEMS = 80
READ_CHARACTERS = 6000
BATCH = 500


def weighted_stems(title: str, body: str) -> dict[str, int]:
    """The stems of an idea: 2 for those of the title, 1 for others, at most MOST_STEMS, in order of appearance."""
    body = body[:READ_CHARACTERS]
    lang = text.language(text.words(f"{title} {body}"))
    found = dict.fromkeys(islice(dict.fromkeys(text.stems(title, lang)), MOST_STEMS), 2)
    for stem in text.stems(body, lang):
        if len(found) >= MOST_STEMS:
            break
        found.setdefault(stem, 1)
    return found


def index(idea_id: int, title: str, body: str) -> None:
    """Write the stems of a new idea."""
    index_many([(idea_id, title, body)])


def reindex(idea_id: int, title: str, body: str) -> None:
    """Write the stems of an idea anew, after a change of its text."""
    forget(idea_id)
    index(idea_id, title, body)


def forget(idea_id: int) -> None:
    """Take an idea out of the index: it was withdrawn."""
    db.session.execute(delete(IdeaTerm).where(IdeaTerm.idea_id == idea_id))


def index_many(ideas: Iterable[tuple[int, str, str]]) -> int:
    """Write the stems of ideas not yet in the index, given as (id, title, body). Returns how many rows that made."""
    rows = [
        {"stem": stem, "idea_id": idea_id, "weight": weight}
        for idea_id, title, body in ideas
        for stem, weight in weighted_stems(title, body).items()
    ]
    if rows:
        bulk.insert(IdeaTerm, rows)
    return len(rows)


def rebuild() -> int:
    """Write the whole index anew, in one transaction the caller commits. Returns the number of ideas."""
    db.session.execute(delete(IdeaTerm))
    query: Any = select(Idea.id, Idea.title, Idea.body).where(Idea.stage.in_(LIVE)).order_by(Idea.id)
    ideas = db.session.execute(query).all()
    for start in range(0, len(ideas), BATCH):
        index_many([(row.id, row.title, row.body) for row in ideas[start : start + BATCH]])
    return len(ideas)
