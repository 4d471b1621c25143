"""Events: the audit line, the timeline entry and the outbox, written with the change they tell of."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app, g, has_request_context
from sqlalchemy import JSON, Index, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from ideabox import clock
from ideabox.database import Base, Key, Moment, Uid, Word, changed, db

log = structlog.get_logger()
Reaction = Callable[["Event"], None]
GIVE_UP_AFTER = 5


class Event(Base):
    """One thing that happened. People are named by id only, so that erasing a person keeps the line."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_key"),
        Index("ix_event_pending", "delivered_at", "id"),
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
    tries: Mapped[int] = mapped_column(default=0)


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
    """Ids of events that still wait for their reactions, oldest first."""
    query = (
        select(Event.id)
        .where(Event.delivered_at.is_(None), Event.tries < GIVE_UP_AFTER)
        .order_by(Event.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def deliver_pending() -> int:
    """Run the reactions of all waiting events; each in a transaction of its own. Returns how many."""
    ids = pending()
    db.session.rollback()
    return sum(deliver(event_id) for event_id in ids)


def deliver(event_id: int) -> bool:
    """Run the reactions of one event and stamp it. At least once: reactions must be idempotent."""
    if not _claim(event_id):
        return False
    event = db.session.get_one(Event, event_id)
    try:
        for reaction in reactions().get(event.name, ()):
            reaction(event)
        event.delivered_at = clock.now()
        db.session.commit()
    except Exception:
        db.session.rollback()
        log.exception("reaction failed", event_name=event.name, event_id=event_id)
        return False
    return True


def _claim(event_id: int) -> bool:
    """Count the try first and look at the row count: a poisonous event is parked, not run for ever."""
    claim = update(Event).where(Event.id == event_id, Event.delivered_at.is_(None))
    won = changed(claim.values(tries=Event.tries + 1)) == 1
    db.session.commit()
    return won


def parked(since: timedelta = timedelta(days=30)) -> Sequence[Event]:
    """Events whose reactions failed every time; the health page shows them."""
    query = select(Event).where(
        Event.delivered_at.is_(None), Event.tries >= GIVE_UP_AFTER, Event.at > clock.now() - since
    )
    return db.session.scalars(query).all()
