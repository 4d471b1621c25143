"""What is there of people: the viewer, loaded in one statement; one person, lists of people, the tree of units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, or_, select

from ideabox.accounts.models import ROLES, Organisation, Person, Unit, UserSession
from ideabox.database import db
from ideabox.verdict import Missing
from ideabox.viewer import Viewer, initials, tint

PAGE = 30
LONGEST_SEARCH = 100

_FACTS = (
    "id",
    "uid",
    "name",
    "email",
    "unit_id",
    "lang",
    "timezone",
    "theme",
    "density",
    "keys_on",
    "is_admin",
    "is_leadership",
    "is_moderator",
    "is_talent",
)
#: Facts that higher floors add to the viewer's one statement: name -> scalar subquery on Person.
extra_facts: dict[str, Any] = {}
#: Sections that higher floors add to a person's page: name -> function of viewer and person's id to HTML, or "".
profile_sections: dict[str, Callable[[Viewer, int], str]] = {}


def load_viewer(session_uid: str) -> Viewer | None:
    """The person of a live session; None when it was ended, or the person has left."""
    row = db.session.connection().execute(_viewer_query(), {"session_uid": session_uid}).one_or_none()
    return _viewer(row, session_uid) if row else None


@lru_cache(maxsize=1)
def _viewer_query() -> Any:
    facts = [getattr(Person, name) for name in _FACTS]
    extras = [column.label(name) for name, column in extra_facts.items()]
    return (
        select(*facts, Unit.name.label("unit_name"), Unit.path.label("unit_path"), *extras)
        .select_from(UserSession)
        .join(Person, Person.id == UserSession.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(UserSession.uid == bindparam("session_uid"), UserSession.ended_at.is_(None), Person.active)
    )


def _viewer(row: Row[Any], session_uid: str) -> Viewer:
    facts = row._asdict()
    path = tuple(int(step) for step in (facts.pop("unit_path") or "").split("/") if step)
    seats = frozenset((facts.pop("seats", None) or "").split(",")) - {""}
    unread = facts.pop("unread", 0) or 0
    unit_name = facts.pop("unit_name") or ""
    return Viewer(**facts, unit_name=unit_name, unit_path=path, seats=seats, unread=unread, session_uid=session_uid)


def anybody() -> bool:
    """Whether there is any person at all."""
    return bool(db.session.scalar(select(exists().select_from(Person))))


def organisation_name() -> str:
    """What the company calls itself; empty before it was founded."""
    return db.session.scalar(select(Organisation.name)) or ""


def answer_hours() -> int:
    """Within how many hours the company promises a first answer; 0 before it was founded."""
    return db.session.scalar(select(Organisation.answer_hours)) or 0


def person_by_uid(uid: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.uid == uid)) if uid else None


def person_by_email(email: str) -> Person | None:
    """The person of an address as people type it; addresses are stored in lower case, without control characters."""
    asked = email.strip().lower()
    return db.session.scalar(select(Person).where(Person.email == asked)) if asked.isprintable() and asked else None


@dataclass(frozen=True)
class Colleague:
    """A person as others see them: what they typed themselves, their unit, and nothing else."""

    id: int
    uid: str
    name: str
    active: bool
    unit_uid: str | None
    unit_name: str
    unit_path: str
    help_with: str
    languages: str
    open_to: tuple[str, ...]

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def tint(self) -> int:
        return tint(self.id)


_COLLEAGUE = (
    Person.id,
    Person.uid,
    Person.name,
    Person.active,
    Unit.uid.label("unit_uid"),
    Unit.name.label("unit_name"),
    Unit.path.label("unit_path"),
    Person.help_with,
    Person.languages,
    Person.open_to,
)


def _colleague(row: Any) -> Colleague:
    facts = {name: value for name, value in row._asdict().items() if name != "total"}
    open_to = tuple(word for word in facts.pop("open_to").split(",") if word)
    return Colleague(**{**facts, "unit_name": facts["unit_name"] or "", "open_to": open_to})


def colleague(uid: str) -> Colleague:
    """The person of that uid, in one statement; Missing when there is none."""
    query = select(*_COLLEAGUE).outerjoin(Unit, Unit.id == Person.unit_id).where(Person.uid == uid)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise Missing
    return _colleague(row)


@dataclass(frozen=True)
class Page:
    """One page of a list; `total` counts all pages."""

    rows: Sequence[Any]
    total: int
    number: int

    @property
    def more(self) -> bool:
        return self.number * PAGE < self.total


def directory(q: str = "", unit_path: str = "", open_to: str = "", number: int = 1) -> Page:
    """Colleagues who can be met here, by name; found by the words of `q`, below a unit, or by what they are open to."""
    wanted = [Person.active, Person.email.is_not(None), *_matching(q, Person.name, Person.help_with, Unit.name)]
    wanted += [Unit.path.startswith(unit_path, autoescape=True)] if unit_path else []
    wanted += [Person.open_to.contains(open_to, autoescape=True)] if open_to else []
    rows, total = _paged(_COLLEAGUE, wanted, number)
    return Page([_colleague(row) for row in rows], total, number)


def _paged(columns: Sequence[Any], wanted: Sequence[Any], number: int) -> tuple[Sequence[Any], int]:
    query = select(*columns, func.count().over().label("total")).outerjoin(Unit, Unit.id == Person.unit_id)
    query = query.where(*wanted).order_by(func.lower(Person.name), Person.id)
    rows = db.session.execute(query.offset((number - 1) * PAGE).limit(PAGE)).all()
    return rows, rows[0].total if rows else 0


def _matching(q: str, *columns: Any) -> list[ColumnElement[bool]]:
    """One condition a word: each must be in one of the columns. SQLite folds ASCII only, hence the other cases."""
    spellings = [(word, word.title(), word.lower()) for word in q[:LONGEST_SEARCH].split()]
    return [
        or_(*(column.icontains(spelling, autoescape=True) for column in columns for spelling in set(word)))
        for word in spellings
    ]


def accounts(q: str = "", state: str = "", role: str = "", unit_path: str = "", number: int = 1) -> Page:
    """People as admins see them, with address and roles; by state ('active', 'invited', 'inactive', '' for all)."""
    columns = (*_COLLEAGUE, Person.email, Person.last_seen_on, Person.password_hash.is_not(None).label("has_password"))
    columns += tuple(getattr(Person, f"is_{name}") for name in ROLES)
    wanted = [Person.email.is_not(None), *_matching(q, Person.name, Person.email, Unit.name), *_in_state(state)]
    wanted += [getattr(Person, f"is_{role}")] if role in ROLES else []
    wanted += [Unit.path.startswith(unit_path, autoescape=True)] if unit_path else []
    rows, total = _paged(columns, wanted, number)
    return Page(rows, total, number)


def _in_state(state: str) -> list[ColumnElement[bool]]:
    states = {
        "active": and_(Person.active, Person.password_hash.is_not(None)),
        "invited": and_(Person.active, Person.password_hash.is_(None)),
        "inactive": Person.active.is_(False),
    }
    return [states[state]] if state in states else []


@dataclass(frozen=True)
class Branch:
    """A unit in its tree, with how many active people stand in it and in all below it."""

    id: int
    uid: str
    code: str
    name: str
    path: str
    depth: int
    people: int
    people_below: int


def unit_tree() -> list[Branch]:
    """All units, parents before children and siblings by name, in one statement."""
    heads = select(Person.unit_id, func.count().label("n")).where(Person.active).group_by(Person.unit_id).subquery()
    query = select(Unit.id, Unit.uid, Unit.code, Unit.name, Unit.path, Unit.parent_id)
    query = query.add_columns(func.coalesce(heads.c.n, 0).label("n")).outerjoin(heads, heads.c.unit_id == Unit.id)
    rows = db.session.execute(query.order_by(func.lower(Unit.name))).all()
    below: dict[int, int] = {}
    for row in rows:
        for step in row.path.strip("/").split("/"):
            below[int(step)] = below.get(int(step), 0) + row.n
    children: dict[int | None, list[Any]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    return list(_walk(children, None, 0, below))


def _walk(children: dict[int | None, list[Any]], parent: int | None, depth: int, below: dict[int, int]) -> Any:
    for row in children.get(parent, ()):
        yield Branch(row.id, row.uid, row.code, row.name, row.path, depth, row.n, below.get(row.id, 0))
        yield from _walk(children, row.id, depth + 1, below)


def unit_by_uid(uid: str) -> Unit:
    """The unit of that uid; Missing when there is none."""
    unit = db.session.scalar(select(Unit).where(Unit.uid == uid))
    if unit is None:
        raise Missing
    return unit


def sessions_of(person_id: int) -> Sequence[UserSession]:
    """The browsers in which the person is signed in, newest first."""
    live = select(UserSession).where(UserSession.person_id == person_id, UserSession.ended_at.is_(None))
    return db.session.scalars(live.order_by(UserSession.id.desc()).limit(50)).all()
