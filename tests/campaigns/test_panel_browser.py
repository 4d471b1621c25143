"""Campaigns in a real browser: launched with and without scripts, readable by everybody in each theme."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from ideabox import clock
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign, CampaignUpdate, Criterion
from tests.factories import make_campaign, make_idea, make_person, make_unit, make_vote

OpenAs = Callable[..., Any]
BRIEF = {
    "question": "How might we halve what the night shift burns?",
    "problem": "At night we use 61 % of what the day uses.",
    "good_looks_like": "Measured within six weeks.",
    "afterwards": "Four people read them all.",
}


@pytest.fixture
def remi(app: Any) -> Person:
    return make_person("Remi Okoye", unit=make_unit("Hall B"), roles=["leadership"])


def wall(days: int) -> str:
    return (clock.now().astimezone(ZoneInfo("Europe/Paris")) + timedelta(days=days)).strftime("%Y-%m-%dT09:00")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_campaign_from_the_first_click_to_the_launch(page_of: OpenAs, remi: Person, scripts: bool) -> None:
    page = page_of(remi, java_script_enabled=scripts)
    page.goto("/campaigns")
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("An empty page").check()
    page.get_by_role("button", name="Start the draft").click()
    for field, words in BRIEF.items():
        page.locator(f"#{field}").fill(words)
    for field, days in {"vote_at": 7, "decide_at": 14}.items():
        page.locator(f"#{field}").fill(wall(days))
    page.locator("#promise_on").fill(wall(20)[:10])
    page.get_by_role("button", name="Save, then launch").click()
    page.get_by_role("heading", name="What will happen").wait_for()
    page.get_by_role("button", name="Launch").click()
    page.get_by_role("link", name="Suggest an idea").wait_for()
    assert page.locator("h1").inner_text() == BRIEF["question"]
    assert db.session.scalars(select(Campaign.phase)).one() == "suggest"


def test_a_fault_takes_the_focus_and_loses_nothing(page_of: OpenAs, remi: Person) -> None:
    campaign = make_campaign(phase="draft", sponsor=remi)
    page = page_of(remi)
    page.goto(f"/panel/{campaign.uid}/edit")
    page.locator("#problem").fill("A text I want to keep.")
    page.locator("#places").fill("0")
    page.get_by_role("button", name="Save", exact=True).click()
    summary = page.locator(".error-summary:focus")
    summary.wait_for()
    assert page.locator("#problem").input_value() == "A text I want to keep."
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.id") == "places"


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_page_of_a_campaign_is_accessible_and_fits(page_of: OpenAs, remi: Person, theme: str) -> None:
    remi.theme = theme
    now = clock.now()
    dates = {
        "suggest_at": now - timedelta(days=9),
        "vote_at": now - timedelta(days=2),
        "decide_at": now + timedelta(days=3),
    }
    campaign = make_campaign(phase="vote", sponsor=remi, promise_on=(now + timedelta(days=20)).date(), **BRIEF, **dates)
    draft = make_campaign(phase="draft", sponsor=remi, problem="We lose [so much].")
    make_campaign("The open box", kind="box", sponsor=remi)
    db.session.add(Criterion(campaign_id=campaign.id, position=0, name="Saving", weight=100))
    db.session.add(
        CampaignUpdate(campaign_id=campaign.id, author_id=remi.id, body="x", body_html="<p>The meter is up.</p>")
    )
    db.session.commit()
    make_vote(make_idea(campaign, cost_low=3000), remi)
    make_idea(campaign, remi)
    shown = [
        f"/campaigns/{campaign.uid}{end}" for end in ("", "?view=list", "?view=table", "/brief", "/updates", "/filter")
    ]
    run = [f"/panel/{campaign.uid}{end}" for end in ("", "/edit", "/team", "/phases", "/updates")]
    prepared = [f"/panel/{draft.uid}/edit", f"/panel/{draft.uid}/launch", f"/panel/{draft.uid}"]
    page = page_of(remi)
    for address in (
        "/campaigns",
        "/campaigns?tab=delivered",
        "/ideas",
        "/ideas?view=list",
        "/panel",
        "/panel/new",
        *shown,
        *run,
        *prepared,
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        faults = [f"{fault['id']} {fault['nodes'][0]['html'][:90]}" for fault in Axe().run(page).response["violations"]]
        assert not faults, (address, faults)
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
