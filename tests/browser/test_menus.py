"""The menus at the edges of the window: they open inside it, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories import make_person

WINDOWS = [(1280, 860), (1280, 700), (1280, 320), (800, 700), (390, 844)]
RAIL, BAR = ".rail-person", ".bar .menu"


def opened(page: Any, menu: str) -> Any:
    page.goto("/")
    page.locator(f"{menu} > summary").focus()
    page.keyboard.press("Enter")
    shown = page.locator(f"{menu} > .menu-list")
    expect(shown).to_be_visible()
    return shown


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_ones_own_menu_opens_inside_the_window(app: Any, page_of: Callable[..., Any], width: int, height: int) -> None:
    page = page_of(make_person(roles=["admin", "moderator"]), viewport={"width": width, "height": height})
    shown = opened(page, RAIL if width >= 640 else BAR)
    box = shown.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert box["y"] >= 0 and box["y"] + box["height"] <= height
    for _ in range(shown.locator("a, button").count()):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Sign out")).to_be_focused()
    assert _uncovered(page)


def _uncovered(page: Any) -> bool:
    """Whether what has the focus is what a finger at its middle would touch."""
    touched: bool = page.evaluate("""() => {
        const at = document.activeElement, box = at.getBoundingClientRect();
        return at.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
    }""")
    return touched
