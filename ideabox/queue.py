"""Work that happens after the answer: by rq where there is a Redis, by a thread where there is none.

The record of what is due is the event table. Redis, or the thread, only carries the wake-up; losing it loses nothing,
because a tick looks for what was left behind.
"""

from __future__ import annotations

import threading
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from ideabox import events, ticks
from ideabox.database import db

log = structlog.get_logger()
QUEUE = "ideabox"
TICK_SECONDS = 30.0


class Worker(threading.Thread):
    """Delivers events and runs ticks inside the web process, one a process, started at the first request."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="ideabox-worker", daemon=True)
        self.app = app
        self.woken = threading.Event()
        self.stopped = False

    def stop(self) -> None:
        """End after the work at hand; returns when it has ended."""
        self.stopped = True
        self.woken.set()
        self.join()

    def run(self) -> None:
        while True:
            self.woken.wait(TICK_SECONDS)
            self.woken.clear()
            if self.stopped:
                return
            try:
                with self.app.app_context():
                    work()
            except Exception:
                log.exception("background work failed")


def install(app: Flask) -> None:
    """Listen for commits that leave something to deliver."""
    sqlalchemy_event.listen(db.session, "after_commit", _after_commit)
    sqlalchemy_event.listen(db.session, "after_soft_rollback", _forget)


def _after_commit(session: Session) -> None:
    if session.info.pop("wake", False):
        wake()


def _forget(session: Session, _previous: object) -> None:
    session.info.pop("wake", None)


def wake() -> None:
    """Tell whoever works in the background that something waits. Never fails the request."""
    settings = current_app.extensions["ideabox"]["settings"]
    if not settings.background:
        return
    if settings.redis_url and _wake_rq(settings.redis_url):
        return
    start_worker(current_app._get_current_object()).woken.set()  # type: ignore[attr-defined]


def start_worker(app: Flask) -> Worker:
    """The process's own background thread; made on first use, so that it never crosses a fork."""
    box: dict[str, Any] = app.extensions["ideabox"]
    with _starting:
        worker: Worker | None = box.get("worker")
        if worker is None or not worker.is_alive():
            worker = box["worker"] = Worker(app)
            worker.start()
    return worker


_starting = threading.Lock()


def _wake_rq(url: str) -> bool:
    from redis.exceptions import RedisError

    try:
        rq_queue(url).enqueue("ideabox.queue.run", result_ttl=0)
    except (RedisError, OSError):
        log.warning("redis is out of reach, working in this process instead")
        return False
    return True


def rq_queue(url: str) -> Any:
    """The rq queue. JSON, not pickle: whoever can write to Redis must not be able to run code."""
    from redis import Redis
    from rq import Queue
    from rq.serializers import JSONSerializer

    box = current_app.extensions["ideabox"]
    if "rq" not in box:
        connection = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
        box["rq"] = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    return box["rq"]


def run() -> int:
    """What an rq worker calls: in an app of its own, deliver what waits."""
    if current_app:
        return work()
    from wsgi import create_app

    with create_app().app_context():
        return work()


def work() -> int:
    """Run the ticks that are due, then deliver all that is due. Returns the number of events delivered."""
    ticks.run_due()
    return events.deliver_pending()
