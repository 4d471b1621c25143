"""The ranking as deciders see it: bands, the cut, and why an idea stands where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from campaigns.models.shortlist import Choice, Objection, Shortlist
from campaigns.queries.standing_rows import LEAST, Placed, Ranking, Unit
from ideabox.database import db
from ideabox.ideas.models.answer import Standing, StandingRow
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea, IdeaTally
from ideabox.ideas.queries.standing import UnitVotes, unit_votes

#: Rows of the tie and of the ideas below shown at a time.
TIE_ROWS, BELOW_ROWS = 30, 50


def standing_with_shortlist(campaign_id: int) -> tuple[Standing | None, Shortlist | None]:
    """The newest standing, and the shortlist when it was confirmed: then the standing it was confirmed over."""
    query = (
        select(Standing, Shortlist)
        .outerjoin(Shortlist, Shortlist.campaign_id == Standing.campaign_id)
        .where(Standing.campaign_id == campaign_id)
        .where(or_(Shortlist.standing_id.is_(None), Shortlist.standing_id == Standing.id))
        .order_by(Standing.id.desc())
        .limit(1)
    )
    row = db.session.execute(query).one_or_none()
    return (row[0], row[1]) if row else (None, None)


def ranking_of(
    campaign: Campaign, *, selected: str = "", tie_page: int = 0, below_page: int | None = None
) -> Ranking | None:
    """The ranking of a campaign; None when nothing was computed yet.

    selected: uid of the idea whose place is explained, else the first of the tie. Below the tie only when asked for.
    """
    standing, confirmed = standing_with_shortlist(campaign.id)
    if standing is None:
        return None
    choices = {choice.idea_id: choice for choice in choices_of(campaign.id)}
    rows = _rows(standing.id, choices, tie_page)
    below = (
        [] if below_page is None else _fetch(_band(standing.id, "C").offset(below_page * BELOW_ROWS).limit(BELOW_ROWS))
    )
    found = _selected(standing.id, selected, [*rows, *below])
    _choose([*rows, *below, *([found] if found else [])], choices)
    taken = sum(row.chosen for row in rows)
    clear, tie = ([row for row in rows if row.band == letter] for letter in ("A", "B"))
    # In a tie the chance at the cut is what matters, not a place the votes cannot tell.
    tie.sort(key=lambda row: (-row.times, row.position))
    found = found or next((row for row in tie if not row.chosen), None) or next(iter(rows), None)
    units = _add_units([*rows, *below, *([found] if found and found not in rows and found not in below else [])])
    return Ranking(
        standing=standing,
        confirmed=confirmed,
        clear=clear,
        tie=tie,
        below=below,
        others=[row for row in rows if row.band not in ("A", "B")],
        selected=found,
        units=units,
        taken=taken,
    )


def choices_of(campaign_id: int) -> Sequence[Choice]:
    return db.session.scalars(select(Choice).where(Choice.campaign_id == campaign_id)).all()


def taken_ids(standing: Standing) -> set[int]:
    """Ids of the ideas on the shortlist: the clear ones that nobody took off, and those that somebody put on."""
    clear = select(StandingRow.idea_id).where(StandingRow.standing_id == standing.id, StandingRow.band == "A")
    taken = set(db.session.scalars(clear))
    for choice in choices_of(standing.campaign_id):
        (taken.add if choice.chosen else taken.discard)(choice.idea_id)
    return taken


def placed(standing_id: int, uid: str) -> Placed | None:
    """One idea's row; None when it has none in this standing."""
    return next(iter(_fetch(_base(standing_id).where(Idea.uid == uid))), None)


def with_units(standing_id: int, uid: str) -> Placed | None:
    """One idea's row with its support by unit."""
    row = placed(standing_id, uid)
    if row is not None:
        _add_units([row])
    return row


def all_rows(standing: Standing) -> list[Placed]:
    """Every row in its order, with who is on the shortlist, for exports."""
    rows = _fetch(_base(standing.id).order_by(StandingRow.position))
    _choose(rows, {choice.idea_id: choice for choice in choices_of(standing.campaign_id)})
    return rows


def _rows(standing_id: int, choices: dict[int, Choice], tie_page: int) -> list[Placed]:
    """The clear ideas, a page of the tie, and those that somebody chose, in one statement."""
    first = (
        select(StandingRow.idea_id)
        .where(StandingRow.standing_id == standing_id, StandingRow.band == "B")
        .order_by(StandingRow.p_top.desc(), StandingRow.position)
        .offset(tie_page * TIE_ROWS)
        .limit(TIE_ROWS)
        .subquery()
    )
    wanted = or_(
        StandingRow.band == "A",
        StandingRow.idea_id.in_(select(first.c.idea_id)),
        StandingRow.idea_id.in_([idea_id for idea_id, choice in choices.items() if choice.chosen]),
    )
    return _fetch(_base(standing_id).where(wanted).order_by(StandingRow.position))


def _band(standing_id: int, letter: str) -> Select[Any]:
    """The rows below the tie, and after them the ideas with too few votes."""
    few = case((StandingRow.band == "", 1), else_=0)
    query = _base(standing_id).where(StandingRow.band.in_((letter, "")))
    return query.order_by(few, StandingRow.position)


def _selected(standing_id: int, uid: str, rows: list[Placed]) -> Placed | None:
    if not uid:
        return None
    return next((row for row in rows if row.uid == uid), None) or placed(standing_id, uid)


def _base(standing_id: int) -> Select[Any]:
    row = StandingRow
    columns = (row.position, row.n, row.agrees, row.disagrees, row.score, row.low, row.high, row.rank, row.rank_low)
    more = (row.rank_high, row.p_top, row.band, row.cells, row.replays, row.up_if, row.down_if)
    return (
        select(Idea.id, Idea.uid, Idea.title, Idea.outcome, Idea.hidden_at.is_not(None), *columns, *more)
        .add_columns(IdeaTally.bests, IdeaTally.readers, func.coalesce(Objection.words, ""))
        .select_from(StandingRow)
        .join(Idea, Idea.id == StandingRow.idea_id)
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .outerjoin(Objection, Objection.idea_id == Idea.id)
        .where(StandingRow.standing_id == standing_id)
    )


def _fetch(query: Select[Any]) -> list[Placed]:
    return [Placed(*row) for row in db.session.execute(query)]


def _choose(rows: list[Placed], choices: dict[int, Choice]) -> None:
    for row in rows:
        choice = choices.get(row.id)
        row.chosen = choice.chosen if choice else row.band == "A"
        row.reason = choice.reason if choice else ""


def _add_units(rows: list[Placed]) -> list[Unit]:
    """Put each idea's support by unit into its row; one grouped statement for all of them."""
    votes = unit_votes([row.id for row in rows])
    units = list({vote.unit_id: Unit(vote.unit_id, vote.unit) for vote in votes}.values())
    by_idea: dict[int, dict[int, UnitVotes]] = {row.id: {} for row in rows}
    for vote in votes:
        by_idea[vote.idea_id][vote.unit_id] = vote
    if units:
        _add_support(rows, units, [by_idea[row.id] for row in rows])
    return units


def _add_support(rows: list[Placed], units: list[Unit], votes: list[dict[int, UnitVotes]]) -> None:
    from scoring.units import unit_support

    nobody = UnitVotes(0, 0, "", 0, 0)
    table = [[by_unit.get(unit.id, nobody) for by_unit in votes] for unit in units]
    agrees, seen = [[vote.agrees for vote in line] for line in table], [[vote.votes for vote in line] for line in table]
    for row, by_unit, support in zip(rows, votes, unit_support(agrees, seen, [row.score for row in rows]), strict=True):
        silent = too_few(by_unit.values())
        kept = [None if unit.id in silent else share for unit, share in zip(units, support.shares, strict=True)]
        row.units = kept
        row.units_for = sum(share is not None and share >= 0.5 for share in kept)
        row.units_heard = sum(share is not None for share in kept)
        row.units_silent = len(silent)


def too_few(votes: Any) -> set[int]:
    """Units of which nothing is told: those under five people, and when that is one alone, the smallest other too.

    One hidden unit could be worked out from the total and all the rest.
    """
    by_size = sorted(votes, key=lambda vote: vote.votes)
    few = [vote.unit_id for vote in by_size if vote.votes < LEAST]
    if len(few) == 1 and len(by_size) > 1:
        few.append(by_size[1].unit_id)
    return set(few)
