"""Commands of the ground: work in the background, run what is due."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from ideabox import check, queue, ticks
from ideabox.settings import Settings


def install(app: Flask) -> None:
    app.cli.add_command(work)
    app.cli.add_command(tick)
    app.cli.add_command(check.check)


@click.command("work")
@with_appcontext
def work() -> None:
    """Deliver events and run ticks until stopped: by rq where REDIS_URL is set, else by a thread."""
    settings: Settings = current_app.extensions["ideabox"]["settings"]
    thread = queue.start_worker(current_app._get_current_object())  # type: ignore[attr-defined]
    if not settings.redis_url:
        thread.join()
        return
    from rq import SimpleWorker
    from rq.serializers import JSONSerializer

    # In this process, not a forked child: a fork would inherit open database connections.
    waiting = queue.rq_queue(settings.redis_url)
    worker = SimpleWorker([waiting], connection=waiting.connection, serializer=JSONSerializer, maintenance_interval=60)
    worker.work()


@click.command("tick")
@with_appcontext
def tick() -> None:
    """Do now what would be done by itself: move phases, deliver events, send mail."""
    ticks.run_all()
    click.echo(f"{queue.work()} events delivered")
