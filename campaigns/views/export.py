"""What deciders take home: ranking, support by unit and letters as CSV, in which no cell starts a formula."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from campaigns.queries import letters as letter_queries
from campaigns.queries import standing as queries
from campaigns.queries.standing_rows import Placed
from campaigns.views.decide import blueprint, seen_for_deciding
from ideabox.csvfile import csv_response
from ideabox.ideas.rules.answer import may_see_order
from ideabox.verdict import Missing
from ideabox.web import viewer

RANKING = ("rank", "band", "idea", "title", "n", "score", "low", "high", "rank_low", "rank_high", "p_top")
RANKING += ("shortlist", "reason", "objection")  # type: ignore[assignment]
LETTERS = ("idea", "title", "author", "letter", "outcome", "sent_at", "signed_by", "understood", "spoke_for", "reason")
LETTERS += ("would_change", "next_step", "parked_until", "batch", "understood_why", "reply")  # type: ignore[assignment]


@blueprint.get("/<uid:uid>/ranking.csv")
def ranking_csv(uid: str) -> Response:
    seen = seen_for_deciding(uid)
    may_see_order(seen.campaign.phase).enforce()
    standing, _confirmed = queries.standing_with_shortlist(seen.campaign.id)
    if standing is None:
        raise Missing
    return csv_response(f"ranking-{uid}.csv", RANKING, map(_ranked, queries.all_rows(standing)))


def _ranked(row: Placed) -> list[object]:
    """A row as the page tells it: how fewer than five people answered stays out."""
    shares = ["" if row.few_voters else round(share, 4) for share in (row.score, row.low, row.high)]
    p_top = "" if row.p_top is None else round(row.p_top, 4)
    chosen = ["yes" if row.chosen else "no", row.reason, row.objection]
    return [row.rank, row.band, row.uid, _title(row), row.n, *shares, row.rank_low, row.rank_high, p_top, *chosen]


def _title(row: Placed) -> str:
    return _("Hidden by a moderator") if row.hidden else row.title


@blueprint.get("/<uid:uid>/units.csv")
def units_csv(uid: str) -> Response:
    """Share for each idea near the cut, by unit; empty where too few people answered."""
    seen = seen_for_deciding(uid)
    may_see_order(seen.campaign.phase).enforce()
    ranking = queries.ranking_of(seen.campaign)
    if ranking is None:
        raise Missing
    rows = (
        [row.uid, _title(row), *("" if share is None else round(share, 3) for share in row.units)]
        for row in ranking.shown
    )
    return csv_response(f"units-{uid}.csv", ("idea", "title", *(unit.name for unit in ranking.units)), rows)


@blueprint.get("/<uid:uid>/letters.csv")
def letters_csv(uid: str) -> Response:
    seen = seen_for_deciding(uid)
    return csv_response(f"letters-{uid}.csv", LETTERS, letter_queries.exported(viewer(), seen.campaign))
