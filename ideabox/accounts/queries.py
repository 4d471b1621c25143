"""What is there of people: the viewer, loaded in one statement."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from ideabox.accounts.models import Person, Unit, UserSession
from ideabox.database import db
from ideabox.viewer import Viewer

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


def load_viewer(session_uid: str) -> Viewer | None:
    """The person of a live session; None when it was ended, or the person has left."""
    row = db.session.execute(_viewer_query(), {"session_uid": session_uid}).one_or_none()
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


def people_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0
