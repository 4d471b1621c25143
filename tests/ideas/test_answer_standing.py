"""Standings: the order the votes give, frozen once at the close, equal to what the command line computes."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from ideabox import clock
from ideabox.database import db as database
from ideabox.events import Event, deliver_pending
from ideabox.ideas.actions import standing as actions
from ideabox.ideas.jobs import standing as jobs
from ideabox.ideas.jobs.campaign_phases import move_due_phases
from ideabox.ideas.models.answer import Standing, StandingRow
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.vote import Vote
from ideabox.ideas.queries import standing as queries
from tests.decisions import close_votes, voted_campaign
from tests.factories import make_vote

ROOT = Path(__file__).parents[2]


def as_csv(campaign_id: int) -> str:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(("voter", "idea", "vote"))
    rows = database.session.execute(
        select(Vote.voter_id, Idea.uid, Vote.value)
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Vote.campaign_id == campaign_id)
    )
    lines.writerows((voter, uid, min(value, 1)) for voter, uid, value in rows)
    return out.getvalue()


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_the_command_prints_what_scoring_prints_for_an_export_of_the_same_votes(app, tmp_path, flags):
    campaign = voted_campaign()
    file = tmp_path / "votes.csv"
    file.write_text(as_csv(campaign.id))
    expected = subprocess.run(
        [sys.executable, "-m", "scoring", "rank", str(file), "--k", "2", "--seed", "41", *flags],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert expected.count("number") == 0 and len(expected) > 300
    printed = app.test_cli_runner().invoke(args=["standing", campaign.uid, *flags])
    assert printed.exit_code == 0, printed.output
    assert printed.output == expected


def test_the_command_says_what_to_give_it(app):
    result = app.test_cli_runner().invoke(args=["standing", "nonesuch"])
    assert result.exit_code == 1 and "There is no campaign nonesuch" in result.output


def test_nothing_is_frozen_while_votes_are_cast(db):
    campaign = voted_campaign()
    assert actions.freeze(campaign.id) is None
    assert db.session.scalar(select(func.count()).select_from(Standing)) == 0


def test_the_close_freezes_once_with_digest_parameters_and_event(app, db):
    campaign = voted_campaign()
    close_votes(campaign)
    first = actions.freeze(campaign.id)
    db.session.commit()
    again = actions.freeze(campaign.id)
    db.session.commit()
    assert first.id == again.id and first.frozen and len(first.digest) == 64
    assert first.votes == 72 and first.voters == 12 and first.parameters["units"] == 2
    assert first.parameters["k"] == 2 and sum(first.parameters["bands"].values()) == 6
    told = db.session.scalars(select(Event).where(Event.name == "standing.frozen")).all()
    assert [event.data["digest"] for event in told] == [first.digest]
    assert actions.recount(first)
    printed = app.test_cli_runner().invoke(args=["standing", campaign.uid, "--frozen", "--json"])
    assert first.digest in printed.output


def test_a_changed_row_breaks_the_recount(app, db):
    campaign = voted_campaign()
    close_votes(campaign)
    standing = actions.freeze(campaign.id)
    db.session.commit()
    db.session.execute(
        update(StandingRow)
        .where(StandingRow.position == 1)
        .values(agrees=StandingRow.agrees - 1, disagrees=StandingRow.disagrees + 1)
    )
    db.session.commit()
    assert not actions.recount(standing)
    printed = app.test_cli_runner().invoke(args=["standing", campaign.uid, "--frozen"])
    assert "The recount does not match" in printed.output


def test_two_workers_freeze_once(app, db):
    campaign = voted_campaign()
    close_votes(campaign)
    campaign_id = campaign.id
    db.session.remove()

    def work(_number: int) -> None:
        with app.app_context():
            actions.freeze(campaign_id)
            database.session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert db.session.scalar(select(func.count()).select_from(Standing)) == 1
    assert db.session.scalar(select(func.count()).select_from(StandingRow)) == 6


def test_a_second_vote_is_frozen_as_a_second_standing(db):
    campaign = voted_campaign()
    close_votes(campaign)
    first = actions.freeze(campaign.id)
    campaign.phase = "vote"
    db.session.commit()
    close_votes(campaign)
    second = actions.freeze(campaign.id)
    db.session.commit()
    assert (first.closing, second.closing) == (1, 2)
    assert queries.frozen_standing(campaign.id).id == second.id


def test_the_tick_freezes_what_came_without_a_close_and_refreshes_what_got_more_votes(db):
    campaign = voted_campaign(phase="evaluate")
    jobs.keep_standings()
    standing = queries.latest_standing(campaign.id)
    assert standing.frozen and standing.closing == 0
    jobs.keep_standings()
    assert queries.latest_standing(campaign.id).id == standing.id
    make_vote(db.session.scalars(select(Idea).where(Idea.campaign_id == campaign.id)).first())
    standing.computed_at -= 2 * jobs.REST
    db.session.commit()
    jobs.keep_standings()
    live = queries.latest_standing(campaign.id)
    assert not live.frozen and live.votes == 73
    assert queries.frozen_standing(campaign.id).id == standing.id


def test_units_are_counted_by_one_grouped_query(db):
    campaign = voted_campaign()
    ids = queries.counts_of(campaign.id).ids
    votes = queries.unit_votes(ids)
    assert {vote.unit for vote in votes} == {"Dyeing", "Finishing"}
    assert sum(vote.votes for vote in votes) == 72
    assert sum(vote.agrees for vote in votes) == sum(queries.counts_of(campaign.id).agrees)


def test_the_calendar_ends_the_vote_and_the_order_is_frozen(db):
    campaign = voted_campaign(evaluate_at=clock.now() - timedelta(minutes=1))
    move_due_phases()
    db.session.commit()
    deliver_pending()
    standing = queries.frozen_standing(campaign.id)
    assert standing.closing == 1 and standing.votes == 72
    deliver_pending()
    assert db.session.scalar(select(func.count()).select_from(Standing)) == 1
