"""`flask bench web`, `flask bench import`: figures to compare, never to test by."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from ideabox.settings import ROOT, load

group = AppGroup("bench", help="Measure this machine's Ideabox, beside the least that could be done.")
HEADS = (
    f"{'backend':<12}{'source':<10}{'campaigns':>10}{'ideas':>8}{'votes':>9}{'comments':>10}{'read s':>8}{'write s':>9}"
)
HEAVY = ("numpy", "scipy", "sklearn", "PIL", "rq", "alembic", "py_mini_racer")
BACKENDS = ("postgresql", "sqlite")


@group.command("web")
@click.option("--backend", type=click.Choice(BACKENDS), default="postgresql", show_default=True)
@click.option("--ideas", default=10_000, show_default=True)
@click.option("--votes", default=300_000, show_default=True)
@click.option("--voters", default=1_000, show_default=True)
@click.option("--requests", default=200, show_default=True, help="Requests of each round.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def bench_web(
    backend: str, ideas: int, votes: int, voters: int, requests: int, rounds: int, workers: int, as_json: bool
) -> None:
    """CPU ms, SQL statements and p95 at 8 clients of the main requests, in a database made for this run."""
    from campaigns.bench import web

    with fresh_app(backend) as app:
        sizes = web.Sizes(ideas, votes, voters, requests, rounds)
        figures = web.measure(app, sizes, workers, web.environment(app), lambda words: click.echo(words, err=True))
    if as_json:
        click.echo(
            json.dumps(
                {"backend": backend, "figures": [{**vars(figure), "bar": vars(figure.bar)} for figure in figures]}
            )
        )
    else:
        click.echo(f"{backend}, {workers} workers, {ideas} ideas, {votes} votes, {rounds} rounds of {requests}")
        click.echo("\n".join(web.table(figures)))
    sys.exit(0 if all(figure.met for figure in figures) else 1)


@group.command("import")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="A folder with polis/ and openideo/.")
@click.option("--backend", type=click.Choice(BACKENDS), multiple=True, default=BACKENDS)
def bench_import(data: Path, backend: tuple[str, ...]) -> None:
    """Seconds to import real campaigns; 171,000 votes are to take under 20 s."""
    from ideabox.database import Base, db
    from ideabox.ideas.importing import openideo, polis
    from ideabox.ideas.importing.write import write, write_links

    click.echo(HEADS)
    for name in backend:
        with fresh_app(name):
            Base.metadata.create_all(db.engine)
            loaders = {
                "polis": lambda: [polis.load(folder, "en") for folder in polis.find(data / "polis")],
                "openideo": lambda: openideo.load(data / "openideo", "en"),
            }
            for source, load_all in loaders.items():
                started = time.perf_counter()
                campaigns = load_all()
                read = time.perf_counter() - started
                for campaign in campaigns:
                    write(campaign, None, lambda _name, _total: lambda _done: None)
                write_links(campaigns)
                db.session.commit()
                took = time.perf_counter() - started - read
                counts = [campaign.counts() for campaign in campaigns]
                ideas, votes, comments = (sum(c[key] for c in counts) for key in ("ideas", "votes_read", "comments"))
                click.echo(
                    f"{name:<12}{source:<10}{len(campaigns):>10}{ideas:>8}{votes:>9}{comments:>10}{read:>8.1f}{took:>9.1f}"
                )


@group.command("boot")
@click.option("--times", default=5, show_default=True)
def bench_boot(times: int) -> None:
    """Cold import of the app (s, median) and what it must not load."""
    program = (
        "import time, sys; t = time.perf_counter(); import wsgi; wsgi.create_app(); "
        f"print(time.perf_counter() - t, [name for name in {HEAVY} if name in sys.modules])"
    )
    with tempfile.TemporaryDirectory() as folder:
        env = {"IDEABOX_DEMO": "1", "IDEABOX_DATA_DIR": folder, "PATH": "/usr/bin:/bin"}
        told = [
            subprocess.run(
                [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True, check=True
            ).stdout
            for _ in range(times)
        ]
    seconds = sorted(float(line.split()[0]) for line in told)
    click.echo(
        f"import and build: {seconds[len(seconds) // 2]:.2f} s (median of {times}), "
        f"heavy modules: {told[0].split(' ', 1)[1]}"
    )


@contextmanager
def fresh_app(backend: str) -> Iterator[Flask]:
    """An app over an empty database of its own, gone at the end; PostgreSQL from DATABASE_URL or from its wheel."""
    from tests.services import postgresql
    from wsgi import create_app

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ideabox-bench-")))
        address = f"sqlite:///{folder / 'bench.sqlite'}"
        if backend == "postgresql":
            address = stack.enter_context(postgresql.database("ideabox_bench"))
        settings = load(
            database_url=address,
            redis_url="",
            data_dir=folder,
            secret_key="b" * 40,
            background=False,
            log_level="ERROR",
        )
        app = create_app(settings)
        with app.app_context():
            yield app
            from ideabox.database import db

            db.session.remove()
            db.engine.dispose()
