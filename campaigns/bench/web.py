"""`flask bench web`: CPU and SQL statements of a request, and how long it takes under load."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import select, text, update

from campaigns.bench import filling, processes
from campaigns.bench.clients import Client, sign_in
from ideabox.accounts.models import Person
from ideabox.database import Base, db
from ideabox.ideas.importing.write import write
from ideabox.ideas.models.campaign import DECIDE, SUGGEST, VOTE, Campaign
from ideabox.ideas.models.idea import Idea
from ideabox.ids import new_uid

PRODUCT, BARE = "campaigns.bench.server:create_app()", "campaigns.bench.server:create_bare_app()"
Ask = Callable[[Client], tuple[int, int, str]]
CLIENTS = 8
BARE_PAGE = "bare page of 20 ORM rows"
#: CPU of the bare page on the machine on which the bars were set.
REFERENCE_BARE_MS = 0.9
BODY = "Two of us stand in the cold room each morning and turn boxes. The door stays open for seven minutes."


@dataclass(frozen=True)
class Bar:
    """What a request may cost: CPU ms, statements, and ms for 95 of 100 at 8 clients."""

    cpu_ms: float | None = None
    statements: int | None = None
    p95_ms: float | None = None


@dataclass(frozen=True)
class Figure:
    """One measured line: medians over rounds for CPU; the largest number of statements seen."""

    request: str
    cpu_ms: float
    statements: int
    p95_ms: float
    kilobytes: float
    bar: Bar

    @property
    def met(self) -> bool:
        return all(
            limit is None or value <= limit
            for value, limit in (
                (self.cpu_ms, self.bar.cpu_ms),
                (self.statements, self.bar.statements),
                (self.p95_ms, self.bar.p95_ms),
            )
        )


@dataclass(frozen=True)
class Sizes:
    ideas: int
    votes: int
    voters: int
    requests: int
    rounds: int


@dataclass(frozen=True)
class Filled:
    """The campaign to measure on, and a few of what is in it."""

    campaign_id: int
    uid: str
    ideas: list[Any]
    people: list[int]
    leader: int


def fill(sizes: Sizes) -> Filled:
    """Make the tables and the campaign in an empty database. Commits."""
    Base.metadata.create_all(db.engine)
    data = filling.campaign(sizes.ideas, sizes.votes, sizes.voters)
    campaign = write(data, None, lambda _name, _total: lambda _done: None)
    leader = Person(name="Leader", email="leader@bench.example", is_leadership=True)
    db.session.add(leader)
    campaign.good_limit, campaign.best_limit = 1_000_000, 1_000_000
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    query = select(Idea.id, Idea.uid, Idea.author_id, Idea.source_ref).where(Idea.campaign_id == campaign.id)
    ideas = db.session.execute(query.order_by(Idea.id)).all()
    voters = select(Person.id).where(Person.source == "bench").order_by(Person.id).limit(CLIENTS)
    filled = Filled(campaign.id, campaign.uid, list(ideas), list(db.session.scalars(voters)), leader.id)
    db.session.rollback()
    return filled


def move(filled: Filled, phase: str) -> None:
    """Put the campaign into a phase as if it had come there by itself. Commits."""
    db.session.execute(update(Campaign).where(Campaign.id == filled.campaign_id).values(phase=phase))
    db.session.commit()


def measure(app: Flask, sizes: Sizes, workers: int, env: dict[str, str], told: Callable[[str], None]) -> list[Figure]:
    """All lines of the table, bare ones first and last; the database of `app` must be empty."""
    told("filling the campaign")
    filled = fill(sizes)
    told("bare page and bare vote")
    figures = _bare(filled, sizes, workers, env)
    with processes.serve(PRODUCT, workers, env) as server:
        clients = sign_in(app, server.port, filled.people)
        leaders = sign_in(app, server.port, [filled.leader] * 2)
        for phase, name, ask, bar, who in requests(filled):
            move(filled, phase)
            told(name)
            figures.append(_figure(name, ask, bar, leaders if who == "leader" else clients, server, sizes))
        told(f"memory of a web process: {_largest(server.pid):.0f} MB")
    told("bare page and bare vote again")
    return figures + _bare(filled, sizes, workers, env)


def _largest(pid: int) -> float:
    return max(processes.memory_mb(worker) for worker in processes.family(pid))


def requests(filled: Filled) -> list[tuple[str, str, Ask, Bar, str]]:
    """What is measured: (phase, name, how to ask, bar, who asks)."""
    busy = filled.ideas[0].uid
    uid, numbers = filled.uid, count()
    voting, writing = _votes(filled), count()

    def submit(client: Client) -> tuple[int, int, str]:
        number = next(writing)
        fields = {
            "title": f"Close the cold room door of line {number}",
            "body": BODY,
            "privacy": "named",
            "do": "send",
            "draft": new_uid(),
            "base": "0",
            "client_key": f"bench-{time.time_ns()}-{number}",
        }
        return client.post(f"/ideas/new?campaign={uid}", fields)

    def vote(client: Client) -> tuple[int, int, str]:
        return client.post(f"/ideas/{voting(client)}/vote", {"choice": "no"})

    def other_idea(client: Client) -> tuple[int, int, str]:
        return client.get(f"/ideas/{filled.ideas[next(numbers) * 37 % len(filled.ideas)].uid}")

    return [
        (DECIDE, "ranking page", lambda client: client.get(f"/decide/{uid}"), Bar(120, 10, 500), "leader"),
        (VOTE, "list of ideas", lambda client: client.get(f"/campaigns/{uid}"), Bar(6, 6, 100), ""),
        (VOTE, "idea page, 50 comments", lambda client: client.get(f"/ideas/{busy}"), Bar(8, 8, 100), ""),
        (VOTE, "idea page, others", other_idea, Bar(8, 8, 100), ""),
        (VOTE, "deck card, next", lambda client: client.get(f"/campaigns/{uid}/deck"), Bar(5, 6, 100), ""),
        (VOTE, "vote", vote, Bar(3, 6, 50), ""),
        (SUGGEST, "submit an idea", submit, Bar(12, 10, 100), ""),
        (SUGGEST, "home", lambda client: client.get("/"), Bar(None, None, 100), ""),
    ]


def _votes(filled: Filled) -> Callable[[Client], str]:
    """Another idea for each vote of each person, never their own."""
    numbers = {person: count(person * 101) for person in filled.people}
    lock = threading.Lock()

    def next_idea(client: Client) -> str:
        with lock:
            idea = filled.ideas[next(numbers[client.person_id]) % len(filled.ideas)]
            if idea.author_id == client.person_id:
                idea = filled.ideas[next(numbers[client.person_id]) % len(filled.ideas)]
        return str(idea.uid)

    return next_idea


def _bare(filled: Filled, sizes: Sizes, workers: int, env: dict[str, str]) -> list[Figure]:
    """The least a page and a vote can cost on this stack."""
    numbers = count()

    def vote(client: Client) -> tuple[int, int, str]:
        idea = filled.ideas[next(numbers) % len(filled.ideas)]
        fields = {"campaign_id": filled.campaign_id, "idea_id": idea.id, "voter_id": filled.people[0]}
        return client.post("/bare-vote", {name: str(value) for name, value in fields.items()})

    with processes.serve(BARE, workers, env) as server:
        clients = [Client(server.port, "x=y", person) for person in filled.people]
        return [
            _figure(BARE_PAGE, lambda client: client.get("/bare"), Bar(), clients, server, sizes),
            _figure("bare vote", vote, Bar(), clients, server, sizes),
        ]


def _figure(name: str, ask: Ask, bar: Bar, clients: list[Client], server: processes.Server, sizes: Sizes) -> Figure:
    for client in clients:
        for _ in range(6):
            _checked(name, ask, client)
    rounds = [_round(name, ask, clients[0], server, sizes.requests) for _ in range(sizes.rounds)]
    waits = _together(name, ask, clients, sizes.requests)
    return Figure(
        name,
        round(statistics.median(cpu for cpu, _, _ in rounds), 2),
        max(statements for _, statements, _ in rounds),
        round(waits[int(len(waits) * 0.95)], 1),
        round(rounds[0][2] / 1024, 1),
        bar,
    )


def _checked(name: str, ask: Ask, client: Client) -> tuple[int, int, str]:
    status, statements, body = ask(client)
    if status >= 400:
        raise RuntimeError(f"{name}: the server answered {status}: {body[:300]}")
    return status, statements, body


def _round(name: str, ask: Ask, client: Client, server: processes.Server, requests: int) -> tuple[float, int, int]:
    """CPU ms a request over all processes that serve it, most statements, bytes of the last answer."""
    pids = processes.family(server.pid) | database_processes()
    before, statements, size = processes.cpu_ms(pids), 0, 0
    for _ in range(requests):
        _, used, body = _checked(name, ask, client)
        statements, size = max(statements, used), len(body.encode())
    return (processes.cpu_ms(pids) - before) / requests, statements, size


def _together(name: str, ask: Ask, clients: list[Client], requests: int) -> list[float]:
    """ms of each request while all clients ask at once, sorted."""
    waits: list[float] = []

    def go(client: Client) -> None:
        for _ in range(max(requests // len(clients), 10)):
            started = time.perf_counter()
            _checked(name, ask, client)
            waits.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=go, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not waits:
        raise RuntimeError(f"{name}: no request was answered under load")
    return sorted(waits)


def database_processes() -> set[int]:
    """The processes of the PostgreSQL server of this machine; none for SQLite, which works inside the web process."""
    if db.engine.dialect.name != "postgresql":
        return set()
    backend = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.rollback()
    return processes.family(int(processes._stat(int(backend))[1]))


def environment(app: Flask) -> dict[str, str]:
    """What the measured servers need to stand on the same database as `app`."""
    settings = app.extensions["ideabox"]["settings"]
    return {
        "DATABASE_URL": settings.database_url,
        "IDEABOX_DATA_DIR": str(settings.data_dir),
        "IDEABOX_SECRET_KEY": settings.secret_key,
        "IDEABOX_LOG_LEVEL": "WARNING",
        "IDEABOX_BACKGROUND": "0",
        "REDIS_URL": "",
        "PATH": os.environ.get("PATH", ""),
    }


def table(figures: list[Figure]) -> Iterator[str]:
    """The figures as lines of text. `x bare`: CPU as a multiple of the bare page's, beside what the bar is of it.

    Machines differ and are noisy: the multiple is what can be compared, the CPU is what this machine took.
    """
    heads = f"{'request':<26}{'CPU ms':>8}{'bar':>7}{'x bare':>8}{'bar':>6}"
    yield heads + f"{'SQL':>5}{'bar':>5}{'p95 ms':>9}{'bar':>6}{'kB':>8}"
    bare = statistics.mean(figure.cpu_ms for figure in figures if figure.request == BARE_PAGE)
    for figure in figures:
        allowed = None if figure.bar.cpu_ms is None else figure.bar.cpu_ms / REFERENCE_BARE_MS
        yield (
            f"{figure.request:<26}{figure.cpu_ms:>8.2f}{_bar(figure.bar.cpu_ms):>7}"
            f"{figure.cpu_ms / bare:>8.1f}{_bar(allowed):>6}{figure.statements:>5}{_bar(figure.bar.statements):>5}"
            f"{figure.p95_ms:>9.1f}{_bar(figure.bar.p95_ms):>6}{figure.kilobytes:>8.1f}"
        )


def _bar(limit: float | None) -> str:
    return "-" if limit is None else f"{limit:.3g}"
