"""Do it: tell people of an event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, or_, select, update

from ideabox import clock, events
from ideabox.database import changed, db, upsert
from ideabox.events import Event
from ideabox.ids import new_uid
from ideabox.notifications.kinds import kind_named
from ideabox.notifications.models import Mute, Notice
from ideabox.notifications.rules import may_mute, may_touch
from ideabox.viewer import Viewer

#: Rows a statement: ten values each, and a statement takes 32,766 on SQLite, 65,535 on PostgreSQL.
BATCH = 500


def notify(event: Event, people: Iterable[int], kind: str, *, about: str = "", **data: Any) -> int:
    """Store one notice per person, leaving out the actor and those who muted the kind (everywhere, or `about` it).

    Idempotent: a person gets one notice per event and kind, however often the reaction runs. Returns how many are new.
    """
    known = kind_named(kind)
    if known is None:
        raise LookupError(f"no kind of notice is called {kind}")
    wanted = set(people) - {event.actor_id} - _muted(kind, about)
    rows = [_row(event, person, kind, known.klass, {**data, "about": about}) for person in sorted(wanted)]
    return sum(_insert(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH))


def _insert(rows: list[dict[str, Any]]) -> int:
    return changed(upsert(Notice.__table__).values(rows).on_conflict_do_nothing())


def _row(event: Event, person: int, kind: str, klass: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "uid": new_uid(),
        "person_id": person,
        "event_id": event.id,
        "kind": kind,
        "klass": klass,
        "why": kind,
        "campaign_id": event.campaign_id,
        "idea_id": event.idea_id,
        "data": data,
        "created_at": clock.now(),
    }


def _muted(kind: str, about: str) -> set[int]:
    everywhere = select(Mute.person_id).where(Mute.kind.in_((kind, "*")), or_(Mute.about == "", Mute.about == about))
    return set(db.session.scalars(everywhere))


def mark_read(viewer: Viewer, notice: Notice) -> None:
    """The person has seen it; the notice is theirs (`queries.notice_of` hands out no other)."""
    may_touch(viewer.id, notice.person_id).enforce()
    notice.read_at = notice.read_at or clock.now()


def mark_all_read(viewer: Viewer) -> int:
    """Empty the unread pile. Returns how many notices were in it."""
    may_touch(viewer.id, viewer.id).enforce()
    waiting = update(Notice).where(Notice.person_id == viewer.id, Notice.read_at.is_(None))
    return changed(waiting.values(read_at=clock.now()))


def mute(viewer: Viewer, kind: str, about: str = "") -> None:
    """Hear no more of this kind: everywhere, or about one campaign or idea. Twice is the same as once."""
    may_mute(kind_named(kind)).enforce()
    row = upsert(Mute.__table__).values(person_id=viewer.id, kind=kind, about=about, created_at=clock.now())
    if changed(row.on_conflict_do_nothing()):
        events.record("notice.muted", actor_id=viewer.id, subject=about, kind=kind)


def unmute(viewer: Viewer, kind: str, about: str = "") -> None:
    """Hear of it again."""
    may_mute(kind_named(kind)).enforce()
    db.session.execute(delete(Mute).where(Mute.person_id == viewer.id, Mute.kind == kind, Mute.about == about))
    events.record("notice.unmuted", actor_id=viewer.id, subject=about, kind=kind)
