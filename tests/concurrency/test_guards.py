"""C9: each guard taken out in turn. The races must then find something, else their silence would prove nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from ideabox.database import db
from ideabox.events import GIVE_UP_AFTER
from ideabox.ideas.models.vote import Vote
from ideabox.ideas.queries.invariants import violations
from tests.concurrency.races import Arena, race_budget, race_closing, race_same_vote
from tests.factories import make_idea, make_person, make_vote, voting_campaign
from tests.services.served import serve

PARALLEL = 8
ROUNDS = 40
FACTORY = "tests.concurrency.mutants:create_app()"


@pytest.fixture
def mutant(app: Flask, backend: Any, cookie_of: Callable[[Any], tuple[str, str]]) -> Iterator[Callable[..., Any]]:
    """Serve the product with a mutation: `with mutant("no_guard") as arena:`."""

    @contextmanager
    def served(name: str) -> Iterator[Arena]:
        with serve(2, backend.environment() | {"MUTANT": name}, FACTORY) as url:
            yield Arena(app, url, cookie_of)

    return served


def noticed(race: Callable[[Arena, int, int], list[str]], arena: Arena) -> list[str]:
    """Run the race until it finds something, at most 40 rounds in all."""
    for _ in range(ROUNDS // 10):
        if found := race(arena, PARALLEL, 10):
            return found
    return []


@pytest.fixture
def without_unique_index(app: Flask, backend: Any) -> Iterator[None]:
    """The vote table without its unique index, for one test."""
    with _changed_table(backend.name):
        yield


@contextmanager
def _changed_table(backend: str) -> Iterator[None]:
    drop, create = _INDEX[backend]
    _run(drop)
    try:
        yield
    finally:
        db.session.rollback()
        _run("DELETE FROM vote", create)


def _run(*statements: str) -> None:
    with db.engine.connect() as connection:
        for statement in statements:
            for line in statement.split(";"):
                connection.execute(text(line))
        connection.commit()


#: How the index goes and comes back. SQLite keeps it inside the table: the table is made anew.
_COLUMNS = "id, campaign_id, idea_id, voter_id, value, previous, surface, cast_at"
_INDEX = {
    "postgresql": (
        "ALTER TABLE vote DROP CONSTRAINT uq_vote_idea_id_voter_id",
        "ALTER TABLE vote ADD CONSTRAINT uq_vote_idea_id_voter_id UNIQUE (idea_id, voter_id)",
    ),
    "sqlite": (
        "ALTER TABLE vote RENAME TO vote_kept;"
        "CREATE TABLE vote (id INTEGER PRIMARY KEY, campaign_id INTEGER, idea_id INTEGER, voter_id INTEGER,"
        " value INTEGER, previous INTEGER, surface VARCHAR(40), cast_at DATETIME)",
        "DROP TABLE vote;ALTER TABLE vote_kept RENAME TO vote",
    ),
}


def test_without_the_unique_index_the_upsert_fails_aloud(mutant: Any, without_unique_index: None) -> None:
    with mutant("nothing") as arena:
        assert any("answers of 500" in fault for fault in noticed(race_same_vote, arena))


def test_a_check_in_code_lets_double_votes_through(mutant: Any, backend: Any, without_unique_index: None) -> None:
    if backend.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: the test of BEGIN IMMEDIATE takes that away")
    with mutant("check_then_insert") as arena:
        found = noticed(race_same_vote, arena)
    assert any("has" in fault and "votes on idea" in fault for fault in found), found


def test_a_check_in_code_beside_the_unique_index_answers_with_errors(mutant: Any, backend: Any) -> None:
    if backend.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: the test of BEGIN IMMEDIATE takes that away")
    with mutant("check_then_insert") as arena:
        assert any("answers of 500" in fault for fault in noticed(race_same_vote, arena))


def test_without_its_guard_the_budget_is_exceeded(mutant: Any) -> None:
    with mutant("no_guard") as arena:
        found = noticed(race_budget, arena)
    assert any("no budget exceeded" in fault for fault in found), found


def test_a_budget_counted_in_code_is_exceeded(mutant: Any, backend: Any) -> None:
    if backend.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: the test of BEGIN IMMEDIATE takes that away")
    with mutant("counted_budget") as arena:
        found = noticed(race_budget, arena)
    assert any("no budget exceeded" in fault for fault in found), found


def test_sqlite_without_immediate_transactions_fails_under_load(mutant: Any, backend: Any) -> None:
    if backend.name != "sqlite":
        pytest.skip("only SQLite begins its transactions in two ways")
    with mutant("deferred") as arena:
        assert any("answers of 50" in fault for fault in noticed(race_same_vote, arena))


def test_without_the_shared_lock_votes_cross_the_closing(mutant: Any, backend: Any) -> None:
    if backend.name == "sqlite":
        pytest.skip("SQLite has one writer at a time and needs no shared lock")
    with mutant("no_shared_lock") as arena:
        found = noticed(race_closing, arena)
    assert any("after voting had been closed" in fault for fault in found), found


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE idea_tally SET agrees = agrees + 1", "tallies equal a recount"),
        ("UPDATE idea_tally SET shows = 7", "tallies equal a recount"),
        ("UPDATE ballot SET answers = answers + 1", "ballots equal a recount"),
        ("DELETE FROM ballot", "ballots equal a recount"),
        ("UPDATE vote SET value = -1", "tallies equal a recount"),
        ("UPDATE vote SET voter_id = (SELECT author_id FROM idea LIMIT 1)", "no vote on one's own idea"),
        ("UPDATE campaign SET good_limit = 1", "no budget exceeded"),
        (f"UPDATE event SET delivered_at = NULL, tries = {GIVE_UP_AFTER}", "events delivered or waiting"),
    ],
)
def test_each_damage_is_found_by_the_recount(damage: str, check: str) -> None:
    from ideabox import events

    campaign, voter = voting_campaign(), make_person()
    author = make_person()
    for _ in range(2):
        idea = make_idea(campaign, author)
        make_vote(idea, voter)
    events.record("idea.voted", actor_id=voter.id)
    db.session.commit()
    assert not any(violations().values())
    db.session.rollback()
    if "voter_id" in damage:
        db.session.execute(text("DELETE FROM vote WHERE id = (SELECT max(id) FROM vote)"))
    db.session.execute(text(damage))
    db.session.commit()
    assert violations()[check]
    assert db.session.scalar(select(Vote.id).limit(1))
