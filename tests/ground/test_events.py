"""Events: written with their change, delivered after it, at least once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideabox import clock, events, queue, ticks
from ideabox.accounts.models import Unit
from ideabox.events import Event

Ahead = Callable[[timedelta], None]


@pytest.fixture
def heard(app: Flask) -> Iterator[list[Event]]:
    """A reaction to 'bell.rung' that writes a row of its own and remembers the call."""
    calls: list[Event] = []

    def react(event: Event) -> None:
        calls.append(event)

    app.extensions["ideabox"]["reactions"]["bell.rung"] = [react]
    yield calls
    del app.extensions["ideabox"]["reactions"]["bell.rung"]


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Ahead:
    """Put the clock forward: `ahead(timedelta(hours=1))`; twice adds up."""
    real, by = clock.now, [timedelta(0)]
    monkeypatch.setattr(clock, "now", lambda: real() + by[0])

    def forward(further: timedelta) -> None:
        by[0] += further

    return forward


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


def test_a_failing_reaction_is_tried_again_and_its_half_work_undone(
    db: Any, app: Flask, heard: list[Event], ahead: Ahead
) -> None:
    outcomes = iter([RuntimeError("first"), None])

    def fragile(_event: Event) -> None:
        db.session.add(Unit(code=f"made-{len(heard)}", name="made"))
        if error := next(outcomes):
            raise error

    app.extensions["ideabox"]["reactions"]["bell.rung"].append(fragile)
    event = ring(db)
    events.deliver(event.id)
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 0
    assert not events.deliver(event.id), "a minute has not gone by"
    ahead(timedelta(minutes=1))
    assert events.deliver(event.id)
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 1
    assert len(heard) == 2


def fails(app: Flask) -> None:
    def poison(_event: Event) -> None:
        raise RuntimeError("never works")

    app.extensions["ideabox"]["reactions"]["bell.rung"].append(poison)


def test_a_fault_of_an_hour_parks_nothing(db: Any, app: Flask, heard: list[Event], ahead: Ahead) -> None:
    fails(app)
    event = ring(db)
    for _ in range(60):
        queue.work()
        ahead(timedelta(minutes=1))
    assert len(heard) == 4, "at once, and after 1, 5, 15 minutes"
    assert events.parked() == []
    app.extensions["ideabox"]["reactions"]["bell.rung"].pop()
    ahead(timedelta(hours=1))
    assert queue.work() == 1
    db.session.expire_all()
    assert db.session.get(Event, event.id).delivered_at is not None


def test_a_poisonous_event_is_parked_shown_and_revived(db: Any, app: Flask, heard: list[Event], ahead: Ahead) -> None:
    fails(app)
    event = ring(db)
    for _ in range(events.GIVE_UP_AFTER + 3):
        events.deliver_pending()
        ahead(timedelta(hours=1))
    assert len(heard) == events.GIVE_UP_AFTER
    assert [parked.id for parked in events.parked()] == [event.id]
    assert events.pending() == []
    app.extensions["ideabox"]["reactions"]["bell.rung"].pop()
    assert events.try_again() == 1
    db.session.commit()
    assert events.deliver_pending() == 1
    assert events.parked() == []


def test_failing_events_do_not_stand_in_the_way_of_others(db: Any, app: Flask, heard: list[Event]) -> None:
    def only_late_ones(event: Event) -> None:
        if event.id <= 100:
            raise RuntimeError

    app.extensions["ideabox"]["reactions"]["bell.rung"].append(only_late_ones)
    for _ in range(101):
        events.record("bell.rung", actor_id=1)
    db.session.commit()
    assert queue.work() == 1
    assert len(heard) == 101


def test_a_crash_is_no_failure_and_its_event_comes_back(db: Any, app: Flask, heard: list[Event], ahead: Ahead) -> None:
    def killed(_event: Event) -> None:
        raise SystemExit

    app.extensions["ideabox"]["reactions"]["bell.rung"].append(killed)
    event = ring(db)
    with pytest.raises(SystemExit):
        events.deliver_pending()
    db.session.rollback()
    app.extensions["ideabox"]["reactions"]["bell.rung"].pop()
    assert events.deliver_pending() == 0, "the one who crashed holds it until the lease is over"
    ahead(events.LEASE)
    assert events.deliver_pending() == 1
    db.session.expire_all()
    assert db.session.get(Event, event.id).tries == 0


def test_two_processes_do_not_deliver_an_event_at_once(db: Any, app: Flask, heard: list[Event]) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_event: Event) -> None:
        begun.set()
        go_on.wait(5)

    app.extensions["ideabox"]["reactions"]["bell.rung"].append(slow)
    event = ring(db)
    delivered: list[bool] = []

    def deliver() -> None:
        with app.app_context():
            delivered.append(events.deliver(event.id))

    other = threading.Thread(target=deliver)
    other.start()
    assert begun.wait(5)
    threading.Timer(0.5, go_on.set).start()
    delivered.append(events.deliver(event.id))
    other.join()
    assert sorted(delivered) == [False, True]
    assert len(heard) == 1


def test_a_reaction_that_outlives_its_lease_leaves_nothing(
    db: Any, app: Flask, heard: list[Event], ahead: Ahead
) -> None:
    def overtaken(event: Event) -> None:
        db.session.add(Unit(code="late", name="late"))
        if len(heard) == 1:
            event.next_try_at = clock.now() + 2 * events.LEASE

    app.extensions["ideabox"]["reactions"]["bell.rung"].append(overtaken)
    event = ring(db)
    assert not events.deliver(event.id)
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 0
    ahead(events.LEASE)
    assert events.deliver(event.id)
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 1


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
