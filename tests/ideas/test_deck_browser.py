"""The deck in a real browser: keys, focus, what is read aloud, what is logged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.vote import Show, Vote
from tests.factories import make_idea, make_person, voting_campaign

OpenAs = Callable[..., Any]


@pytest.fixture
def campaign(app: Any) -> Campaign:
    campaign = voting_campaign(question="How might we halve the night?", best_limit=1)
    for _ in range(4):
        make_idea(campaign)
    return campaign


def answer(page: Any, key: str) -> None:
    """Press a key and wait until the next card, or the end, is there."""
    before = page.locator("#main h1").inner_text()
    page.keyboard.press(key)
    page.wait_for_function("before => document.querySelector('#main h1')?.innerText !== before", arg=before)


def heard(page: Any, words: str) -> None:
    """Wait until a screen reader is given these words."""
    page.wait_for_selector(f"#live:text-is('{words}')", state="attached")


def stored() -> list[tuple[int, int | None]]:
    rows = db.session.execute(
        select(Vote.value, Show.slot).outerjoin(Show, Show.idea_id == Vote.idea_id).order_by(Vote.id)
    )
    found = [(row.value, row.slot) for row in rows]
    db.session.rollback()
    return found


def test_the_whole_deck_by_keys(page_of: OpenAs, campaign: Campaign) -> None:
    page = page_of(make_person())
    page.goto(f"/campaigns/{campaign.uid}/deck")
    for key in "4231":
        page.wait_for_selector(".votes:not(:has(input[name=slot]))")
        answer(page, key)
        page.wait_for_selector("[data-deck]:focus")
    assert "You were unsure about it" in (page.locator(".deck-why p").text_content() or "")
    answer(page, "1")
    page.keyboard.press("u")
    page.wait_for_selector(".deck-card")
    answer(page, "1")
    page.wait_for_selector("text=You have answered every card")
    page.wait_for_selector("h1:focus", state="attached")
    assert stored() == [(2, 1), (1, 3), (-1, 4), (-1, 2)]


def test_the_next_card_is_read_aloud_with_its_place(page_of: OpenAs, campaign: Campaign) -> None:
    page = page_of(make_person())
    page.goto(f"/campaigns/{campaign.uid}/deck")
    answer(page, "3")
    heard(page, "Card 2 of about 4")
    assert page.url.endswith("/deck")


def test_a_spent_budget_is_said_where_one_is_and_nothing_moves(page_of: OpenAs, campaign: Campaign) -> None:
    page = page_of(make_person())
    page.goto(f"/campaigns/{campaign.uid}/deck")
    answer(page, "4")
    title = page.locator("#card-title").inner_text()
    page.keyboard.press("4")
    page.wait_for_selector("[data-toast]:has-text('1 best is named')")
    assert page.locator("#card-title").inner_text() == title
    assert page.locator("button[value=best]").get_attribute("data-spent") == ""
    page.keyboard.press("4")
    page.wait_for_timeout(300)
    assert page.locator("[data-toast]").count() == 1
    toast, answers = (page.locator(each).bounding_box() for each in ("[data-toast]", ".votes"))
    assert toast["y"] + toast["height"] < answers["y"]
    answer(page, "3")
    assert [value for value, _slot in stored()] == [2, 1]


def test_the_deck_works_without_scripts(page_of: OpenAs, campaign: Campaign) -> None:
    page = page_of(make_person(), java_script_enabled=False)
    page.goto(f"/campaigns/{campaign.uid}/deck")
    for _ in range(4):
        with page.expect_navigation():
            page.click("button[value=no]")
    assert page.locator("text=You have answered every card").count() == 1
    assert stored() == [(-1, 1), (-1, 2), (-1, 3), (-1, 4)]


def test_a_vote_on_the_idea_changes_in_place(page_of: OpenAs, campaign: Campaign) -> None:
    idea = make_idea(campaign, title="Shut compressors")
    page = page_of(make_person())
    page.goto(f"/ideas/{idea.uid}")
    page.click("button[value=good]")
    page.wait_for_selector("button[value=good][aria-pressed=true]")
    heard(page, "Your answer is kept.")
    page.click("text=Take it back")
    page.wait_for_selector("button[value=good][aria-pressed=false]")
    assert stored() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_stands_in_anybodys_way(page_of: OpenAs, campaign: Campaign, scheme: str, width: int) -> None:
    page = page_of(make_person(), color_scheme=scheme, viewport={"width": width, "height": 844})
    for address in (f"/campaigns/{campaign.uid}/deck", f"/campaigns/{campaign.uid}/ballot"):
        page.goto(address)
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if address.endswith("deck"):
            answer(page, "3")
