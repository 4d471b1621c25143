"""Ideas near a text: candidates by their rarest shared stems, then ordered by shared stems and shared letters.

Measured on 412 questions closed as duplicates: mean reciprocal rank .48, where BM25 has .39 and word TF-IDF .45.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Float, Row, String, bindparam, case, cast, func, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from ideabox import text
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.models.term import IdeaTerm
from ideabox.ideas.queries import prepared
from ideabox.ideas.queries.visible import idea_visible_to
from ideabox.viewer import Viewer

#: Stems asked for, stems followed (the rarest, those of the title before others), and where counting a stem stops.
ASKED, FOLLOWED, COMMON = 48, 24, 300
ALWAYS_FOLLOWED = 4
HITS, CANDIDATES = 200, 40
#: How a title's stem outweighs another. The score is so much of stems, the rest of titles' letters; LEAST is shown.
TITLE_WEIGHT = 3.0
STEMS_SHARE = 0.6
LEAST = 0.15
READ_CHARACTERS, USUAL_LENGTH = 4000, 200
COLUMNS = (
    Idea.id,
    Idea.uid,
    Idea.title,
    Idea.excerpt,
    Idea.stage,
    Idea.outcome,
    Campaign.phase,
    Campaign.uid.label("campaign_uid"),
    Campaign.question,
    IdeaTally.readers,
)
_PIECES = re.compile(r"\w+|\W+")


@dataclass(frozen=True)
class Near:
    """An idea near a text. `score` is 0 to 1. `shared` are words of its title and excerpt that the text holds too;
    `parts` is its title cut into (is shared, words)."""

    id: int
    uid: str
    title: str
    excerpt: str
    stage: str
    outcome: str | None
    phase: str
    campaign_uid: str
    question: str
    readers: int
    score: float
    shared: tuple[str, ...]
    parts: tuple[tuple[bool, str], ...]


def similar(
    viewer: Viewer, title: str, body: str = "", *, campaign_id: int | None = None, but: int = 0, limit: int = 5
) -> list[Near]:
    """Visible ideas near a text, the nearest first, in one statement. `but` is the id of an idea to leave out."""
    asked = _asked(title, body)
    if not asked:
        return []
    titles = [stem for stem, of_title in asked.items() if of_title]
    given = {"stems": json.dumps(list(asked)), "titles": json.dumps(titles), "but": but}
    if campaign_id is None:
        rows = prepared.run(_anywhere, viewer, **given).all()
    else:
        rows = prepared.run(_in_campaign, viewer, **given, campaign_id=campaign_id).all()
    scored = zip(_scores(rows, asked, title), rows, strict=True)
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1].id))[:limit]
    return [_near(row, score, asked) for score, row in best if score >= LEAST]


def near_one(viewer: Viewer, uid: str) -> Near | None:
    """One idea as `similar` would return it, with nothing shared: the one that an author compares to."""
    row = prepared.run(_one, viewer, uid=uid).one_or_none()
    return Near(**row._asdict(), score=0.0, shared=(), parts=((False, row.title),)) if row else None


def _one(viewer: Viewer) -> Any:
    query = select(*COLUMNS).join(Campaign, Campaign.id == Idea.campaign_id)
    query = query.join(IdeaTally, IdeaTally.idea_id == Idea.id).where(Idea.uid == bindparam("uid"))
    return query.where(idea_visible_to(viewer), Idea.stage.in_(LIVE))


def _asked(title: str, body: str) -> dict[str, bool]:
    """Stems of the text in both languages, and whether each is of the title."""
    found: dict[str, bool] = {}
    for part, of_title in ((title, True), (body[:READ_CHARACTERS], False)):
        for word in text.words(part):
            if len(found) >= ASKED:
                return found
            if text.tells(word):
                for stem in text.stems_of(word):
                    found.setdefault(stem, of_title)
    return found


def _in_campaign(viewer: Viewer) -> Any:
    return _anywhere(viewer).where(Idea.campaign_id == bindparam("campaign_id"))


def _anywhere(viewer: Viewer) -> Any:
    """Rows of idea, campaign and `stems` ('stem:count stem:count'), those with the rarest shared stems first."""
    hits = _hits(_followed(_counted()))
    return (
        select(*COLUMNS, hits.c.stems)
        .select_from(hits)
        .join(Idea, Idea.id == hits.c.idea_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .where(idea_visible_to(viewer), Idea.stage.in_(LIVE), Idea.hidden_at.is_(None), Idea.id != bindparam("but"))
        .order_by(hits.c.rarity.desc(), Idea.id)
        .limit(CANDIDATES)
    )


def _counted() -> CTE:
    """Each stem asked for, how many ideas hold it (counting stops at COMMON), and its weight."""
    given, titles = _listed("stems"), _listed("titles")
    one_each: Any = select(literal_column("1")).where(IdeaTerm.stem == given.c.value).limit(COMMON).correlate(given)
    held = select(func.count()).select_from(one_each.subquery()).scalar_subquery()
    weight = case((given.c.value.in_(select(titles.c.value)), TITLE_WEIGHT), else_=1.0)
    query = select(given.c.value.label("stem"), held.label("n"), weight.label("weight"))
    # MATERIALIZED, here and below: left alone, both planners count again for each row.
    return query.cte("counted").prefix_with("MATERIALIZED")


def _followed(counted: CTE) -> CTE:
    """The stems worth following: rare ones, and a few of the rest so that common words alone find something too."""
    place = func.row_number().over(order_by=(counted.c.n / counted.c.weight, counted.c.stem)).label("place")
    placed = select(counted.c.stem, counted.c.n, counted.c.weight, place).where(counted.c.n > 0).subquery("placed")
    rare = or_(placed.c.n < COMMON, placed.c.place <= ALWAYS_FOLLOWED)
    query = select(placed.c.stem, placed.c.n, placed.c.weight).where(placed.c.place <= FOLLOWED, rare)
    return query.cte("followed").prefix_with("MATERIALIZED")


def _hits(followed: CTE) -> CTE:
    """The ideas that hold followed stems, those with the rarest first."""
    rarity = func.sum(IdeaTerm.weight * followed.c.weight / (cast(followed.c.n, Float) + 20.0)).label("rarity")
    tagged = func.aggregate_strings(followed.c.stem + ":" + cast(followed.c.n, String), " ").label("stems")
    query = (
        select(IdeaTerm.idea_id, rarity, tagged)
        .select_from(followed)
        .join(IdeaTerm, IdeaTerm.stem == followed.c.stem)
        .group_by(IdeaTerm.idea_id)
        .order_by(rarity.desc(), IdeaTerm.idea_id)
        .limit(HITS)
    )
    return query.cte("hits").prefix_with("MATERIALIZED")


class json_texts(GenericFunction[str]):
    """The texts of a JSON list as rows: one bound value, so that the statement is the same whatever its length."""

    inherit_cache = True


@compiles(json_texts, "sqlite")
def _json_texts_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(json_texts, "postgresql")
def _json_texts_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSON))"


def _listed(name: str) -> Any:
    return json_texts(bindparam(name, type_=String)).table_valued("value", name=f"given_{name}")


def _scores(rows: Sequence[Row[Any]], asked: dict[str, bool], title: str) -> list[float]:
    """0 to 1 for each row: shared stems, worth less in long texts (they hold all), and letters the titles share."""
    ours = text.trigrams(title)
    scores = []
    for row, stems in zip(rows, _stem_scores(rows, asked), strict=True):
        length = (30 + len(row.title) + len(row.excerpt)) / USUAL_LENGTH
        theirs = text.trigrams(row.title)
        letters = _overlap(len(ours & theirs), len(ours), len(theirs))
        scores.append(STEMS_SHARE * min(stems / length**0.3, 1.0) + (1 - STEMS_SHARE) * letters)
    return scores


def _stem_scores(rows: Sequence[Row[Any]], asked: dict[str, bool]) -> list[float]:
    """The share of the followed stems' worth that each row holds; a stem is worth more the fewer ideas hold it."""
    tags = {tag for row in rows for tag in row.stems.split(" ")}
    worth = {
        tag: math.log(2 * COMMON / (int(n) + 0.5)) * (1 + asked[stem])
        for tag, (stem, n) in ((tag, tag.rsplit(":", 1)) for tag in tags)
    }
    whole = sum(worth.values())
    return [sum(worth[tag] for tag in row.stems.split(" ")) / whole for row in rows]


def _overlap(shared: float, ours: float, theirs: float) -> float:
    """Dice's coefficient: what both have, of what they have on average."""
    return 2 * shared / (ours + theirs) if ours + theirs > 0 else 0.0


def _near(row: Row[Any], score: float, asked: dict[str, bool]) -> Near:
    columns = row._asdict()
    del columns["stems"]
    parts = _parts(row.title, asked)
    shared: dict[str, str] = {}
    for is_shared, word in (*parts, *_parts(row.excerpt, asked)):
        if is_shared:
            shared.setdefault(word.casefold(), word)
    return Near(**columns, score=score, shared=tuple(shared.values()), parts=parts)


def _parts(words: str, asked: dict[str, bool]) -> tuple[tuple[bool, str], ...]:
    """A text cut into runs of (shared with what was asked, words as written)."""
    parts: list[tuple[bool, str]] = []
    for piece in _PIECES.findall(words):
        token = "".join(text.words(piece))
        is_shared = text.tells(token) and any(stem in asked for stem in text.stems_of(token))
        if parts and not is_shared and not parts[-1][0]:
            parts[-1] = (False, parts[-1][1] + piece)
        else:
            parts.append((is_shared, piece))
    return tuple(parts)
