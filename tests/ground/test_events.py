"""Events: written with their change, delivered after it, at least once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideabox import events, queue, ticks
from ideabox.accounts.models import Unit
from ideabox.events import Event


@pytest.fixture
def heard(app: Flask) -> Iterator[list[Event]]:
    """A reaction to 'bell.rung' that writes a row of its own and remembers the call."""
    calls: list[Event] = []

    def react(event: Event) -> None:
        calls.append(event)

    app.extensions["ideabox"]["reactions"]["bell.rung"] = [react]
    yield calls
    del app.extensions["ideabox"]["reactions"]["bell.rung"]


def ring(db: Any, key: str | None = None) -> Event:
    event = events.record("bell.rung", actor_id=1, client_key=key)
    db.session.commit()
    return event


def test_an_event_is_delivered_once_and_stamped(db: Any, heard: list[Event]) -> None:
    event = ring(db)
    assert event.delivered_at is None
    assert queue.work() == 1
    assert queue.work() == 0
    assert [call.id for call in heard] == [event.id]
    assert db.session.get(Event, event.id).delivered_at is not None


def test_an_event_nobody_waits_for_is_born_delivered(db: Any) -> None:
    event = events.record("nobody.listens", actor_id=1)
    db.session.commit()
    assert event.delivered_at == event.at
    assert events.pending() == []


def test_an_event_of_a_rolled_back_change_never_runs(db: Any, heard: list[Event]) -> None:
    events.record("bell.rung", actor_id=1)
    db.session.rollback()
    assert queue.work() == 0
    assert heard == []


def test_a_failing_reaction_is_tried_again_and_its_half_work_undone(db: Any, app: Flask, heard: list[Event]) -> None:
    outcomes = iter([RuntimeError("first"), None])

    def fragile(_event: Event) -> None:
        db.session.add(Unit(code=f"made-{len(heard)}", name="made"))
        if error := next(outcomes):
            raise error

    app.extensions["ideabox"]["reactions"]["bell.rung"].append(fragile)
    event = ring(db)
    events.deliver(event.id)
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 0
    events.deliver(event.id)
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 1
    assert len(heard) == 2


def test_a_poisonous_event_is_parked_and_shown(db: Any, app: Flask, heard: list[Event]) -> None:
    def poison(_event: Event) -> None:
        raise RuntimeError("never works")

    app.extensions["ideabox"]["reactions"]["bell.rung"].append(poison)
    event = ring(db)
    for _ in range(events.GIVE_UP_AFTER + 3):
        events.deliver_pending()
    assert len(heard) == events.GIVE_UP_AFTER
    assert [parked.id for parked in events.parked()] == [event.id]
    assert events.pending() == []


def test_the_same_client_key_twice_leaves_one_event(db: Any, heard: list[Event]) -> None:
    first = ring(db, key="k1")
    events.record("bell.rung", actor_id=1, client_key="k1")
    earlier = events.commit_once(1, "k1")
    assert earlier is not None
    assert earlier.id == first.id
    assert db.session.scalar(select(func.count()).select_from(Event)) == 1
    events.record("bell.rung", actor_id=2, client_key="k1")
    assert events.commit_once(2, "k1") is None


def test_of_two_ticks_at_once_one_acts(db: Any) -> None:
    assert ticks.run_due() is True
    assert ticks.run_due() is False


def test_a_tick_that_fails_stops_no_other(db: Any, app: Flask) -> None:
    ran: list[str] = []

    def broken() -> None:
        ran.append("broken")
        raise RuntimeError

    def sound() -> None:
        ran.append("sound")
        db.session.add(Unit(code="tick", name="tick"))

    before = app.extensions["ideabox"]["ticks"]
    app.extensions["ideabox"]["ticks"] = [broken, sound]
    try:
        ticks.run_all()
    finally:
        app.extensions["ideabox"]["ticks"] = before
    assert ran == ["broken", "sound"]
    assert db.session.scalar(select(Unit.code)) == "tick"
