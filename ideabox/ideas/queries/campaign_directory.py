"""The campaigns of one viewer, as rows: what is asked, by whom, and how they kept their word the last time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, and_, bindparam, case, exists, func, or_, select

from ideabox import clock
from ideabox.accounts.models import Organisation, Person, Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import (
    BOX,
    CAMPAIGN,
    CLOSED,
    DECIDE,
    DELIVER,
    DRAFT,
    EVALUATE,
    IMPROVE,
    SUGGEST,
    VOTE,
    Campaign,
    CampaignFollow,
    Seat,
)
from ideabox.ideas.models.idea import DELIVERED, IN_PROGRESS, LIVE, Idea
from ideabox.ideas.models.vote import Ballot
from ideabox.ideas.queries import prepared
from ideabox.ideas.queries.visible import asked, campaign_visible_to
from ideabox.ideas.rules.phases import OPENS
from ideabox.viewer import Viewer

LANGUAGES = ("en", "fr")
TABS = FOR_YOU, OPEN, ANSWERING, DELIVERING = ("for-you", "open", "answering", "delivered")
OPEN_PHASES = (VOTE, IMPROVE, SUGGEST)
ANSWERING_PHASES = (EVALUATE, DECIDE)
DELIVERING_PHASES = (DELIVER, CLOSED)
PHASES = (*OPEN_PHASES, *ANSWERING_PHASES, *DELIVERING_PHASES)
#: What one can act on first, then the later phases.
_ORDER = {phase: place for place, phase in enumerate(PHASES)}
PAGE = 20


@dataclass(frozen=True)
class Filters:
    """`unit`: uid of the sponsor's unit or one above it."""

    unit: str = ""
    phase: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Record:
    """How a sponsor answered the campaign before: so many of so many ideas."""

    answered: int
    ideas: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means every one."""
        return 100 * self.answered // self.ideas


@dataclass(frozen=True)
class _Given:
    """Which filters are set: with the tab it decides the SQL, their values do not."""

    unit: bool
    phase: bool
    lang: bool


def _given(filters: Filters) -> _Given:
    return _Given(bool(filters.unit), bool(filters.phase), bool(filters.lang))


def rows_of(viewer: Viewer, tab: str, filters: Filters, skip: int = 0) -> Sequence[Row[Any]]:
    """A page of rows, one more than PAGE when there are others after it."""
    build = _rows(tab, _given(filters))
    rows: Sequence[Row[Any]] = prepared.run(build, viewer, **vars(filters), skip=skip, many=PAGE + 1).all()
    return rows


@cache
def _rows(tab: str, given: _Given) -> prepared.Build:
    def build(viewer: Viewer) -> Select[Any]:
        query = _start(viewer, given, *_columns(viewer)).where(_in_tab(viewer, tab))
        order = (case(_ORDER, value=Campaign.phase), Campaign.phase_since.desc(), Campaign.id.desc())
        return query.order_by(*order).offset(bindparam("skip")).limit(bindparam("many"))

    return build


def counts(viewer: Viewer, filters: Filters) -> dict[str, int]:
    """How many campaigns stand under each tab, in one statement."""
    row = prepared.run(_counts(_given(filters)), viewer, **vars(filters)).one()
    return dict(zip(TABS, row, strict=True))


@cache
def _counts(given: _Given) -> prepared.Build:
    def build(viewer: Viewer) -> Select[Any]:
        columns = [func.coalesce(func.sum(case((_in_tab(viewer, tab), 1), else_=0)), 0) for tab in TABS]
        return _start(viewer, given, *columns)

    return build


def _start(viewer: Viewer, given: _Given, *columns: Any) -> Select[Any]:
    query = (
        select(*columns)
        .select_from(Campaign)
        .outerjoin(Person, Person.id == Campaign.sponsor_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(Campaign.kind == CAMPAIGN, Campaign.phase != DRAFT, campaign_visible_to(viewer))
    )
    if given.phase:
        query = query.where(Campaign.phase == bindparam("phase"))
    if given.lang:
        query = query.where(Campaign.lang == bindparam("lang"))
    if given.unit:
        root = select(Unit.path).where(Unit.uid == bindparam("unit")).correlate(None).scalar_subquery()
        query = query.where(Unit.path.like(root + "%"))
    return query


def _in_tab(viewer: Viewer, tab: str) -> ColumnElement[bool]:
    if tab == OPEN:
        return Campaign.phase.in_(OPEN_PHASES)
    if tab == ANSWERING:
        return Campaign.phase.in_(ANSWERING_PHASES)
    if tab == DELIVERING:
        return Campaign.phase.in_(DELIVERING_PHASES)
    open_to_me = Campaign.phase.in_(OPEN_PHASES) & or_(asked(viewer), _sits(viewer))
    return or_(open_to_me, (Campaign.phase != CLOSED) & _took_part(viewer))


def _sits(viewer: Viewer) -> ColumnElement[bool]:
    return exists().where(Seat.campaign_id == Campaign.id, Seat.person_id == viewer.id)


def _took_part(viewer: Viewer) -> ColumnElement[bool]:
    return or_(
        _sits(viewer),
        exists().where(CampaignFollow.campaign_id == Campaign.id, CampaignFollow.person_id == viewer.id),
        exists().where(Ballot.campaign_id == Campaign.id, Ballot.person_id == viewer.id),
        exists().where(Idea.campaign_id == Campaign.id, Idea.author_id == viewer.id, Idea.stage.in_(LIVE)),
    )


def _columns(viewer: Viewer) -> tuple[Any, ...]:
    answers = select(Ballot.answers).where(Ballot.campaign_id == Campaign.id, Ballot.person_id == viewer.id)
    live = (Idea.campaign_id == Campaign.id, Idea.stage.in_(LIVE))
    own = select(func.count()).select_from(Idea).where(*live, Idea.author_id == viewer.id)
    in_hand = select(func.count()).select_from(Idea).where(Idea.campaign_id == Campaign.id)
    # Only campaigns in delivery are asked for these, since the others have none to count.
    running, done = in_hand.where(Idea.stage.in_((IN_PROGRESS, DELIVERED))), in_hand.where(Idea.stage == DELIVERED)
    facts = (Campaign.id, Campaign.uid, Campaign.question, Campaign.kind, Campaign.phase, Campaign.phase_since)
    dates = [getattr(Campaign, name) for name in OPENS.values()]
    return (
        *facts,
        *dates,
        Campaign.promise_on,
        Campaign.idea_count,
        Campaign.answered_count,
        Campaign.sponsor_id,
        Person.name.label("sponsor_name"),
        Unit.name.label("sponsor_unit"),
        func.coalesce(answers.scalar_subquery(), 0).label("answers"),
        own.scalar_subquery().label("own"),
        asked(viewer).label("asked"),
        case((Campaign.phase.in_(DELIVERING_PHASES), running.scalar_subquery())).label("running"),
        case((Campaign.phase.in_(DELIVERING_PHASES), done.scalar_subquery())).label("delivered"),
    )


def records(viewer: Viewer, rows: Sequence[Row[Any]]) -> dict[int, Record]:
    """By campaign id: how its sponsor answered the last other campaign whose answers are all given or were due."""
    sponsors = sorted({row.sponsor_id for row in rows if row.sponsor_id})
    past = prepared.run(_answered_before, viewer, sponsors=sponsors, today=clock.day_everywhere()).all()
    return {row.id: record for row in rows if (record := _record_before(row, past))}


def _answered_before(viewer: Viewer) -> Any:
    of_sponsors = Campaign.sponsor_id.in_(bindparam("sponsors", expanding=True))
    kept = Campaign.answered_count >= Campaign.idea_count
    is_due = and_(Campaign.phase == DECIDE, or_(kept, Campaign.promise_on < bindparam("today", type_=Date)))
    return (
        select(Campaign.id, Campaign.sponsor_id, Campaign.answered_count, Campaign.idea_count)
        .where(of_sponsors, campaign_visible_to(viewer), Campaign.kind == CAMPAIGN)
        .where(Campaign.idea_count > 0, or_(Campaign.phase.in_(DELIVERING_PHASES), is_due))
        .order_by(Campaign.phase_since.desc(), Campaign.id.desc())
    )


def _record_before(row: Row[Any], past: Sequence[Any]) -> Record | None:
    others = (each for each in past if each.sponsor_id == row.sponsor_id and each.id != row.id)
    last = next(others, None)
    return Record(last.answered_count, last.idea_count) if last else None


def open_box(viewer: Viewer) -> Row[Any] | None:
    """The always-open box (the first made): uid, question, idea_count, answered_count, answer_hours."""
    row: Row[Any] | None = prepared.run(_first_box, viewer).one_or_none()
    return row


def _first_box(viewer: Viewer) -> Select[Any]:
    hours = select(Organisation.answer_hours).scalar_subquery()
    columns = (Campaign.uid, Campaign.question, Campaign.idea_count, Campaign.answered_count)
    query = select(*columns, hours.label("answer_hours")).where(Campaign.kind == BOX, Campaign.phase == SUGGEST)
    return query.where(campaign_visible_to(viewer)).order_by(Campaign.id).limit(1)


def asking_units(viewer: Viewer) -> Sequence[Row[Any]]:
    """Units (uid, name) whose people sponsor a campaign that this viewer sees."""
    rows: Sequence[Row[Any]] = prepared.run(_asking_units, viewer).all()
    return rows


def _asking_units(viewer: Viewer) -> Select[Any]:
    query = _start(viewer, _Given(False, False, False), Unit.uid, Unit.name).where(Unit.id.is_not(None))
    return query.distinct().order_by(Unit.name)


def all_units() -> Sequence[Any]:
    """Every unit (uid, name, depth), each below the one it belongs to."""
    query = select(Unit.uid, Unit.name, Unit.path).order_by(Unit.path)
    return db.session.execute(query).all()


def tags_of(campaign: Campaign) -> list[str]:
    """The tags in use in a campaign, those used most first."""
    live = (Idea.campaign_id == campaign.id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None), Idea.tags != "")
    used = Counter[str]()
    for tags, ideas in db.session.execute(select(Idea.tags, func.count()).where(*live).group_by(Idea.tags)):
        for tag in tags.split(","):
            used[tag.strip()] += ideas
    return [tag for tag, _ideas in used.most_common(40) if tag]
