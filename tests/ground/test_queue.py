"""Wake-ups travel by a real rq where there is a Redis; losing them loses nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from ideabox import events, queue


@pytest.fixture
def bell(app: Flask) -> Any:
    heard: list[int] = []
    app.extensions["ideabox"]["reactions"]["bell.rung"] = [lambda event: heard.append(event.id)]
    yield heard
    del app.extensions["ideabox"]["reactions"]["bell.rung"]


def test_a_commit_wakes_the_worker_through_redis(app: Flask, db: Any, bell: list[int]) -> None:
    settings = app.extensions["ideabox"]["settings"]
    if not settings.redis_url:
        pytest.skip("this back end has no Redis; the thread is tested below")
    settings.background = True
    try:
        event = events.record("bell.rung", actor_id=1)
        db.session.commit()
    finally:
        settings.background = False
    from rq import SimpleWorker
    from rq.serializers import JSONSerializer

    waiting = queue.rq_queue(settings.redis_url)
    assert waiting.count == 1
    SimpleWorker([waiting], connection=waiting.connection, serializer=JSONSerializer).work(burst=True)
    assert bell == [event.id]
    assert waiting.count == 0


def test_a_flushed_redis_loses_nothing(app: Flask, db: Any, bell: list[int]) -> None:
    settings = app.extensions["ideabox"]["settings"]
    event = events.record("bell.rung", actor_id=1)
    db.session.commit()
    if settings.redis_url:
        queue.rq_queue(settings.redis_url).connection.flushall()
    queue.work()
    assert bell == [event.id]


def test_a_dead_redis_does_not_fail_the_change(app: Flask, db: Any, bell: list[int]) -> None:
    settings = app.extensions["ideabox"]["settings"]
    kept = settings.redis_url, app.extensions["ideabox"].pop("rq", None)
    settings.redis_url, settings.background = "redis://127.0.0.1:1/0", True
    try:
        event = events.record("bell.rung", actor_id=1)
        db.session.commit()
        worker = app.extensions["ideabox"]["worker"]
        assert worker.is_alive()
    finally:
        settings.redis_url, settings.background = kept[0], False
        app.extensions["ideabox"].pop("rq", None)
    db.session.rollback()
    for _ in range(200):
        if bell:
            break
        worker.join(0.05)
    # Left alone it would tick on under the tests that come after.
    worker.stop()
    assert bell == [event.id] and not worker.is_alive()
