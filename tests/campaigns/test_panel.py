"""Preparing and running a campaign through its real forms."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.queries.panel_templates import NAMES, left_to_fill, template_named
from ideabox import clock, events
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.models.campaign import Campaign, CampaignUnit, Criterion, PhaseChange, Seat
from ideabox.notifications.models import Notice
from tests.factories import make_campaign, make_idea, make_person, make_unit, make_vote
from tests.ideas.test_campaign_phases import together
from tests.services.forms import Form, read_forms, send, submit

PARIS = ZoneInfo("Europe/Paris")
BRIEF = {
    "question": "How might we halve what the night shift burns?",
    "problem": "At night we use 61 % of what the day uses.",
    "good_looks_like": "Measured within six weeks.",
    "afterwards": "Four people read them all.",
}


@pytest.fixture
def remi(app: Flask) -> Person:
    return make_person("Remi Okoye", roles=["leadership"])


@pytest.fixture
def browser_of(sign_in: Any) -> Any:
    return sign_in


def wall(days: float, hour: int = 9) -> str:
    """A date as a date field sends it, so many days from now on the clocks of Paris."""
    return (clock.now().astimezone(PARIS) + timedelta(days=days)).strftime(f"%Y-%m-%dT{hour:02}:00")


def day(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


DATES = {"improve_at": 7, "vote_at": 14, "decide_at": 21, "close_at": 60}


def whole(**facts: Any) -> dict[str, Any]:
    """What makes a draft ready for launch."""
    dates = {name: wall(days) for name, days in DATES.items()}
    return {**BRIEF, "suggest_at": "", "evaluate_at": "", "deliver_at": "", **dates, "promise_on": day(30), **facts}


def draft_of(client: Any, start: str = "blank", **facts: Any) -> Campaign:
    """Begin a draft by the form, and read it back."""
    answer = submit(client, "/panel/new", "/panel/new", template=start, **facts)
    assert answer.status_code == 303, answer.text
    return campaign_at(answer.headers["Location"])


def campaign_at(address: str) -> Campaign:
    return db.session.scalars(select(Campaign).where(Campaign.uid == address.split("/")[2])).one()


def form_to(client: Any, address: str, action: str = "") -> Form:
    """The form of the page at `address` that is sent to `action` (to the page itself when not given)."""
    return next(form for form in read_forms(client.get(address).text) if form.action.endswith(action or address))


def fresh(campaign: Campaign) -> Campaign:
    return db.session.get_one(Campaign, campaign.id, populate_existing=True)


def edit(client: Any, campaign: Campaign, **values: Any) -> Any:
    return submit(client, f"/panel/{campaign.uid}/edit", "/edit", **values)


def launched(client: Any) -> Campaign:
    campaign = draft_of(client)
    assert edit(client, campaign, **whole()).status_code == 303
    answer = submit(client, f"/panel/{campaign.uid}/launch", "/launch")
    assert answer.status_code == 303, answer.text
    return fresh(campaign)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", NAMES)
def test_each_template_is_a_whole_brief_in_both_languages(name: str, lang: str) -> None:
    template = template_named(name, lang)
    assert len(template.texts["question"]) <= 200
    assert all(
        len(template.texts[text]) > 40 for text in ("problem", "good_looks_like", "afterwards", "questions_answered")
    )
    assert left_to_fill(" ".join(template.texts.values()))
    assert sum(row["weight"] for row in template.criteria) == 100
    other = template_named(name, "fr" if lang == "en" else "en")
    assert other.texts.keys() == template.texts.keys()
    assert all(other.texts[key] != template.texts[key] for key in template.texts)
    assert [row["weight"] for row in other.criteria] == [row["weight"] for row in template.criteria]


def test_a_template_fills_the_draft(remi: Person, browser_of: Any) -> None:
    campaign = draft_of(browser_of(remi), "energy", lang="fr")
    template = template_named("energy", "fr")
    assert (campaign.phase, campaign.lang, campaign.template) == ("draft", "fr", "energy")
    assert campaign.question == template.texts["question"]
    assert campaign.problem == template.texts["problem"]
    criteria = db.session.scalars(select(Criterion).where(Criterion.campaign_id == campaign.id)).all()
    assert [row.weight for row in criteria] == [45, 35, 20]
    opening = campaign.suggest_at.astimezone(PARIS)
    assert (opening.weekday(), opening.hour) == (0, 9)
    assert campaign.suggest_at > clock.now()
    page = browser_of(remi).get(f"/panel/{campaign.uid}/launch").text
    assert "[brackets]" in page


def test_the_creator_sponsors_until_another_is_named(remi: Person, browser_of: Any) -> None:
    campaign = draft_of(browser_of(remi))
    seats = db.session.execute(select(Seat.person_id, Seat.role).where(Seat.campaign_id == campaign.id)).all()
    assert [tuple(seat) for seat in seats] == [(remi.id, "sponsor")]
    assert campaign.sponsor_id == remi.id


def test_sending_the_same_form_twice_makes_one_campaign(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    form = form_to(client, "/panel/new")
    answers = [send(client, "/panel/new", form, template="energy") for _ in range(2)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert db.session.scalar(select(func.count()).select_from(Campaign)) == 1


def test_eight_sendings_at_once_make_one_campaign(app: Flask, remi: Person, browser_of: Any) -> None:
    clients = [browser_of(remi) for _ in range(8)]
    form = form_to(clients[0], "/panel/new")
    for client in clients[1:]:
        client.set_cookie("ideabox", clients[0].get_cookie("ideabox").value)
    answers: list[Any] = []
    together(app, *[partial(_send_into, answers, client, form) for client in clients])
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert db.session.scalar(select(func.count()).select_from(Campaign)) == 1


def _send_into(answers: list[Any], client: Any, form: Form) -> None:
    answers.append(send(client, "/panel/new", form, template="energy"))


def test_only_some_may_create(app: Flask, browser_of: Any) -> None:
    client = browser_of(make_person())
    assert client.get("/panel/new").status_code == 403
    assert "New campaign" not in client.get("/campaigns").text
    sponsor = make_person()
    make_campaign(sponsor=sponsor)
    assert browser_of(sponsor).get("/panel/new").status_code == 200


def test_a_draft_is_for_its_team_alone(remi: Person, browser_of: Any) -> None:
    campaign = draft_of(browser_of(remi))
    stranger, boss = browser_of(make_person()), browser_of(make_person(roles=["leadership"]))
    for path in (f"/campaigns/{campaign.uid}", f"/panel/{campaign.uid}", f"/panel/{campaign.uid}/edit"):
        assert stranger.get(path).status_code == 404
        assert boss.get(path).status_code == 404
    assert browser_of(remi).get(f"/campaigns/{campaign.uid}").status_code == 200


def test_the_panel_of_others_does_not_exist(app: Flask, browser_of: Any) -> None:
    campaign, evaluator = make_campaign(sponsor=make_person()), make_person()
    db.session.add(Seat(campaign_id=campaign.id, person_id=evaluator.id, role="evaluator"))
    db.session.commit()
    for person in (make_person(), evaluator, make_person(roles=["leadership"]), make_person(roles=["moderator"])):
        client = browser_of(person)
        assert client.get(f"/campaigns/{campaign.uid}").status_code == 200
        for room in ("", "/edit", "/team", "/phases", "/launch", "/updates"):
            assert client.get(f"/panel/{campaign.uid}{room}").status_code == 404
    assert browser_of(make_person(roles=["admin"])).get(f"/panel/{campaign.uid}/phases").status_code == 200


def test_posting_to_the_panel_of_others_changes_nothing(remi: Person, browser_of: Any) -> None:
    campaign = make_campaign(sponsor=make_person())
    client, own = browser_of(remi), draft_of(browser_of(remi))
    form = form_to(client, f"/panel/{own.uid}/edit")
    for room in ("edit", "team", "phases", "launch", "updates", "clone", "discard"):
        form.action = f"/panel/{campaign.uid}/{room}"
        assert send(client, form.action, form).status_code == 404
    assert fresh(campaign).question == campaign.question
    assert db.session.scalar(select(func.count()).select_from(Campaign)) == 2


def test_the_whole_brief_is_kept(remi: Person, browser_of: Any) -> None:
    hall, client = make_unit("Hall B"), browser_of(remi)
    campaign = draft_of(client)
    criteria = {
        "criterion_1": "Saving",
        "criterion_1_low": "none",
        "criterion_1_high": "half",
        "criterion_1_weight": "60",
    }
    criteria |= {"criterion_2": "Ease", "criterion_2_weight": "40"}
    more = {
        "audience": "units",
        "units": [hall.uid],
        "good_limit": "7",
        "best_limit": "2",
        "places": "5",
        "budget": "80000",
    }
    answer = edit(client, campaign, **whole(**criteria, **more, currency="CHF", leading_key="culture"))
    assert answer.status_code == 303, answer.text
    kept = fresh(campaign)
    assert {name: getattr(kept, name) for name in BRIEF} == BRIEF
    assert (kept.good_limit, kept.best_limit, kept.places, kept.budget) == (7, 2, 5, 80000)
    assert (kept.currency, kept.leading_key, kept.audience) == ("CHF", "culture", "units")
    assert kept.promise_on == date.fromisoformat(day(30))
    assert kept.vote_at.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M") == wall(14)
    assert kept.evaluate_at is None
    assert list(db.session.scalars(select(CampaignUnit.unit_id))) == [hall.id]
    rows = db.session.scalars(select(Criterion).order_by(Criterion.position)).all()
    assert [(row.name, row.low_anchor, row.high_anchor, row.weight) for row in rows] == [
        ("Saving", "none", "half", 60),
        ("Ease", "", "", 40),
    ]


def test_two_who_edit_at_once_are_told_and_lose_nothing(remi: Person, browser_of: Any) -> None:
    other = make_person("Marta Kowalska")
    client, colleague = browser_of(remi), browser_of(other)
    campaign = draft_of(client)
    db.session.add(Seat(campaign_id=campaign.id, person_id=other.id, role="manager"))
    db.session.commit()
    address = f"/panel/{campaign.uid}/edit"
    mine = next(form for form in read_forms(client.get(address).text) if "problem" in form.names)
    assert submit(colleague, address, "/edit", problem="What Marta wrote.").status_code == 303
    answer = send(client, address, mine, prizes="A day off.")
    assert answer.status_code == 422 and "Marta Kowalska has saved this page" in answer.text
    assert "A day off." in answer.text and fresh(campaign).problem == "What Marta wrote."
    again = next(form for form in read_forms(answer.text) if "problem" in form.names)
    assert send(client, address, again, problem="Ours together.").status_code == 303
    assert (fresh(campaign).problem, fresh(campaign).prizes) == ("Ours together.", "A day off.")


def test_what_was_typed_survives_a_fault(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    campaign = draft_of(client)
    answer = edit(client, campaign, **whole(budget="-5", problem="A long text that must not be lost."))
    assert answer.status_code == 422
    assert "A long text that must not be lost." in answer.text
    assert 'value="-5"' in answer.text
    assert fresh(campaign).problem == ""


def test_a_launch_opens_at_once_or_at_its_date(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    campaign = launched(client)
    assert campaign.phase == "suggest"
    assert abs(campaign.suggest_at - clock.now()) < timedelta(minutes=1)
    later = draft_of(client)
    assert edit(client, later, **whole(suggest_at=wall(3))).status_code == 303
    assert submit(client, f"/panel/{later.uid}/launch", "/launch").status_code == 303
    waiting = fresh(later)
    assert (waiting.phase, waiting.launched_at is not None) == ("draft", True)
    assert browser_of(make_person()).get(f"/campaigns/{later.uid}").status_code == 404


def test_an_unfinished_draft_cannot_be_launched_even_by_hand(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    unfinished, ready = draft_of(client, "safety"), draft_of(client)
    edit(client, ready, **whole())
    page = client.get(f"/panel/{unfinished.uid}/launch").text
    assert "Missing before launch" in page
    assert not [form for form in read_forms(page) if form.action.endswith("/launch")]
    form = form_to(client, f"/panel/{ready.uid}/launch")
    form.action = f"/panel/{unfinished.uid}/launch"
    assert send(client, form.action, form).status_code == 422
    assert fresh(unfinished).phase == "draft"


def test_what_votes_stand_on_is_locked_in_the_action(remi: Person, browser_of: Any) -> None:
    client, unit = browser_of(remi), make_unit()
    campaign = launched(client)
    open_form = form_to(client, f"/panel/{campaign.uid}/edit")
    campaign.phase = "vote"
    db.session.commit()
    page = client.get(f"/panel/{campaign.uid}/edit").text
    locked = next(form for form in read_forms(page) if form.action.endswith("/edit"))
    assert not {"good_limit", "places", "criterion_1", "audience", "units"} & locked.names
    assert "Locked while voting is open" in page
    for values in (
        {"good_limit": "20"},
        {"best_limit": "1"},
        {"places": "2"},
        {"audience": "units", "units": [unit.uid]},
    ):
        answer = send(client, f"/panel/{campaign.uid}/edit", open_form, **values)
        assert answer.status_code == 422
        assert "locked once voting has opened" in answer.text
    answer = send(client, f"/panel/{campaign.uid}/edit", open_form, criterion_1="Luck", criterion_1_weight="100")
    assert answer.status_code == 422
    kept = fresh(campaign)
    assert (kept.good_limit, kept.best_limit, kept.places, kept.audience) == (10, 3, 8, "all")
    assert edit(client, campaign, problem="A clearer text.").status_code == 303
    assert fresh(campaign).problem == "A clearer text."


def test_the_date_of_an_opened_phase_is_part_of_the_record(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    campaign = launched(client)
    before = campaign.suggest_at
    form = form_to(client, f"/panel/{campaign.uid}/edit")
    assert "suggest_at" not in form.names
    form.names.add("suggest_at")
    answer = send(client, f"/panel/{campaign.uid}/edit", form, suggest_at=wall(1))
    assert answer.status_code == 422
    assert fresh(campaign).suggest_at == before
    assert edit(client, campaign, improve_at=wall(8)).status_code == 303
    assert fresh(campaign).suggest_at == before


def test_phases_move_by_hand_with_a_reason(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    campaign = launched(client)
    address = f"/panel/{campaign.uid}/phases"
    assert submit(client, address, "/phases", to="vote", reason="soon").status_code == 422
    assert fresh(campaign).phase == "suggest"
    assert submit(client, address, "/phases", to="vote", reason="The halls are closed next week.").status_code == 303
    moved = fresh(campaign)
    assert (moved.phase, moved.improve_at) == ("vote", None)
    change = db.session.scalars(select(PhaseChange).order_by(PhaseChange.id.desc())).first()
    assert (change.before, change.after, change.actor_id) == ("suggest", "vote", remi.id)
    assert change.reason == "The halls are closed next week."
    event = db.session.scalars(
        select(Event).where(Event.name == "campaign.phase_moved").order_by(Event.id.desc())
    ).first()
    assert len(event.data["rules"]) == 64
    assert "The halls are closed next week." in client.get(address).text


def test_going_back_is_shut_once_votes_are_in(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    campaign = make_campaign(sponsor=remi, phase="vote")
    page = client.get(f"/panel/{campaign.uid}/phases").text
    form = next(form for form in read_forms(page) if form.action.endswith("/phases"))
    make_vote(make_idea(campaign))
    answer = send(client, f"/panel/{campaign.uid}/phases", form, to="improve", reason="Let us improve some more.")
    assert answer.status_code == 422
    assert fresh(campaign).phase == "vote"


def test_a_campaign_closes_once_each_idea_is_answered(remi: Person, browser_of: Any) -> None:
    client, campaign = browser_of(remi), make_campaign(sponsor=remi, phase="deliver")
    idea = make_idea(campaign)
    address = f"/panel/{campaign.uid}/phases"
    answer = submit(client, address, "/phases", to="closed", reason="All is done and delivered.")
    assert answer.status_code == 422
    assert "1 idea has no answer yet" in answer.text
    idea.outcome = "needs_clarification"
    db.session.commit()
    asked = submit(client, address, "/phases", to="closed", reason="All is done and delivered.")
    assert asked.status_code == 422, "a question to the author is no answer"
    idea.outcome = "not_retained"
    db.session.commit()
    assert submit(client, address, "/phases", to="closed", reason="All is done and delivered.").status_code == 303
    assert fresh(campaign).phase == "closed"


def test_the_team_is_named_by_name_or_address(remi: Person, browser_of: Any) -> None:
    client, camille, kim = (
        browser_of(remi),
        make_person("Camille Roux"),
        make_person("Kim Lee", email="kim@halden.example"),
    )
    campaign = draft_of(client)
    address = f"/panel/{campaign.uid}/team"
    answer = submit(
        client,
        address,
        "/team",
        sponsor="camille roux",
        managers=f"Remi Okoye <{remi.email}>",
        evaluators="KIM@halden.example",
    )
    assert answer.status_code == 303, answer.text
    seats = db.session.execute(select(Seat.person_id, Seat.role).where(Seat.campaign_id == campaign.id))
    assert {tuple(seat) for seat in seats} == {(camille.id, "sponsor"), (remi.id, "manager"), (kim.id, "evaluator")}
    assert fresh(campaign).sponsor_id == camille.id
    while events.deliver_pending():
        pass
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "campaign.seated")).all()
    assert set(told) == {camille.id, kim.id}
    again = submit(client, address, "/team")
    assert again.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Seat).where(Seat.campaign_id == campaign.id)) == 3


def test_a_team_changed_meanwhile_is_not_written_over(remi: Person, browser_of: Any) -> None:
    client, campaign = browser_of(remi), make_campaign(sponsor=remi)
    address = f"/panel/{campaign.uid}/team"
    stale = next(form for form in read_forms(client.get(address).text) if "managers" in form.names)
    marta = make_person("Marta Kowalska")
    assert submit(client, address, "/team", managers="Marta Kowalska").status_code == 303
    assert send(client, address, stale, evaluators="").status_code == 422
    assert db.session.scalar(select(Seat.id).where(Seat.person_id == marta.id)) is not None


def test_unclear_names_are_told_and_change_nothing(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    make_person("Sam Hill", email="sam1@halden.example")
    make_person("Sam Hill", email="sam2@halden.example")
    make_person("Gone Away", email="gone@halden.example", active=False)
    campaign = draft_of(client)
    address = f"/panel/{campaign.uid}/team"
    answer = submit(client, address, "/team", managers="Sam Hill", evaluators="Nobody Such\nGone Away")
    assert answer.status_code == 422
    assert "sam1@halden.example" in answer.text and "sam2@halden.example" in answer.text
    assert "Nobody Such" in answer.text
    assert submit(client, address, "/team", sponsor="").status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Seat)) == 1


def test_news_reach_those_who_follow_once(remi: Person, browser_of: Any) -> None:
    client, ada = browser_of(remi), make_person("Ada Lindqvist")
    campaign = make_campaign(sponsor=remi)
    reader = browser_of(ada)
    assert submit(reader, f"/campaigns/{campaign.uid}", "/follow").status_code == 303
    form = form_to(client, f"/panel/{campaign.uid}/updates")
    for _ in range(2):
        answer = send(
            client, f"/panel/{campaign.uid}/updates", form, body="The **meter** is up. <script>alert(1)</script>"
        )
        assert answer.status_code == 303
    page = reader.get(f"/campaigns/{campaign.uid}/updates").text
    assert page.count("<strong>meter</strong>") == 1
    assert "<script>alert" not in page
    assert "<strong>meter</strong>" in reader.get(f"/campaigns/{campaign.uid}").text
    while events.deliver_pending():
        pass
    assert list(db.session.scalars(select(Notice.person_id).where(Notice.kind == "campaign.news"))) == [ada.id]


def test_a_clone_takes_the_brief_and_leaves_the_ideas(remi: Person, browser_of: Any) -> None:
    client, kim = browser_of(remi), make_person()
    campaign = launched(client)
    db.session.add(Seat(campaign_id=campaign.id, person_id=kim.id, role="evaluator"))
    db.session.add(Criterion(campaign_id=campaign.id, position=0, name="Saving", weight=100))
    campaign.suggest_at -= timedelta(days=300)
    db.session.commit()
    make_idea(campaign)
    answer = submit(client, f"/panel/{campaign.uid}", "/clone")
    assert answer.status_code == 303
    copy = campaign_at(answer.headers["Location"])
    assert copy.id != campaign.id
    assert (copy.phase, copy.question, copy.idea_count, copy.launched_at) == ("draft", campaign.question, 0, None)
    assert copy.seed != campaign.seed
    assert copy.suggest_at > clock.now() + timedelta(days=6)
    gap = copy.vote_at.astimezone(PARIS).replace(tzinfo=None) - campaign.vote_at.astimezone(PARIS).replace(tzinfo=None)
    assert gap.seconds == 0 and gap.days % 7 == 0 and gap.days > 0
    assert copy.promise_on - campaign.promise_on == gap
    seats = db.session.execute(select(Seat.person_id, Seat.role).where(Seat.campaign_id == copy.id))
    assert {tuple(seat) for seat in seats} == {(remi.id, "sponsor"), (kim.id, "evaluator")}
    assert db.session.scalars(select(Criterion.name).where(Criterion.campaign_id == copy.id)).all() == ["Saving"]


def test_a_draft_can_be_thrown_away_and_a_launched_one_cannot(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    campaign = draft_of(client, "energy")
    page = client.get(f"/panel/{campaign.uid}").text
    form = next(form for form in read_forms(page) if form.action.endswith("/discard"))
    open_one, thrown = launched(client), campaign.id
    assert send(client, f"/panel/{campaign.uid}", form).status_code == 303
    assert db.session.get(Campaign, thrown, populate_existing=True) is None
    form.action = f"/panel/{open_one.uid}/discard"
    assert send(client, f"/panel/{open_one.uid}", form).status_code == 409
    assert fresh(open_one).phase == "suggest"


def test_there_is_one_open_box(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    box = draft_of(client, "box")
    assert (box.kind, box.phase) == ("box", "draft")
    assert submit(client, f"/panel/{box.uid}/launch", "/launch").status_code == 303
    assert fresh(box).phase == "suggest"
    assert "The open box" in browser_of(make_person()).get("/campaigns").text
    assert submit(client, "/panel/new", "/panel/new", template="box").status_code == 409
    assert client.get(f"/panel/{box.uid}/phases").status_code == 200
    assert submit(client, f"/panel/{box.uid}/edit", "/edit", afterwards="Priya reads them.").status_code == 303
    assert fresh(box).afterwards == "Priya reads them."


def test_the_home_of_the_panel_shows_the_pile_first_and_hides_small_units(remi: Person, browser_of: Any) -> None:
    large, small, third = make_unit("Large hall"), make_unit("Small lab"), make_unit("Third hall")
    campaign = make_campaign(sponsor=remi, phase="vote")
    for unit, people in ((large, 7), (third, 6), (small, 3)):
        for _ in range(people):
            make_idea(campaign, make_person(unit=unit), title=f"From {unit.name}")
    page = browser_of(remi).get(f"/panel/{campaign.uid}").text
    assert page.index("Waiting for an answer") < page.index("Who takes part")
    rows = {
        name: page.split(f">{name}</th>")[1].split("</tr>")[0] for name in ("Large hall", "Small lab", "Third hall")
    }
    assert "100 %" in rows["Large hall"]
    assert "too few" in rows["Small lab"] and "under 5" in rows["Small lab"]
    assert "too few" in rows["Third hall"], "one hidden unit alone could be found by subtraction"


def test_the_list_of_those_i_run(remi: Person, browser_of: Any) -> None:
    mine, other = make_campaign("Mine?", sponsor=remi, phase="draft"), make_campaign("Not mine?", sponsor=make_person())
    page = browser_of(remi).get("/panel").text
    assert mine.question in page and other.question not in page
    everything = browser_of(make_person(roles=["admin"])).get("/panel").text
    assert mine.question in everything and other.question in everything


def test_a_launched_campaign_keeps_its_opening_and_its_promise(remi: Person, browser_of: Any) -> None:
    client = browser_of(remi)
    soon, later = clock.now() + timedelta(days=5), clock.now() + timedelta(days=9)
    facts = {"launched_at": clock.now(), "suggest_at": soon, "vote_at": later, "promise_on": later.date()}
    campaign = make_campaign(sponsor=remi, phase="draft", **facts)
    address = f"/panel/{campaign.uid}"
    emptied = submit(client, f"{address}/edit", "/edit", suggest_at="")
    assert emptied.status_code == 422 and "opens at this moment" in emptied.text
    past = submit(client, f"{address}/edit", "/edit", promise_on="2020-01-01")
    assert past.status_code == 422 and "Promise one to come" in past.text
    assert "Launch it first" not in client.get(f"{address}/phases").text
    assert (
        submit(client, f"{address}/phases", "/phases", to="suggest", reason="We are ready sooner.").status_code == 303
    )
    assert fresh(campaign).phase == "suggest"
