"""Do it: tell people of an event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from ideabox import clock
from ideabox.database import db, upsert
from ideabox.events import Event
from ideabox.ids import new_uid
from ideabox.notifications.kinds import kind_named
from ideabox.notifications.models import Mute, Notice


def notify(event: Event, people: Iterable[int], kind: str, *, about: str = "", **data: Any) -> int:
    """Store one notice per person, leaving out the actor and those who muted the kind (everywhere, or `about` that uid).

    Idempotent: a person gets one notice per event and kind, however often the reaction runs. Returns how many are new.
    """
    known = kind_named(kind)
    if known is None:
        raise LookupError(f"no kind of notice is called {kind}")
    wanted = set(people) - {event.actor_id} - _muted(kind, about)
    rows = [_row(event, person, kind, known.klass, {**data, "about": about}) for person in sorted(wanted)]
    if not rows:
        return 0
    return int(db.session.execute(upsert(Notice.__table__).values(rows).on_conflict_do_nothing()).rowcount)


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
