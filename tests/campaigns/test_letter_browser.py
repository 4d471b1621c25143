"""Ranking and letters in a real browser: what the scripts add, and that nothing needs them."""

from __future__ import annotations

from ideabox.database import db as database
from ideabox.ideas.models.answer import Letter
from tests.decisions import REASON, decided_campaign


def test_the_preview_follows_the_typing_and_the_draft_is_kept(app, page_of):
    found = decided_campaign(ideas=2, voters=6)
    page = page_of(found.sponsor)
    page.goto(found.letter())
    page.check("input[value=parked]", force=True)
    assert page.is_visible("input[name=parked_until]")
    page.fill("textarea[name=reason]", REASON)
    page.wait_for_selector(f"#letter-preview >> text={REASON}")
    page.wait_for_selector("[data-draft-state] >> text=Saved")
    page.reload()
    assert page.input_value("textarea[name=reason]") == REASON


def test_the_author_reads_the_letter_and_it_is_seen(app, page_of, sign_in):
    from ideabox.accounts.models import Person
    from tests.decisions import write_letter

    found = decided_campaign(ideas=2, voters=6)
    write_letter(sign_in(found.sponsor), found.letter())
    letter = database.session.query(Letter).one()
    author = database.session.get(Person, found.ideas[0].author_id)
    address, number = f"/letters/{letter.uid}", letter.id
    page = page_of(author)
    with page.expect_response(lambda answer: answer.url.endswith("/seen")):
        page.goto(address)
    database.session.rollback()
    database.session.expire_all()
    assert database.session.get(Letter, number).seen_at is not None
    database.session.rollback()
    page.click("text=I understand why")
    page.wait_for_selector("button[aria-pressed=true] >> text=I understand why")


def test_another_idea_is_explained_without_losing_the_place(app, page_of):
    found = decided_campaign()
    title = found.ideas[-1].title
    page = page_of(found.leader, viewport={"width": 1280, "height": 500})
    page.goto(f"{found.address}?below=0")
    page.evaluate("scrollTo(0, 400)")
    page.click(f"th a >> text={title}")
    page.wait_for_selector(f"#why h3 >> text={title}")
    assert page.evaluate("scrollY") == 400
    assert page.evaluate("document.activeElement.textContent") == title
    assert found.ideas[-1].uid in page.url


def test_letters_are_sent_without_scripts(app, page_of):
    found = decided_campaign(ideas=2, voters=6)
    page = page_of(found.sponsor, java_script_enabled=False)
    page.goto(found.letter())
    page.check("input[value=accepted]", force=True)
    page.fill("textarea[name=reason]", REASON)
    page.click("text=Preview")
    assert page.is_visible("#letter-preview >> text=Why we take it up")
    page.click("text=Send, signed")
    assert page.is_visible("text=1 idea waits for its letter")
