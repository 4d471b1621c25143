"""Every component on one page, in three themes and widths: axe, the policy and the console have nothing to say."""

from __future__ import annotations

from typing import Any

import pytest

WIDTHS = (1280, 390, 320)
THEMES = ("light", "dark", "contrast")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_nothing_stands_in_anybodys_way(open_gallery: Any, theme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_gallery(theme, width)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(each["id"], node["target"]) for each in found for node in each["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def test_it_grows_with_the_text(open_gallery: Any) -> None:
    page = open_gallery("light", 1280)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = "[...document.querySelectorAll('.btn, .chip, .vote, .pill')].filter(e => e.scrollWidth > e.clientWidth + 1)"
    assert page.evaluate(f"{cut}.map(e => e.textContent)") == []


def test_it_reads_without_scripts(open_gallery: Any) -> None:
    page = open_gallery("light", 1280, java_script_enabled=False)
    page.get_by_text("Open voting", exact=True).first.click()
    assert page.get_by_text("143 ideas freeze as they are.").is_visible()
    page.get_by_text("Ada Lindqvist").first.click()
    assert page.get_by_role("button", name="Sign out").first.is_visible()
