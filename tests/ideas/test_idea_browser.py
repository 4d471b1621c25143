"""The composer and an idea's page in a real browser: what is typed is kept, nothing in a text runs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select, update

from ideabox.accounts.models import UserSession
from ideabox.clock import now
from ideabox.database import db
from ideabox.ideas.actions.similar import index
from ideabox.ideas.models.idea import Idea
from ideabox.markdown import render
from tests import factories as make
from tests.ideas.markdown_samples import HOSTILE


@pytest.fixture
def ada(app: Any) -> Any:
    make.make_organisation("Halden Foods")
    return make.make_person("Ada Lindqvist", unit=make.make_unit("Lab"))


@pytest.fixture
def campaign(ada: Any) -> Any:
    return make.make_campaign("What does the night shift burn?", sponsor=make.make_person("Remi Okoye"))


def drafts() -> list[tuple[str, str, str]]:
    found = db.session.execute(select(Idea.stage, Idea.title, Idea.body).order_by(Idea.id)).all()
    db.session.rollback()
    return [tuple(row) for row in found]


def said(page: Any, words: str) -> None:
    page.wait_for_function(
        "words => document.querySelector('[data-draft-state]')?.innerText.includes(words)", arg=words
    )


def test_one_writes_sees_close_ideas_and_sends_by_keys(page_of: Any, ada: Any, campaign: Any) -> None:
    twin = make.make_idea(campaign, title="Turn off lab air at noon")
    index(twin.id, twin.title, twin.body)
    db.session.commit()
    page = page_of(ada)
    page.goto(f"/ideas/new?campaign={campaign.uid}")
    page.locator("#title").press_sequentially("Shut the lab air")
    page.locator("#body").press_sequentially("At lunch.")
    page.wait_for_selector("#near mark:text-is('lab')")
    said(page, "Saved here and on the server")
    assert drafts()[1:] == [("draft", "Shut the lab air", "At lunch.")]
    page.get_by_role("button", name="Mine differs from Turn off lab air at noon because").click()
    page.locator("#difference").fill("It is the whole hall.")
    page.get_by_role("button", name="Preview").click()
    page.wait_for_selector("#preview .prose")
    page.locator("#body").press("Control+Enter")
    page.wait_for_url(re.compile(r"/ideas/[2-9a-z]{14}$"))
    assert "It is the whole hall." in page.locator("#main").inner_text()
    assert drafts()[1][0] == "open"
    page.goto(f"/ideas/new?campaign={campaign.uid}")
    assert page.locator("#title").input_value() == ""


def test_what_was_typed_outlives_being_signed_out(page_of: Any, ada: Any, campaign: Any, cookie_of: Any) -> None:
    page = page_of(ada)
    page.goto(f"/ideas/new?campaign={campaign.uid}")
    page.locator("#title").fill("Before")
    said(page, "Saved here and on the server")
    db.session.execute(update(UserSession).values(ended_at=now()))
    db.session.commit()
    page.locator("#title").fill("Before and after")
    said(page, "Saved on this device")
    page.locator("#body").press("Control+Enter")
    page.wait_for_url("**/sign-in**")
    name, value = cookie_of(ada)
    page.context.add_cookies([{"name": name, "value": value, "url": page.url.split("/sign-in")[0]}])
    back = page.locator("#next").get_attribute("value")
    assert back == f"/ideas/new?campaign={campaign.uid}"
    page.goto(back)
    page.wait_for_function("document.querySelector('#title').value === 'Before and after'")


def test_a_second_window_is_told_at_once_and_both_texts_are_shown(page_of: Any, ada: Any, campaign: Any) -> None:
    first = page_of(ada)
    first.goto(f"/ideas/new?campaign={campaign.uid}")
    first.locator("#title").fill("Words of the first")
    said(first, "Saved here and on the server")
    second = page_of(ada)
    second.goto(f"/ideas/new?campaign={campaign.uid}")
    second.locator("#title").fill("Words of the second")
    said(second, "Saved here and on the server")
    first.locator("#title").fill("Words of the first, and more")
    first.wait_for_selector("#draft-conflict:not([hidden])")
    first.get_by_role("button", name="See both texts").click()
    first.wait_for_selector(".conflict")
    assert "Words of the second" in first.locator(".conflict").inner_text()
    assert first.locator("#title").input_value() == "Words of the first, and more"
    first.get_by_role("button", name="Keep what is written here").click()
    first.wait_for_load_state()
    assert drafts() == [("draft", "Words of the first, and more", "")]


def test_taking_the_other_text_leaves_nothing_of_this_one(page_of: Any, ada: Any, campaign: Any) -> None:
    first, second = page_of(ada), page_of(ada)
    for page, words in ((first, "Words of the first"), (second, "Words of the second")):
        page.goto(f"/ideas/new?campaign={campaign.uid}")
        page.locator("#title").fill(words)
        said(page, "Saved here and on the server")
    first.locator("#title").fill("Words of the first, and more")
    first.wait_for_selector("#draft-conflict:not([hidden])")
    first.get_by_role("button", name="See both texts").click()
    first.get_by_role("link", name="Take the other text").click()
    first.wait_for_url(f"**/ideas/new?campaign={campaign.uid}")
    first.wait_for_load_state("networkidle")
    assert first.locator("#title").input_value() == "Words of the second"


def test_nothing_in_a_text_runs_or_leads_astray(page_of: Any, ada: Any, campaign: Any) -> None:
    idea = make.make_idea(campaign, ada, body="\n\n".join(HOSTILE))
    for sample in HOSTILE:
        db.session.add(make.Comment(idea_id=idea.id, author_id=ada.id, body=sample, body_html=render(sample)))
    db.session.get(make.IdeaTally, idea.id).comments = len(HOSTILE)
    db.session.commit()
    page = page_of(ada)
    trapped: list[str] = []
    page.context.expose_function("alert", lambda *_what: trapped.append("alert"))
    page.on("dialog", lambda dialog: trapped.append("dialog"))
    page.goto(f"/ideas/{idea.uid}")
    page.wait_for_load_state("networkidle")
    inside = page.evaluate(
        """() => [...document.querySelectorAll('.prose *')].flatMap(element => [
            ...(/^(script|style|img|svg|math|iframe|object|embed|form|input|base|link|meta|video|audio|template|button)$/i
                .test(element.tagName) ? [element.outerHTML] : []),
            ...[...element.attributes].filter(given => !['href', 'rel'].includes(given.name)).map(given => given.name),
            ...(element.href !== undefined && !/^(https?|mailto):/.test(element.href) ? [element.href] : []),
        ])"""
    )
    assert inside == [] and trapped == []


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_axe_has_nothing_to_say(theme: str, page_of: Any, ada: Any, campaign: Any) -> None:
    ada.theme = theme
    db.session.commit()
    idea = make.make_idea(campaign, make.make_person("Kim Larsen"), title="Turn off lab air at noon", tags="air, noon")
    index(idea.id, idea.title, idea.body)
    db.session.commit()
    question = make.make_comment(idea, ada, is_question=True)
    make.make_comment(idea, body="An answer", parent=question)
    mine = make.make_idea(campaign, ada)
    make.make_idea(campaign, ada, title="Lab air at noon", stage="draft")
    page = page_of(ada)
    addresses = [f"/ideas/new?campaign={campaign.uid}", f"/ideas/{idea.uid}", f"/ideas/{idea.uid}/versions"]
    addresses += [f"/ideas/{mine.uid}/edit", f"/ideas/{mine.uid}/withdraw", f"/ideas/{idea.uid}/report", "/moderate"]
    addresses += [f"/comments/{question.uid}/edit", f"/ideas/{idea.uid}?reply={question.uid}"]
    told = {}
    for address in addresses:
        page.goto(address)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        told[address] = [each["id"] for each in found.response["violations"]]
    assert not any(told.values()), told
