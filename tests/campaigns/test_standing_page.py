"""The ranking page: who may open it, what it shows when, and how little it asks of the database."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from sqlalchemy import event

from ideabox.database import db as database
from ideabox.ideas.models.answer import StandingRow
from ideabox.ideas.queries.standing import latest_standing
from tests.decisions import decided_campaign, voted_campaign
from tests.factories import make_campaign, make_idea, make_person, make_seat, make_vote
from tests.services.forms import submit

PAGES = ("", "/ranking.csv", "/units.csv", "/letters", "/letters.csv", "/letters/{idea}", "/evidence/{idea}")
DEEDS = ("/choose", "/objection", "/confirm", "/recount", "/letters/{idea}", "/letters/preview?idea={idea}")
DEEDS += ("/letters/{idea}/draft", "/letters/{idea}/follow-up", "/letters/together?idea={idea}")


def strangers(found: Any) -> dict[str, Any]:
    other = make_campaign(sponsor=make_person("Other Sponsor"), phase="decide")
    evaluator = make_person("Eva Luator")
    make_seat(found.campaign, evaluator, "evaluator")
    return {
        "employee": make_person("Em Ployee"),
        "evaluator": evaluator,
        "other sponsor": db_person(other.sponsor_id),
        "admin": make_person("Ad Min", roles=["admin"]),
        "moderator": make_person("Mo Derator", roles=["moderator"]),
        "talent": make_person("Ta Lent", roles=["talent"]),
    }


def db_person(person_id: int) -> Any:
    from ideabox.accounts.models import Person
    from ideabox.database import db

    return db.session.get(Person, person_id)


@pytest.mark.parametrize("who", ["employee", "evaluator", "other sponsor", "admin", "moderator", "talent"])
def test_nobody_else_opens_any_of_it(app, sign_in, who):
    found = decided_campaign(ideas=2, voters=6)
    person = strangers(found)[who]
    idea, address, token = found.ideas[0].uid, found.address, ""
    client = sign_in(person)
    token = client.get("/settings/look").text.split('name="csrf-token" content="')[1].split('"')[0]
    for page in PAGES:
        assert client.get(address + page.format(idea=idea)).status_code in (403, 404), page
    for deed in DEEDS:
        data = {
            "csrf_token": token,
            "idea": idea,
            "chosen": "0",
            "reason": "x" * 60,
            "do": "send",
            "outcome": "accepted",
        }
        answer = client.post(address + deed.format(idea=idea), data=data)
        assert answer.status_code in (403, 404), (deed, answer.status_code)
    if who != "other sponsor":
        assert client.get("/decide").status_code == 403
    else:
        assert found.campaign.question not in client.get("/decide").text


def test_a_visitor_is_asked_to_sign_in(client):
    found = decided_campaign(ideas=1, voters=5)
    answer = client.get(found.address)
    assert answer.status_code == 302 and "/sign-in" in answer.location


@pytest.mark.parametrize("who", ["sponsor", "manager", "leader"])
def test_deciders_see_the_bands_and_why(app, sign_in, who):
    found = decided_campaign()
    page = sign_in(getattr(found, who)).get(found.address).text
    assert "6 ideas, 72 answers from 12 people in 2 units." in page
    standing = latest_standing(found.campaign.id)
    assert standing.digest[:12] in page
    assert page.count("data-row-link") == standing.parameters["bands"]["A"] + standing.parameters["bands"]["B"]
    assert "Why here?" in page and "No panel" in page
    below = sign_in(getattr(found, who)).get(found.address + "?below=0").text
    assert below.count("data-row-link") == 6


def test_the_idea_that_is_asked_for_is_explained(app, sign_in):
    found = decided_campaign()
    last = found.ideas[-1]
    page = sign_in(found.leader).get(f"{found.address}?idea={last.uid}").text
    why = page.split('id="why"')[1]
    assert last.title in why
    row = database.session.get(StandingRow, (latest_standing(found.campaign.id).id, last.id))
    assert f"somewhere from rank {row.rank_low} to {row.rank_high}." in why
    assert f"/evidence/{last.uid}#answers" in why


def test_while_votes_are_cast_nobody_sees_an_order(app, sign_in):
    sponsor, leader = make_person("Remi Okoye"), make_person(roles=["leadership"])
    campaign = voted_campaign(sponsor=sponsor, ideas=3, voters=6)
    for person in (sponsor, leader):
        client = sign_in(person)
        page = client.get(f"/decide/{campaign.uid}").text
        assert "The order appears when they close" in page
        assert "compressor" not in page and "rank-band" not in page
        assert "18" in page and "2" in page
        assert client.get(f"/decide/{campaign.uid}/ranking.csv").status_code == 409
        assert client.get(f"/decide/{campaign.uid}/units.csv").status_code == 409


def test_a_campaign_without_votes_says_so(app, sign_in):
    sponsor = make_person()
    campaign = make_campaign(phase="decide", sponsor=sponsor)
    make_idea(campaign)
    assert "There is no order yet" in sign_in(sponsor).get(f"/decide/{campaign.uid}").text


def test_ideas_with_too_few_answers_are_told_apart(app, sign_in):
    from ideabox.database import db
    from ideabox.ideas.actions.standing import refresh

    found = decided_campaign(ideas=3, voters=12)
    late = make_idea(found.campaign, title="Came late")
    make_vote(late)
    refresh(found.campaign.id)
    db.session.commit()
    page = sign_in(found.leader).get(f"{found.address}?below=0").text
    assert "Only 1 answer: too few to place it" in page
    data = sign_in(found.leader).get(f"{found.address}/evidence/{late.uid}").text
    assert "Under five people have answered it" in data and "One of the best" not in data


def test_units_under_five_are_never_shown(app, sign_in):
    found = decided_campaign(ideas=2, voters=9)
    text = sign_in(found.leader).get(f"{found.address}/units.csv").text
    header, first, *_rest = text.splitlines()
    # Nine people in two units: five and four. The five could be worked out from the total, so neither is told.
    assert header == "\ufeffidea,title,Dyeing,Finishing"
    assert first.endswith(",,")


def test_units_of_five_are_shown(app, sign_in):
    found = decided_campaign(ideas=2, voters=12)
    _header, *rows = csv.reader(sign_in(found.leader).get(f"{found.address}/units.csv").text.splitlines())
    shares = [cell for row in rows for cell in row[2:]]
    assert shares and all(0 < float(cell) < 1 for cell in shares)


@pytest.mark.parametrize("ideas", [4, 16])
def test_the_page_asks_the_same_few_statements_however_many_ideas(app, sign_in, ideas):
    from ideabox.database import db

    found = decided_campaign(ideas=ideas, voters=6)
    client, address = sign_in(found.leader), found.address
    client.get(address)
    asked: list[str] = []
    listener = lambda _c, _cur, statement, *_rest: asked.append(statement)  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    client.get(address)
    event.remove(db.engine, "before_cursor_execute", listener)
    assert len([statement for statement in asked if not statement.startswith("BEGIN")]) == 6, asked


def test_the_recount_says_whether_it_is_the_same_list(app, sign_in):
    from ideabox.database import db

    found = decided_campaign()
    client = sign_in(found.leader)
    assert submit(client, found.address, "/recount").status_code == 303
    assert "Counted again just now: the same list" in client.get(found.address).text
    standing = latest_standing(found.campaign.id)
    row = db.session.get(StandingRow, (standing.id, found.ideas[0].id))
    row.agrees -= 1
    db.session.commit()
    submit(client, found.address, "/recount")
    assert "does not give the frozen list" in client.get(found.address).text


def test_the_list_of_campaigns_says_what_waits(app, sign_in):
    found = decided_campaign(ideas=2, voters=6)
    draft = make_campaign(phase="draft", sponsor=found.sponsor, question="Not launched yet?")
    for person in (found.sponsor, found.manager, found.leader):
        page = sign_in(person).get("/decide").text
        assert found.campaign.question in page and "2 ideas without an answer" in page
        assert draft.question not in page


def test_an_idea_hidden_since_is_not_named(app, sign_in):
    from ideabox import clock
    from ideabox.database import db

    found = decided_campaign(ideas=3, voters=6, places=3)
    title = found.ideas[0].title
    found.ideas[0].hidden_at = clock.now()
    db.session.commit()
    page = sign_in(found.leader).get(found.address).text
    assert title not in page and "Hidden by a moderator" in page
