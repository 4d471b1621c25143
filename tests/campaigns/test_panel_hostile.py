"""Every field of the panel's forms against what it must refuse: a sentence and 422, never a fault of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from campaigns.forms.panel_fields import in_utc
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign
from tests.campaigns.test_panel import day, draft_of, form_to, fresh, wall, whole
from tests.factories import make_campaign, make_person, make_unit
from tests.services.forms import read_forms, send

HUGE = "1" + "0" * 30


@pytest.fixture
def remi(app: Flask) -> Person:
    return make_person("Remi Okoye", roles=["leadership"])


def edited(client: Any, campaign: Campaign, values: dict[str, Any]) -> Any:
    form = form_to(client, f"/panel/{campaign.uid}/edit")
    return send(client, f"/panel/{campaign.uid}/edit", form, **whole(**values))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", ""),
        ("question", "x" * 201),
        ("question", "nul\x00byte"),
        ("problem", "reversed \u202e text"),
        ("problem", "a" + "\u0301" * 500),
        ("problem", "x" * 8001),
        ("budget", "-1"),
        ("budget", HUGE),
        ("budget", "NaN"),
        ("budget", "1e3"),
        ("good_limit", "0"),
        ("good_limit", str(2**63)),
        ("best_limit", "-1"),
        ("best_limit", "11"),
        ("places", "0"),
        ("places", ""),
        ("places", "9" * 5000),
        ("promise_on", "31 February"),
        ("promise_on", "0001-01-01"),
        ("promise_on", "9999-12-31"),
        ("promise_on", HUGE),
        ("vote_at", "tomorrow"),
        ("vote_at", "0001-01-01T00:00"),
        ("vote_at", "9999-12-31T23:59"),
        ("vote_at", "2027-03-28T02:30"),
        ("vote_at", "2020-01-01T09:00"),
        ("vote_at", HUGE),
        ("currency", "XXX"),
        ("lang", "tlh"),
        ("leading_key", "greed"),
        ("audience", "nobody"),
        ("units", ["nosuchunit2345"]),
        ("criterion_1_weight", "101"),
        ("criterion_1_weight", "-1"),
        ("criterion_2_high", "no name"),
    ],
)
def test_bad_values_are_refused_with_a_sentence(remi: Person, sign_in: Any, field: str, value: Any) -> None:
    client, _unit = sign_in(remi), make_unit()
    campaign = draft_of(client)
    answer = edited(client, campaign, {field: value})
    assert answer.status_code == 422, answer.text
    assert "error-summary" in answer.text
    assert fresh(campaign).problem == "", "a form with one fault changes nothing"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"improve_at": wall(20)}, "vote_at"),
        ({"vote_at": wall(14), "decide_at": wall(14)}, "decide_at"),
        ({"close_at": wall(2)}, "close_at"),
        ({"promise_on": day(62)}, "promise_on"),
        ({"suggest_at": wall(5), "promise_on": day(1)}, "promise_on"),
    ],
)
def test_dates_in_the_wrong_order_are_told_at_their_field(
    remi: Person, sign_in: Any, values: dict[str, str], field: str
) -> None:
    client = sign_in(remi)
    campaign = draft_of(client)
    answer = edited(client, campaign, values)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert fresh(campaign).vote_at is None


def test_fields_the_form_lacks_change_nothing(remi: Person, sign_in: Any) -> None:
    client = sign_in(remi)
    campaign = draft_of(client)
    form = form_to(client, f"/panel/{campaign.uid}/edit")
    extra = {"phase": "closed", "kind": "box", "uid": "x", "idea_count": "9", "seed": "7", "sponsor_id": "1", "id": "1"}
    form.names |= set(extra)
    before = (campaign.phase, campaign.kind, campaign.uid, campaign.idea_count, campaign.seed, campaign.sponsor_id)
    assert send(client, f"/panel/{campaign.uid}/edit", form, **whole(**extra)).status_code == 303
    kept = fresh(campaign)
    assert (kept.phase, kept.kind, kept.uid, kept.idea_count, kept.seed, kept.sponsor_id) == before


@pytest.mark.parametrize("values", [{"template": "../secrets"}, {"template": ""}, {"template": "energy", "lang": "xx"}])
def test_templates_that_do_not_exist(remi: Person, sign_in: Any, values: dict[str, str]) -> None:
    client = sign_in(remi)
    form = form_to(client, "/panel/new")
    assert send(client, "/panel/new", form, **values).status_code == 422
    assert db.session.query(Campaign).count() == 0


@pytest.mark.parametrize("to", ["", "draft", "lunch", "vote'; DROP TABLE campaign"])
def test_phases_that_do_not_exist(remi: Person, sign_in: Any, to: str) -> None:
    client, campaign = sign_in(remi), make_campaign(sponsor=remi)
    form = form_to(client, f"/panel/{campaign.uid}/phases")
    answer = send(client, f"/panel/{campaign.uid}/phases", form, to=to, reason="A reason that is long enough.")
    assert answer.status_code == 422
    assert fresh(campaign).phase == "suggest"


def test_poison_in_each_text_stays_text(remi: Person, sign_in: Any) -> None:
    poison = "<script>alert(1)</script>{{ 7123*7 }}"
    client, campaign = sign_in(remi), make_campaign(poison, sponsor=remi, problem=poison, good_looks_like=poison)
    for address in (f"/campaigns/{campaign.uid}", f"/campaigns/{campaign.uid}/brief", "/campaigns", "/panel"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "49861" not in page


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2027-03-28T01:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        ("2027-03-28T03:00", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        ("2027-10-31T02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2028-02-29T12:00", datetime(2028, 2, 29, 11, 0, tzinfo=UTC)),
    ],
)
def test_both_nights_of_summer_time(written: str, moment: datetime) -> None:
    assert in_utc(datetime.fromisoformat(written), ZoneInfo("Europe/Paris")) == moment


def test_the_hour_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="does not exist"):
        in_utc(datetime.fromisoformat("2027-03-28T02:30"), ZoneInfo("Europe/Paris"))


def test_dates_stand_on_the_clock_of_whoever_looks(remi: Person, sign_in: Any) -> None:
    client = sign_in(remi)
    campaign = draft_of(client)
    assert edited(client, campaign, {"vote_at": wall(14, 18)}).status_code == 303
    stored = fresh(campaign).vote_at
    far = make_person(roles=["admin"], timezone="Asia/Tokyo")
    there = sign_in(far)
    page = there.get(f"/panel/{campaign.uid}/edit").text
    assert f'value="{stored.astimezone(ZoneInfo("Asia/Tokyo")):%Y-%m-%dT%H:%M}"' in page
    form = next(form for form in read_forms(page) if form.action.endswith("/edit"))
    assert send(there, f"/panel/{campaign.uid}/edit", form, problem="Seen from afar.").status_code == 303
    assert fresh(campaign).vote_at == stored
