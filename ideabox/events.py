"""Events: the audit line, the timeline entry and the outbox, written with the change they tell of."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app, g, has_request_context
from sqlalchemy import JSON, ColumnElement, Index, UniqueConstraint, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from ideabox import clock, leases
from ideabox.database import Base, Key, Moment, Uid, Word, db

log = structlog.get_logger()
Reaction = Callable[["Event"], None]
GIVE_UP_AFTER = leases.GIVE_UP_AFTER
#: Longer than any reaction; what a crash left behind waits so long.
LEASE = timedelta(minutes=2)
_UNDELIVERED = text("delivered_at IS NULL")


class Event(leases.Waits, Base):
    """One thing that happened. People are named by id only, so that erasing a person keeps the line."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_key"),
        # Only what waits is in it: votes, which are most events, do not write it.
        Index("ix_event_pending", "next_try_at", "id", postgresql_where=_UNDELIVERED, sqlite_where=_UNDELIVERED),
        Index("ix_event_campaign", "campaign_id", "id"),
    )

    id: Mapped[Key]
    uid: Mapped[Uid]
    name: Mapped[Word]
    at: Mapped[Moment]
    actor_id: Mapped[int | None]
    campaign_id: Mapped[int | None]
    idea_id: Mapped[int | None] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    client_key: Mapped[str | None]
    request_id: Mapped[str] = mapped_column(default="")
    delivered_at: Mapped[datetime | None]

    @classmethod
    def undone(cls) -> ColumnElement[bool]:
        return cls.delivered_at.is_(None)


def record(
    name: str,
    *,
    actor_id: int | None,
    campaign_id: int | None = None,
    idea_id: int | None = None,
    subject: str = "",
    client_key: str | None = None,
    **data: Any,
) -> Event:
    """Write the event into the running transaction. `subject` is the uid of what was made or changed.

    An event nobody reacts to is born delivered, so that frequent ones cost one row and no wake-up.
    """
    moment = clock.now()
    event = Event(
        name=name,
        at=moment,
        actor_id=actor_id,
        campaign_id=campaign_id,
        idea_id=idea_id,
        subject=subject,
        data=data,
        client_key=client_key or None,
        request_id=g.get("request_id", "") if has_request_context() else "",
        delivered_at=None if name in reactions() else moment,
    )
    db.session.add(event)
    if event.delivered_at is None:
        db.session.info["wake"] = True
    return event


def already(actor_id: int, client_key: str | None) -> Event | None:
    """The event that an earlier request with the same client key has left, if any."""
    if not client_key:
        return None
    query = select(Event).where(Event.actor_id == actor_id, Event.client_key == client_key)
    return db.session.scalar(query)


def commit_once(actor_id: int, client_key: str | None) -> Event | None:
    """Commit; when a parallel request with the same client key won, roll back and return its event."""
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        earlier = already(actor_id, client_key)
        if earlier is None:
            raise
        return earlier
    return None


def new_client_key() -> str:
    return secrets.token_urlsafe(12)


def reactions() -> dict[str, list[Reaction]]:
    registered: dict[str, list[Reaction]] = current_app.extensions["ideabox"]["reactions"]
    return registered


def pending(limit: int = 100) -> Sequence[int]:
    """Ids of events that are due for their reactions, oldest first."""
    return db.session.scalars(select(Event.id).where(Event.due()).order_by(Event.id).limit(limit)).all()


def deliver_pending() -> int:
    """Run the reactions of all due events, those that reactions record too; each in a transaction of its own.

    Returns how many were delivered. Ends, because a claimed event is not due.
    """
    delivered = 0
    while ids := pending():
        db.session.rollback()
        delivered += sum(deliver(event_id) for event_id in ids)
    db.session.rollback()
    return delivered


def deliver(event_id: int) -> bool:
    """Run the reactions of one event and stamp it. At least once: reactions must be idempotent."""
    until = leases.take(Event, event_id, LEASE)
    if until is None:
        return False
    try:
        return _react(event_id, until)
    except Exception:
        leases.fail(Event, event_id, until)
        log.exception("reaction failed", event_id=event_id)
        return False


def _react(event_id: int, until: datetime) -> bool:
    event = db.session.get_one(Event, event_id)
    for reaction in reactions().get(event.name, ()):
        reaction(event)
    if not leases.finish(Event, event_id, until, delivered_at=clock.now()):
        # Somebody else has taken it over: what was done here is theirs to do.
        db.session.rollback()
        log.warning("reactions took longer than their lease", event_name=event.name, event_id=event_id)
        return False
    db.session.commit()
    return True


def parked(since: timedelta = timedelta(days=30)) -> Sequence[Event]:
    """Events whose reactions failed every time; the health page shows them."""
    return db.session.scalars(select(Event).where(Event.given_up(), Event.at > clock.now() - since)).all()


def troubled(limit: int = 100) -> Sequence[Event]:
    """Undelivered events whose reactions failed at least once: parked ones first, then those that are tried again."""
    query = select(Event).where(Event.undone(), Event.tries > 0)
    return db.session.scalars(query.order_by(Event.tries.desc(), Event.id.desc()).limit(limit)).all()


def try_again() -> int:
    """Let parked events be delivered after the commit. Returns how many."""
    return leases.revive(Event)
