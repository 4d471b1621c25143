"""Telling people: once each, however many they are."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import func, insert, select

from ideabox import clock, events
from ideabox.accounts.models import Person
from ideabox.notifications.actions import mute, notify
from ideabox.notifications.models import Notice
from ideabox.viewer import Viewer
from tests.factories import make_person

MANY = 7000
FACTS = {"about": "x", "question": "Why?", "excerpt": "News"}


def told(db: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(Notice)) or 0


def as_built_by_its_makers(db: Any) -> None:
    """Some systems ship an SQLite that takes more values in a statement than its makers' own."""
    if db.engine.dialect.name == "sqlite":
        plain = db.session.connection().connection.driver_connection
        plain.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)


def news(actor: Person | None = None) -> events.Event:
    event = events.Event(name="test.told", actor_id=actor.id if actor else None, delivered_at=clock.now())
    events.db.session.add(event)
    events.db.session.flush()
    return event


def test_a_whole_company_is_told_at_once(db: Any) -> None:
    rows = [{"name": f"Person {number}", "email": f"p{number}@halden.example"} for number in range(MANY)]
    people = list(db.session.scalars(insert(Person).returning(Person.id), rows))
    as_built_by_its_makers(db)
    event = news()
    assert notify(event, people, "campaign.news", **FACTS) == MANY
    db.session.commit()
    assert told(db) == MANY
    assert notify(event, people, "campaign.news", **FACTS) == 0, "each hears of it once"
    assert told(db) == MANY


def test_the_actor_and_those_who_muted_it_are_left_out(db: Any) -> None:
    actor, ada, grace = make_person(), make_person(), make_person()
    mute(
        Viewer(**{name: getattr(ada, name) for name in ("id", "uid", "name", "email")}, session_uid="s"),
        "campaign.news",
    )
    assert notify(news(actor), [actor.id, ada.id, grace.id], "campaign.news", **FACTS) == 1
    assert db.session.scalars(select(Notice.person_id)).all() == [grace.id]
    assert notify(news(), [], "campaign.news", **FACTS) == 0
