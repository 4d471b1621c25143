"""What deciders take home: every column, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest

from ideabox import clock
from ideabox.database import db as database
from ideabox.ideas.models.answer import StandingRow
from tests.decisions import REASON, decided_campaign, write_letter
from tests.services.forms import submit

FORMULAS = ('=HYPERLINK("http://x")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1")


def table(client, address):
    answer = client.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_ranking_has_every_idea_in_its_order(app, sign_in):
    found = decided_campaign()
    rows = table(sign_in(found.leader), f"{found.address}/ranking.csv")
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert {row["idea"] for row in rows} == {idea.uid for idea in found.ideas}
    printed = app.test_cli_runner().invoke(args=["standing", found.campaign.uid, "--frozen"]).output
    told = {row["idea"]: row for row in csv.DictReader(io.StringIO(printed))}
    assert all(told[row["idea"]]["p_top"] == f"{float(row['p_top']):.4f}" for row in rows)
    assert all(told[row["idea"]]["band"] == row["band"] for row in rows)


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_starts_a_formula(app, sign_in, formula):
    found = decided_campaign(ideas=2, voters=6)
    idea = found.ideas[0]
    idea.title, found.sponsor.name = formula, formula
    database.session.commit()
    client = sign_in(found.sponsor)
    parts = {"understood": formula, "spoke_for": formula, "next_step": formula, "reason": f"{formula} {REASON}"}
    write_letter(client, found.letter(), **parts)
    submit(client, f"{found.address}?idea={idea.uid}", "/objection", words=formula)
    for name in ("ranking", "units", "letters"):
        rows = table(client, f"{found.address}/{name}.csv")
        cells = [cell for row in rows for cell in row.values()]
        assert rows and any(cell.startswith("'") for cell in cells), name
        started = [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "＝", "-1+"))]
        assert not started, name


def test_letters_come_with_their_parts(app, sign_in):
    found = decided_campaign(ideas=2, voters=6)
    client = sign_in(found.sponsor)
    write_letter(client, found.letter(), outcome="accepted", next_step="Call Kim.")
    [row] = table(client, f"{found.address}/letters.csv")
    wanted = {"idea": found.ideas[0].uid, "outcome": "accepted", "reason": REASON, "next_step": "Call Kim."}
    assert wanted.items() <= row.items()
    assert row["signed_by"] == "Remi Okoye"


def test_what_moderators_hid_is_hidden_in_every_file(app, sign_in):
    found = decided_campaign(ideas=2, voters=6)
    client = sign_in(found.sponsor)
    write_letter(client, found.letter())
    hidden, shown = found.ideas
    secret = hidden.title
    hidden.hidden_at = clock.now()
    database.session.commit()
    for name in ("ranking", "units"):
        titles = {row["idea"]: row["title"] for row in table(client, f"{found.address}/{name}.csv")}
        assert titles == {hidden.uid: "Hidden by a moderator", shown.uid: shown.title}, name
    assert table(client, f"{found.address}/letters.csv") == []
    assert secret not in client.get(f"{found.address}/letters.csv").text


def test_how_fewer_than_five_people_answered_is_not_told(app, sign_in):
    found = decided_campaign(ideas=3, voters=6)
    for idea, n in zip(found.ideas, (4, 5, 6), strict=True):
        database.session.execute(database.update(StandingRow).where(StandingRow.idea_id == idea.id).values(n=n))
    database.session.commit()
    rows = {row["n"]: row for row in table(sign_in(found.leader), f"{found.address}/ranking.csv")}
    assert [rows["4"][name] for name in ("score", "low", "high")] == ["", "", ""]
    assert all(rows[n][name] for n in ("5", "6") for name in ("score", "low", "high"))


def test_a_withdrawn_idea_takes_its_letter_with_it(app, sign_in):
    found = decided_campaign(ideas=2, voters=6)
    client = sign_in(found.sponsor)
    asked = "Which compressor do you mean, and who could stop it at lunch?"
    write_letter(client, found.letter(), outcome="needs_clarification", reason=asked)
    assert asked in client.get(f"{found.address}/letters.csv").text
    found.ideas[0].stage = "withdrawn"
    database.session.commit()
    told = client.get(f"{found.address}/letters.csv").text
    assert asked not in told and found.ideas[0].title not in told
