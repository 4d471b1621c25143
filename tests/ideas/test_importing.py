"""Campaigns from elsewhere: whole and equal to their source, or not at all."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from ideabox.accounts.models import Person
from ideabox.database import Base
from ideabox.ideas.models.answer import Letter, Standing
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea, IdeaLink, IdeaTally
from ideabox.ideas.models.talk import Comment
from ideabox.ideas.models.vote import Ballot, Vote

SMALL = "london.youth.policing"
COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1718700000000,x,1,10,0,0,1,"Lights off, please"
1718700001000,x,2,11,0,0,-1,Rude words
"""
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1718700003000,x,1,12,1
1718700002000,x,1,12,-1
1718700004000,x,2,12,0
"""
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Call `flask import` with these words."""
    return lambda *words: app.test_cli_runner().invoke(args=["import", *map(str, words)])


@pytest.fixture
def conversation(tmp_path: Path) -> Path:
    (tmp_path / "comments.csv").write_text(COMMENTS)
    (tmp_path / "votes.csv").write_text(VOTES)
    (tmp_path / "summary.csv").write_text('topic,Night lights\nconversation-description,"Two\nlines"\n')
    return tmp_path


def rows_in_all_tables(db: Any) -> int:
    return sum(db.session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables)


def count(db: Any, model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_last_vote_by_time_counts_whatever_the_order_of_rows(db: Any, run: Run, conversation: Path) -> None:
    assert run("polis", conversation).exit_code == 0
    tally = db.session.execute(
        select(IdeaTally.agrees, IdeaTally.disagrees, IdeaTally.passes).join(Idea).where(Idea.source_ref == "1")
    ).one()
    assert tuple(tally) == (1, 0, 0)
    assert count(db, Vote) == 2
    assert db.session.scalar(select(Ballot.answers)) == 2
    assert db.session.scalar(select(Idea.hidden_reason).where(Idea.source_ref == "2")) != ""
    campaign = db.session.scalar(select(Campaign))
    assert (campaign.question, campaign.problem) == ("Night lights", "Two\nlines")
    assert db.session.scalar(select(Standing.frozen)) is True


def test_a_second_import_is_refused_and_changes_nothing(db: Any, run: Run, conversation: Path) -> None:
    run("polis", conversation)
    before = rows_in_all_tables(db)
    again = run("polis", conversation)
    assert again.exit_code == 2
    assert "already imported" in again.stderr
    assert rows_in_all_tables(db) == before


def test_a_dry_run_counts_and_writes_nothing(db: Any, run: Run, conversation: Path) -> None:
    done = run("polis", conversation, "--dry-run", "--json")
    told = json.loads(done.stdout)
    assert told["dry_run"] is True
    assert told["campaigns"][0]["votes"] == 2
    assert told["campaigns"][0]["votes_read"] == 3
    assert rows_in_all_tables(db) == 0


BROKEN = [
    ("comments.csv", COMMENTS.replace("comment-id", "id"), "comments.csv", "comment-id"),
    ("comments.csv", COMMENTS + "1718700001000,x,2,11,0,0,1,Again\n", "comments.csv, line 4", "twice"),
    ("comments.csv", COMMENTS + '1718700001000,x,3,11,0,0,1,"cut sho', "comments.csv, line 4", "quote"),
    ("comments.csv", COMMENTS + "1718700001000,x,3,11\n", "comments.csv, line 4", ""),
    ("comments.csv", COMMENTS + "soon,x,3,11,0,0,1,When\n", "comments.csv, line 4", "timestamp"),
    ("comments.csv", COMMENTS + "1718700001000,x,3,11,0,0,7,Odd\n", "comments.csv, line 4", "moderated"),
    ("comments.csv", COMMENTS + "1718700001000,x,3,11,0,0,1,a\u202eb\n", "comments.csv, line 4", "direction"),
    ("comments.csv", COMMENTS + "1718700001000,x,3,11,0,0,1,\n", "comments.csv, line 4", "empty"),
    ("comments.csv", "", "comments.csv", ""),
    ("votes.csv", VOTES + "1718700004000,x,9,12,1\n", "votes.csv, line 5", "not in comments.csv"),
    ("votes.csv", VOTES + "1718700004000,x,1,12,2\n", "votes.csv, line 5", "vote"),
    ("votes.csv", VOTES + "1718700004000,x,1,12,nan\n", "votes.csv, line 5", "vote"),
    ("votes.csv", VOTES + "99999999999999999999,x,1,12,1\n", "votes.csv, line 5", "timestamp"),
    ("votes.csv", VOTES + "1718700004000,x,1,,1\n", "votes.csv, line 5", "empty"),
]


@pytest.mark.parametrize(("name", "content", "where", "why"), BROKEN)
def test_a_broken_file_names_file_line_and_reason(
    db: Any, run: Run, conversation: Path, name: str, content: str, where: str, why: str
) -> None:
    (conversation / name).write_text(content, encoding="utf-8")
    done = run("polis", conversation)
    assert done.exit_code == 2
    assert where in done.stderr
    assert why in done.stderr
    assert "Traceback" not in done.stderr
    assert rows_in_all_tables(db) == 0


@pytest.mark.parametrize("content", [COMMENTS.encode("utf-16"), "é".encode("cp1252") + COMMENTS.encode(), b"\0\1\2"])
def test_a_file_in_another_encoding_is_named(db: Any, run: Run, conversation: Path, content: bytes) -> None:
    (conversation / "comments.csv").write_bytes(content)
    done = run("polis", conversation)
    assert done.exit_code == 2
    assert "comments.csv, line 1" in done.stderr
    assert rows_in_all_tables(db) == 0


def test_absent_and_wrong_folders_are_named(run: Run, tmp_path: Path) -> None:
    for words in (("polis", tmp_path / "none"), ("polis", tmp_path), ("openideo", tmp_path), ("csv", tmp_path)):
        done = run(*words)
        assert done.exit_code == 2
        assert "Nothing was imported" in done.stderr


def test_a_fault_in_the_second_conversation_undoes_the_first(db: Any, run: Run, conversation: Path) -> None:
    for name in ("a", "b"):
        (conversation / name).mkdir()
        for file in ("comments.csv", "votes.csv"):
            shutil.copy(conversation / file, conversation / name / file)
    for file in ("comments.csv", "votes.csv"):
        (conversation / file).unlink()
    (conversation / "b" / "votes.csv").write_text(VOTES + "x")
    assert run("polis", conversation).exit_code == 2
    assert rows_in_all_tables(db) == 0


def test_the_template_can_be_imported_as_it_is(db: Any, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ideas.csv"
    file.write_text(run("csv", "--template").stdout)
    (tmp_path / "votes.csv").write_text("idea,voter,vote\n1,kim@company.example,1\n1,Yusuf,-1\n")
    (tmp_path / "comments.csv").write_text("idea,author,text\n2,Yusuf,**Where** was it tried?\n")
    more = ("--votes", tmp_path / "votes.csv", "--comments", tmp_path / "comments.csv", "--question", "What next?")
    assert run("csv", file, *more).exit_code == 0
    assert count(db, Idea) == 2
    assert count(db, Person) == 3
    assert "<strong>Where</strong>" in db.session.scalar(select(Comment.body_html))
    assert db.session.scalar(select(Campaign.question)) == "What next?"


def test_people_who_are_here_already_are_found_by_their_address(db: Any, run: Run, tmp_path: Path) -> None:
    db.session.add(Person(name="Kim", email="kim@company.example"))
    db.session.commit()
    file = tmp_path / "ideas.csv"
    file.write_text("title,text,author,author_email\nOne,a,Somebody,KIM@company.example\n")
    assert run("csv", file).exit_code == 0
    assert db.session.scalar(select(Person.name).join(Idea, Idea.author_id == Person.id)) == "Kim"
    assert count(db, Person) == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",b,c,,,", "title"),
        ("a,b,,,,", "name"),
        ("a,b,c,no address,,", "e-mail"),
        ("a,b,c,,won,", "outcome"),
        ("a,b,c,,accepted,", "reason"),
        ("a,b,c,,,1e30", "cost_low"),
        ("a,b,c,,,-5", "cost_low"),
    ],
)
def test_a_table_with_a_bad_row_names_it(db: Any, run: Run, tmp_path: Path, line: str, why: str) -> None:
    file = tmp_path / "ideas.csv"
    file.write_text(f"title,text,author,author_email,outcome,cost_low\nGood,b,c,,,5\n{line}\n")
    done = run("csv", file)
    assert done.exit_code == 2
    assert "ideas.csv, line 3" in done.stderr
    assert why in done.stderr
    assert rows_in_all_tables(db) == 0


def test_a_truncated_archive_is_named(db: Any, run: Run, tmp_path: Path) -> None:
    whole = gzip.compress(b"challenge_id,question,first_post,concept_phase_end\n" + b"c,q,2012-01-01,2012-02-01\n" * 99)
    (tmp_path / "challenges.csv.gz").write_bytes(whole[:-20])
    done = run("openideo", tmp_path)
    assert done.exit_code == 2
    assert "challenges.csv.gz" in done.stderr
    assert rows_in_all_tables(db) == 0


def test_a_real_conversation_equals_its_own_matrix(db: Any, run: Run, data_folder: Path) -> None:
    """Polis exports the matrix of last votes; what we store must be that matrix."""
    import csv

    folder = data_folder / "polis" / SMALL
    assert run("polis", folder).exit_code == 0
    with (folder / "participants-votes.csv").open(newline="", encoding="utf-8") as file:
        matrix = {
            (row["participant"], idea): int(value)
            for row in csv.DictReader(file)
            for idea, value in row.items()
            if idea.isdecimal() and value
        }
    query = select(Person.source_ref, Idea.source_ref, Vote.value).join(Vote, Vote.voter_id == Person.id)
    stored = {
        (voter, idea): value for voter, idea, value in db.session.execute(query.join(Idea, Idea.id == Vote.idea_id))
    }
    assert stored == matrix


def test_all_openideo_campaigns_equal_the_readme(db: Any, run: Run, data_folder: Path) -> None:
    assert run("openideo", data_folder / "openideo").exit_code == 0
    found = [count(db, model) for model in (Campaign, Idea, Comment, IdeaLink)]
    assert found == [14, 5914, 21377, 6842]
    assert db.session.scalar(select(func.count()).where(Letter.outcome == "accepted")) == 130
    assert db.session.scalar(select(func.count()).where(Idea.tags.startswith("concept"))) == 1952
    assert db.session.scalar(select(func.count(Idea.author_id.distinct()))) == 2119
