"""What the scripts add: keys, the command menu, modals, drafts, one sending, the deck's manners."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.house.conftest import Gallery


def test_the_command_menu_finds_without_accents_and_goes(open_gallery: Any) -> None:
    page = open_gallery("light")
    page.keyboard.press("Control+k")
    options = page.locator("#command").get_by_role("option")
    expect(options).to_have_count(2)
    page.keyboard.type("energie")
    expect(options.first).to_have_text("Énergie de nuit")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#command").get_by_role("option", selected=True)).to_have_text("energie")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**#night")


def test_what_is_typed_can_always_be_looked_for_among_the_ideas(open_gallery: Any) -> None:
    page = open_gallery("light")
    page.get_by_role("link", name="Find or do").click()
    page.keyboard.type("autoclave & co")
    found = page.locator("#command").get_by_role("option", name="autoclave & co")
    expect(found).to_have_attribute("href", "/ideas?q=autoclave%20%26%20co")


def test_keys_move_through_rows_and_explain_themselves(open_gallery: Any) -> None:
    page = open_gallery("light")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Shut compressors at lunch")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Shut compressors at lunch")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Vote deck, 12 left")


def test_keys_rest_while_one_writes_and_when_turned_off(open_gallery: Any) -> None:
    page = open_gallery("light")
    page.get_by_label("Work e-mail").press_sequentially("jk?c")
    expect(page.get_by_label("Work e-mail")).to_have_value("jk?c")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.evaluate("document.activeElement.blur(); document.documentElement.dataset.keys = 'off'")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_a_question_is_modal_and_gives_focus_back(open_gallery: Any) -> None:
    page = open_gallery("light")
    opener = page.locator("summary", has_text="Open voting")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Open voting on Friday at 08:00?")).to_be_visible()
    page.get_by_role("button", name="Not yet").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_menu_is_walked_with_arrows_and_left_with_escape(open_gallery: Any) -> None:
    page = open_gallery("light")
    summary = page.locator("summary", has_text="Move")
    summary.click()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="In progress")).to_be_focused()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.get_by_role("link", name="In progress")).to_be_hidden()


def test_the_error_summary_takes_focus_and_leads_to_the_field(open_gallery: Any) -> None:
    page = open_gallery("light")
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="Why not now: Too short. Name the fact.").click()
    expect(page.get_by_label("Why not now")).to_be_focused()


def test_a_draft_is_kept_here_and_on_the_server_and_comes_back(open_gallery: Any, gallery: Gallery) -> None:
    page = open_gallery("moving")
    page.get_by_label("In one line").fill("Shut compressors")
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved here and on the server", timeout=5000)
    assert gallery.told("draft")[-1]["title"] == "Shut compressors"
    page.reload()
    expect(page.get_by_label("In one line")).to_have_value("Shut compressors")
    expect(page.locator("[data-draft-state]")).to_contain_text("Brought back")


def test_a_draft_the_server_does_not_take_stays_on_the_device(open_gallery: Any, gallery: Gallery) -> None:
    page = open_gallery("moving")
    page.evaluate("document.querySelector('form[data-draft]').dataset.draftUrl = '/sign-in-first'")
    page.route("**/sign-in-first", lambda route: route.fulfill(status=302, headers={"location": "/gallery/light"}))
    page.get_by_label("In one line").fill("Only here")
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved on this device", timeout=5000)
    assert "Only here" not in [each["title"] for each in gallery.told("draft")]


def test_a_form_is_sent_once_and_its_draft_is_then_forgotten(open_gallery: Any, gallery: Gallery) -> None:
    page = open_gallery("moving")
    page.get_by_label("In one line").fill("Once")
    said = page.evaluate(
        """() => new Promise(done => {
            const button = document.querySelector('form[data-draft] .btn-primary');
            button.click();
            setTimeout(() => done(button.textContent), 0);
            setTimeout(() => button.click(), 400);
        })"""
    )
    assert said == "Sending…"
    assert gallery.heard.wait(5)
    gallery.heard.clear()
    assert not gallery.heard.wait(1), "the second press was sent too"
    gallery.pressed_twice.set()
    page.wait_for_url("**/gallery/light")
    assert len(gallery.told("sent")) == 1
    page.wait_for_function("!Object.keys(localStorage).some(key => key.startsWith('draft:'))")


def test_the_deck_tells_once_what_was_shown_and_moves_on_by_key(open_gallery: Any, gallery: Gallery) -> None:
    page = open_gallery("moving")
    page.locator("[data-deck]").scroll_into_view_if_needed()
    page.wait_for_function("performance.getEntriesByType('resource').some(each => each.name.endsWith('/shown'))")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("3")
    expect(page.get_by_label("Next")).to_be_focused()
    assert gallery.told("voted")[0]["choice"] == "good"
    assert len(gallery.told("shown")) == 1


def test_what_is_left_of_a_length_is_said(open_gallery: Any) -> None:
    page = open_gallery("moving")
    title = page.get_by_label("In one line")
    title.fill("x" * 25)
    expect(page.get_by_text("5 characters left")).to_be_visible()
    title.fill("x" * 33)
    expect(page.get_by_text("3 characters too many").first).to_be_visible()
    expect(page.locator("#live")).to_have_text("3 characters too many")
