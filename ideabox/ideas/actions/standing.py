"""Do it: order a campaign's ideas by their votes, and freeze the order when voting ends.

No person asks for this, so there is no rule to open with: the phase and the counts decide. scoring is imported where it
is used, for numpy weighs more than the rest of the app.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from ideabox import clock, events
from ideabox.database import db, upsert
from ideabox.ideas.models.answer import Standing, StandingRow
from ideabox.ideas.models.campaign import AFTER_VOTE, Campaign
from ideabox.ideas.queries import standing as queries
from ideabox.ideas.queries.standing import Counts
from ideabox.ids import new_uid

if TYPE_CHECKING:
    from scoring.results import IdeaStanding
    from scoring.results import Standing as Scored

METHOD = "beta"
LEVEL = 0.9
REPLAYS = 200
#: Ideas of each band for which we also ask how many more votes would move them; nobody reads further.
MOVED = 60


@dataclass(frozen=True)
class Computed:
    """A standing before it is stored, with its digest and the ids of its ideas by their keys."""

    scored: Scored
    digest: str
    ids: dict[str, int]


def score(counts: Counts, *, places: int, seed: int) -> Computed:
    """Order the ideas. The same counts, places and seed give the same digest on every machine."""
    from scoring.record import digest, record
    from scoring.standings import standings

    scored = standings(counts.agrees, counts.disagrees, counts.passes, k=places, seed=seed, keys=counts.keys)
    return Computed(scored, digest(record(scored)), dict(zip(counts.keys, counts.ids, strict=True)))


def freeze(campaign_id: int) -> Standing | None:
    """Freeze the standing of the closing that a campaign has reached, once; the one there is when it was done already.

    None while votes are still cast, and when nobody stands for a place.
    """
    campaign = db.session.get_one(Campaign, campaign_id)
    if campaign.phase not in AFTER_VOTE:
        return None
    closing = queries.closings_of(campaign_id)
    done = queries.frozen_standing(campaign_id)
    if done is not None and done.closing == closing:
        return done
    return compute(campaign_id, frozen=True)


def compute(campaign_id: int, *, frozen: bool) -> Standing | None:
    """Order the ideas by their votes and store the standing; None when no idea stands for a place.

    Frozen: unique per closing; a parallel worker that was faster wins, and its standing is handed back.
    """
    campaign = db.session.get_one(Campaign, campaign_id)
    counts = queries.counts_of(campaign_id)
    if not counts.ids:
        return None
    computed = score(counts, places=campaign.places, seed=campaign.seed)
    closing = queries.closings_of(campaign_id) if frozen else None
    values = _standing_values(campaign, computed, closing)
    row = upsert(Standing.__table__).values(values).on_conflict_do_nothing().returning(Standing.id)
    claimed = db.session.scalar(row)
    if claimed is None:
        return queries.frozen_standing(campaign_id)
    standing = db.session.get_one(Standing, claimed)
    db.session.execute(insert(StandingRow), _rows(standing.id, computed))
    if frozen:
        events.record(
            "standing.frozen", actor_id=None, campaign_id=campaign_id, subject=standing.uid, digest=standing.digest
        )
    return standing


def refresh(campaign_id: int) -> Standing | None:
    """Compute a standing beside the frozen one, because votes have come since; older ones of its kind go."""
    standing = compute(campaign_id, frozen=False)
    if standing is not None:
        old = delete(Standing).where(Standing.campaign_id == campaign_id, Standing.frozen.is_(False))
        with suppress(IntegrityError), db.session.begin_nested():
            # One that a shortlist was confirmed over stays as its evidence; then all stay.
            db.session.execute(old.where(Standing.id != standing.id))
    return standing


def recount(standing: Standing) -> bool:
    """Whether a stored standing, computed again from the counts it keeps, has the digest it says it has."""
    again = score(queries.stored_counts(standing), places=standing.places, seed=standing.seed)
    return again.digest == standing.digest


@lru_cache(maxsize=1)
def code_version() -> str:
    """Release and a mark of the scoring code itself, so that a later recount knows what it compares."""
    import scoring

    sources = sorted(Path(str(scoring.__file__)).parent.glob("*.py"))
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    return f"{_release()}+{mark}"


def _release() -> str:
    try:
        return metadata.version("ideabox")
    except metadata.PackageNotFoundError:
        return "source"


def _standing_values(campaign: Campaign, computed: Computed, closing: int | None) -> dict[str, Any]:
    turnout = queries.turnout_of(campaign.id)
    return {
        "uid": new_uid(),
        "campaign_id": campaign.id,
        "frozen": closing is not None,
        "closing": closing,
        "computed_at": clock.now(),
        "votes": turnout.votes,
        "voters": turnout.voters,
        "places": campaign.places,
        "method": METHOD,
        "seed": campaign.seed,
        "code_version": code_version(),
        "parameters": _parameters(computed.scored) | {"units": turnout.units},
        "digest": computed.digest,
    }


def _parameters(scored: Scored) -> dict[str, Any]:
    seen = sorted(idea.n for idea in scored.ideas)
    bars = sorted(scored.cut.last_in)
    return {
        "alpha": scored.prior.a,
        "beta": scored.prior.b,
        "k": scored.k,
        "draws": scored.draws,
        "level": LEVEL,
        "floor": scored.floor,
        "widening": scored.widening,
        "clear_at": scored.clear_at,
        "below_at": scored.below_at,
        "places": scored.places,
        "places_left": scored.places_left,
        "bands": {letter: len(scored.band(letter)) for letter in ("A", "B", "C")} | {"few": len(scored.too_few)},
        "cut": round(bars[len(bars) // 2], 4) if bars else 0.0,
        "median_n": seen[len(seen) // 2],
    }


def _rows(standing_id: int, computed: Computed) -> list[dict[str, Any]]:
    seen = {"A": 0, "B": 0, "C": 0, "": 0}
    rows = []
    for position, idea in enumerate(computed.scored.ideas, start=1):
        band = idea.band or ""
        seen[band] += 1
        up, down = _moves(computed.scored, idea) if seen[band] <= MOVED else (None, None)
        rows.append(
            {
                "standing_id": standing_id,
                "idea_id": computed.ids[str(idea.key)],
                "position": position,
                "n": idea.n,
                "agrees": idea.agrees,
                "disagrees": idea.disagrees,
                "score": idea.score,
                "low": idea.low,
                "high": idea.high,
                "rank": idea.rank,
                "rank_low": idea.rank_low,
                "rank_high": idea.rank_high,
                "p_top": idea.p_top,
                "band": band,
                "cells": list(idea.strip),
                "replays": idea.inside[: REPLAYS // 8].hex(),
                "up_if": up,
                "down_if": down,
            }
        )
    return rows


def _moves(scored: Scored, idea: IdeaStanding) -> tuple[int | None, int | None]:
    """More votes for an idea that would make it clear (from below: tied), and more against it that would undo that."""
    from scoring.moves import agrees_needed, disagrees_needed

    # Of this idea alone: looking each one up among ten thousand would cost more than the answer.
    alone = replace(scored, ideas=(idea,))
    if idea.band == "B":
        return agrees_needed(alone, idea.key, chance=0.9), disagrees_needed(alone, idea.key, chance=0.1)
    if idea.band == "A":
        return None, disagrees_needed(alone, idea.key, chance=0.9)
    if idea.band == "C":
        return agrees_needed(alone, idea.key, chance=0.1), None
    return None, None
