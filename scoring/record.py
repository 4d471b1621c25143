"""A standing as plain JSON and back, and its digest: what is frozen when voting closes, and can be recomputed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from scoring.results import STRIP_CELLS, Cut, IdeaStanding, Prior, Standing

FORMAT = 1
_DIGITS = ("score", "low", "high", "p_top")
_PLAIN = tuple(name for name in IdeaStanding.__slots__ if name not in ("strip", "inside"))
_LAST = (0.0,) * (STRIP_CELLS - 1) + (1.0,)


def record(standing: Standing) -> dict[str, Any]:
    """The standing as JSON types, floats at six digits; an idea never inside the first k takes one short line."""
    plain = {name: getattr(standing, name) for name in Standing.__slots__ if name not in ("ideas", "prior", "cut")}
    prior = {"a": standing.prior.a, "b": standing.prior.b}
    cut = {"last_in": list(standing.cut.last_in), "first_out": list(standing.cut.first_out)}
    return {"format": FORMAT, **plain, "prior": prior, "cut": cut, "ideas": [_idea(idea) for idea in standing.ideas]}


def digest(recorded: dict[str, Any]) -> str:
    """SHA-256 in hex of a record, whatever the order of its names."""
    text = json.dumps(recorded, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def restore(recorded: dict[str, Any]) -> Standing:
    """The standing of a record, without numpy. ValueError for another format."""
    if recorded.get("format") != FORMAT:
        raise ValueError(f"this standing has format {recorded.get('format')!r}; this version reads {FORMAT}")
    rest = {name: value for name, value in recorded.items() if name not in ("format", "ideas", "prior", "cut")}
    cut = Cut(*(tuple(recorded["cut"][name]) for name in ("last_in", "first_out")))
    ideas = tuple(_restored(idea, recorded["draws"]) for idea in recorded["ideas"])
    return Standing(**rest, prior=Prior(**recorded["prior"]), cut=cut, ideas=ideas)


def _idea(idea: IdeaStanding) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(idea, name) for name in _PLAIN}
    row |= {"n": idea.n} | {name: round(row[name], 6) for name in _DIGITS if row[name] is not None}
    if idea.strip != _LAST and idea.strip:
        row["strip"] = list(idea.strip)
    if any(idea.inside):
        row["inside"] = idea.inside.hex()
    return row


def _restored(row: dict[str, Any], draws: int) -> IdeaStanding:
    placed = row["rank"] is not None
    strip = tuple(row.get("strip", _LAST if placed else ()))
    inside = bytes.fromhex(row["inside"]) if "inside" in row else bytes(-(-draws // 8) if placed else 0)
    return IdeaStanding(**{name: row[name] for name in _PLAIN}, strip=strip, inside=inside)
