"""The ideas of one campaign in an order of the viewer's own, page by page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
)

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.answer import Standing, StandingRow
from ideabox.ideas.models.campaign import AFTER_VOTE, BOX, Campaign
from ideabox.ideas.models.idea import LIVE, NAMED, SHUFFLE_RANGE, Idea, IdeaTally
from ideabox.ideas.models.vote import Show, Vote
from ideabox.ideas.rules.phases import NAMELESS
from ideabox.verdict import YES, Verdict, no
from ideabox.viewer import Viewer

SHUFFLED, RANKED, NEWEST = "shuffled", "ranked", "newest"
SHOWS = ("", "unread", "mine", "voted")


@dataclass(frozen=True)
class Wanted:
    """What of a campaign's ideas is asked for. `after`: the place (and id) of the last idea of the page before."""

    show: str = ""
    words: str = ""
    tag: str = ""
    unit: str = ""
    after: tuple[int, int] | None = None
    many: int = 12

    @property
    def filtered(self) -> bool:
        return bool(self.show or self.words or self.tag or self.unit)


@dataclass(frozen=True)
class Shape:
    """What decides the SQL of a page, its values aside: each shape is built and compiled once."""

    order: str
    show: str
    words: bool
    tag: bool
    unit: bool
    started: bool
    hidden_too: bool
    names: bool


@dataclass(frozen=True)
class Page:
    """One page of ideas and where the next one begins (None: there is none)."""

    rows: Sequence[Row[Any]]
    next: tuple[int, int] | None
    order: str


def page_of(viewer: Viewer, campaign: Campaign, wanted: Wanted) -> Page:
    """A page of the ideas of a campaign that this viewer has been found to see. One statement. May raise Refused.

    Until the votes are in, the order is a shuffle of the viewer's own; then that of the frozen standing if there is
    one; in a box, the newest first. Rows: columns of `_columns`, `place`.
    """
    _unit_may_be_asked(wanted, campaign.phase).enforce()
    order = order_of(campaign)
    shape = Shape(
        order=order,
        show=wanted.show,
        words=bool(wanted.words),
        tag=bool(wanted.tag),
        unit=bool(wanted.unit),
        started=wanted.after is not None,
        hidden_too=viewer.is_moderator,
        names=campaign.phase not in NAMELESS,
    )
    rows = db.session.connection().execute(_statement(shape), _values(viewer, campaign, wanted)).all()
    shown = rows[: wanted.many]
    more = len(rows) > wanted.many
    return Page(shown, (shown[-1].place, shown[-1].id) if more else None, order)


def _unit_may_be_asked(wanted: Wanted, phase: str) -> Verdict:
    """While names are hidden, so are units: in a unit of one, where an idea was written says by whom."""
    if not wanted.unit or phase not in NAMELESS:
        return YES
    return no(
        _("While people vote, names and units are hidden. You can filter by unit once voting is over."), status=400
    )


def order_of(campaign: Campaign) -> str:
    """Shuffled while the crowd reads and votes; ranked once the votes are in; a box by date."""
    if campaign.kind == BOX:
        return NEWEST
    return RANKED if campaign.phase in AFTER_VOTE else SHUFFLED


def own_order(viewer_id: int, seed: int) -> tuple[int, int]:
    """Factor (1 to p-1) and offset (0 to p-1) that turn the shuffle numbers into the order of this viewer alone.

    x -> (factor * x + offset) mod p is one to one for a prime p, and differs between viewers as a hash does.
    """
    digest = hashlib.blake2b(f"{seed}:{viewer_id}".encode(), digest_size=16).digest()
    first, second = int.from_bytes(digest[:8]), int.from_bytes(digest[8:])
    return 1 + first % (SHUFFLE_RANGE - 1), second % SHUFFLE_RANGE


def _values(viewer: Viewer, campaign: Campaign, wanted: Wanted) -> dict[str, Any]:
    factor, offset = own_order(viewer.id, campaign.seed)
    after, after_id = wanted.after or (0, 0)
    return {
        "campaign_id": campaign.id,
        "viewer_id": viewer.id,
        "factor": factor,
        "offset": offset,
        "after": after,
        "after_id": after_id,
        "many": wanted.many + 1,
        "words": f"%{_escaped(wanted.words.lower())}%",
        "tag": f"%,{_escaped(wanted.tag.lower())},%",
        "unit": wanted.unit,
    }


def _escaped(words: str) -> str:
    """Words for LIKE, in which the person's own % and _ are letters."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@lru_cache(maxsize=256)
def _statement(shape: Shape) -> Select[Any]:
    """The ids of the page first, from an index that holds all that ordering asks; then what its cards show."""
    place = _place(shape.order)
    picked = select(Idea.id, place.label("place")).where(*_conditions(shape), *_started(shape, place))
    if shape.order == RANKED:
        picked = picked.outerjoin(StandingRow, and_(StandingRow.idea_id == Idea.id, _of_frozen_standing()))
    page = picked.order_by(place, Idea.id).limit(bindparam("many", type_=BigInteger)).subquery("page")
    return (
        select(*_columns(shape.names), page.c.place)
        .select_from(page)
        .join(Idea, Idea.id == page.c.id)
        .join(Person, Person.id == Idea.author_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(IdeaTally, IdeaTally.idea_id == Idea.id)
        .outerjoin(Vote, and_(Vote.idea_id == Idea.id, Vote.voter_id == bindparam("viewer_id")))
        .order_by(page.c.place, page.c.id)
    )


def _columns(names: bool) -> tuple[Any, ...]:
    """Names and units leave the database only for those who may know them (rules.names says the same)."""
    mine = Idea.author_id == bindparam("viewer_id")
    known = or_(mine, Idea.privacy == NAMED) if names else mine
    facts = (Idea.id, Idea.uid, Idea.title, Idea.excerpt, Idea.cost_low, Idea.cost_high, Idea.privacy, Idea.author_id)
    read = exists().where(Show.idea_id == Idea.id, Show.person_id == bindparam("viewer_id"))
    return (
        *facts,
        Idea.outcome,
        Idea.stage,
        Idea.submitted_at,
        case((known, Person.name)).label("author_name"),
        case((known, Unit.name)).label("unit_name"),
        IdeaTally.builds,
        Vote.value.label("vote"),
        read.label("read"),
    )


def _place(order: str) -> ColumnElement[Any]:
    if order == NEWEST:
        return -Idea.id
    if order == RANKED:
        # What no standing holds comes last, newest first.
        return func.coalesce(StandingRow.position, SHUFFLE_RANGE - Idea.id)
    factor, offset = bindparam("factor", type_=BigInteger), bindparam("offset", type_=BigInteger)
    return (cast(Idea.shuffle, BigInteger) * factor + offset) % SHUFFLE_RANGE


def _of_frozen_standing() -> ColumnElement[bool]:
    """The hook for the order after voting: the standing kept as evidence, the latest should there be two."""
    latest = select(func.max(Standing.id)).where(Standing.campaign_id == bindparam("campaign_id"), Standing.frozen)
    return StandingRow.standing_id == latest.scalar_subquery()


def _started(shape: Shape, place: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    if not shape.started:
        return []
    after = bindparam("after", type_=BigInteger)
    return [or_(place > after, and_(place == after, Idea.id > bindparam("after_id", type_=BigInteger)))]


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    found = [Idea.campaign_id == bindparam("campaign_id"), Idea.stage.in_(LIVE)]
    if not shape.hidden_too:
        found.append(Idea.hidden_at.is_(None))
    if shape.show:
        found.append(_shown(shape.show))
    if shape.words:
        found.append(func.lower(Idea.title).like(bindparam("words"), escape="\\"))
    if shape.tag:
        found.append(func.lower("," + func.replace(Idea.tags, ", ", ",") + ",").like(bindparam("tag"), escape="\\"))
    if shape.unit:
        found.append(_from_unit())
    return found


def _shown(show: str) -> ColumnElement[bool]:
    viewer_id: Any = bindparam("viewer_id")
    if show == "mine":
        return Idea.author_id == viewer_id
    if show == "voted":
        return exists().where(Vote.idea_id == Idea.id, Vote.voter_id == viewer_id)
    read = exists().where(Show.idea_id == Idea.id, Show.person_id == viewer_id)
    return and_(~read, Idea.author_id != viewer_id)


def _from_unit() -> ColumnElement[bool]:
    """Written in that unit or below it. Sealed ideas are left out: a small unit would name their author."""
    root = select(Unit.path).where(Unit.uid == bindparam("unit")).scalar_subquery()
    inside = select(Unit.id).where(Unit.path.like(root + "%"))
    authors = select(Person.id).where(Person.unit_id.in_(inside))
    return and_(Idea.privacy == NAMED, Idea.author_id.in_(authors))
