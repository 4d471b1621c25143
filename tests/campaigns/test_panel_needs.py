"""What waits for a team on the home page, and where the command menu leads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from campaigns.queries.panel_needs import needs
from ideabox import clock
from ideabox.accounts.models import Person
from ideabox.ideas.queries.campaign_menu import entries
from ideabox.viewer import Viewer
from tests.factories import make_campaign, make_person, make_seat, make_unit

HOUR = timedelta(hours=1)


@pytest.fixture
def remi(app: Flask) -> Person:
    return make_person("Remi Okoye")


def asked(app: Flask, person: Person, seats: tuple[str, ...] = ("sponsor",)) -> list[Any]:
    viewer = Viewer(person.id, person.uid, person.name, person.email or "", "session", seats=frozenset(seats))
    with app.test_request_context():
        return needs(viewer)


@pytest.mark.parametrize(
    ("phase", "facts", "said"),
    [
        ("suggest", {"vote_at": 30}, "Vote opens by itself then"),
        ("suggest", {"vote_at": 60}, None),
        ("suggest", {}, None),
        ("vote", {"decide_at": 1}, "Decide opens by itself then"),
        ("deliver", {"close_at": 1}, None),
        ("draft", {"suggest_at": 30}, "A draft that was to open on this date"),
        ("draft", {"suggest_at": -30}, "A draft that was to open on this date"),
        ("draft", {"suggest_at": 90}, None),
    ],
)
def test_a_phase_about_to_change_waits_for_its_team(
    app: Flask, remi: Person, phase: str, facts: dict[str, int], said: str | None
) -> None:
    dates = {name: clock.now() + hours * HOUR for name, hours in facts.items()}
    campaign = make_campaign(phase=phase, sponsor=remi, **dates)
    found = asked(app, remi)
    assert [need.title for need in found] == ([campaign.question] if said else [])
    if said:
        assert found[0].why.startswith(said)
        assert found[0].due == next(iter(dates.values()))
        assert found[0].late is (facts.get("suggest_at", 1) < 0)


def test_a_launched_draft_asks_for_nothing(app: Flask, remi: Person) -> None:
    soon = clock.now() + HOUR
    make_campaign(phase="draft", sponsor=remi, suggest_at=soon, launched_at=clock.now())
    assert asked(app, remi) == []


def test_evaluators_and_others_are_left_alone(app: Flask, remi: Person) -> None:
    campaign = make_campaign(phase="vote", sponsor=remi, decide_at=clock.now() + HOUR)
    judge = make_person()
    make_seat(campaign, judge)
    assert asked(app, judge, ("evaluator",)) == []
    assert asked(app, make_person(), ()) == []


def test_it_stands_on_the_home_page(remi: Person, sign_in: Any) -> None:
    make_campaign("How soon?", phase="vote", sponsor=remi, decide_at=clock.now() + HOUR)
    page = sign_in(remi).get("/").text
    assert "How soon?" in page and "Decide opens by itself then" in page


def test_the_menu_leads_to_what_one_may_read(app: Flask) -> None:
    ada, boss = make_person(), make_person(roles=["leadership"])
    for question, facts in (
        ("Open?", {}),
        ("Draft?", {"phase": "draft"}),
        ("Closed?", {"phase": "closed"}),
        ("Elsewhere?", {"units": [make_unit()]}),
    ):
        make_campaign(question, **facts)
    viewers = [
        Viewer(person.id, person.uid, person.name, "", "s", is_leadership=person.is_leadership)
        for person in (ada, boss)
    ]
    with app.test_request_context():
        found = [[(entry.label, entry.voice) for entry in entries(viewer)] for viewer in viewers]
    assert found[0] == [("Open?", "serif")]
    assert set(found[1]) == {("Open?", "serif"), ("Elsewhere?", "serif"), ("New campaign", "")}
