"""Every page in its themes: axe has nothing to say, and every control is reached, and seen, by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.authorisation.cells import Runner, open_sessions
from tests.authorisation.world import VISITOR, build
from tests.hostile.test_stored import _is_page, addresses
from tests.services.backend import Backend

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Theme and width. A person's theme is a setting; visitors follow their device.
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "contrast": ("contrast", 1280), "phone": ("light", 390)}
#: Where the focus is, and whether that is seen: a ring on the control, beside it, or round what it stands in. A date
#: has several stops in one control; a ring at one of them is enough. Null once the focus has left the page.
SEEN = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const ringed = each => {
        const style = each && getComputedStyle(each);
        const outlined = style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        return outlined || (style && style.boxShadow !== 'none');
    };
    const around = [at, at.nextElementSibling, at.parentElement, at.closest('li'), at.closest('[class*=choice]')];
    if (around.some(ringed)) at.dataset.seen = '1';
    at.dataset.reached = Number(at.dataset.reached || 0) + 1;
    return Number(at.dataset.reached);
}"""
UNSEEN = (
    "() => [...document.querySelectorAll('[data-reached]:not([data-seen])')].map(each => each.outerHTML.slice(0, 120))"
)
#: Controls that stand on the page and were never reached. One radio of a group stands for all.
LEFT = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(each => {
    const box = each.getBoundingClientRect();
    const group = each.type === 'radio' && document.querySelector(`[name="${CSS.escape(each.name)}"][data-reached]`);
    const there = box.width > 1 && box.height > 1 && each.checkVisibility({visibilityProperty: true});
    return there && !each.disabled && each.tabIndex >= 0 && !group && !each.dataset.reached;
}).map(each => each.outerHTML.slice(0, 120))"""
#: Pages whose controls are walked one by one: one of each layout.
WALKED = {"home.index", "campaigns.show", "ideas.show", "ideas.compose", "deck.show", "decide.show", "panel.edit"}
MOST_STEPS, MOST_STOPS = 300, 12


@pytest.fixture
def runner(backend: Backend, app: Flask) -> Runner:
    if backend.name != "sqlite":
        pytest.skip("what a page looks like does not depend on the database")
    world = build()
    return Runner(app, world, open_sessions(app, world))


def _readers(runner: Runner, once: bool = False) -> Iterator[tuple[Any, str]]:
    """Pages with their addresses, in each state of their thing; with `once`, each page in one state."""
    seen = set()
    for cell, address in addresses(runner):
        if not (once and cell.row.route in seen) and _is_page(runner, cell):
            seen.add(cell.row.route)
            yield cell, address


class Opener:
    """A page for each viewer, opened once."""

    def __init__(self, new_page: Callable[..., Any], runner: Runner, url: str, **options: Any) -> None:
        self.new_page, self.runner, self.url, self.options = new_page, runner, url, options
        self.pages: dict[str, Any] = {}

    def page(self, viewer: str) -> Any:
        if viewer not in self.pages:
            page = self.new_page(reduced_motion="reduce", **self.options)
            if viewer != VISITOR:
                name, value = self.runner.sessions[viewer].cookie
                page.context.add_cookies([{"name": name, "value": value, "url": self.url}])
            self.pages[viewer] = page
        return self.pages[viewer]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_has_nothing_to_say(new_page: Any, live_server: Any, runner: Runner, look: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    theme, width = LOOKS[look]
    scheme = "dark" if theme == "dark" else "light"
    opener = Opener(new_page, runner, live_server.url, viewport={"width": width, "height": 860}, color_scheme=scheme)
    axe, faults, visited = Axe(), [], 0
    for cell, address in _readers(runner, once=look != "light"):
        page = opener.page(cell.viewer)
        page.goto(address, wait_until="load")
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        found = axe.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
        faults += [f"{cell} {address}: {each['id']} {node['target']}" for each in found for node in each["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{cell} {address}: scrolls sideways")
        visited += 1
    print(f"axe, {look}: {visited} pages, {len(faults)} violations")
    assert visited > 50
    assert not faults, "\n".join(faults)


def test_every_control_is_reached_by_keyboard_and_seen(new_page: Any, live_server: Any, runner: Runner) -> None:
    opener = Opener(new_page, runner, live_server.url, viewport={"width": 1280, "height": 860})
    walked, faults = set(), []
    for cell, address in _readers(runner):
        if cell.row.endpoint in WALKED - walked:
            walked.add(cell.row.endpoint)
            page = opener.page(cell.viewer)
            page.goto(address, wait_until="load")
            faults += [f"{cell}: {fault}" for fault in _walk(page)]
    assert walked == WALKED
    assert not faults, "\n".join(faults)


def _walk(page: Any) -> Iterator[str]:
    """Press Tab round the page, twice past its end; tell of what was reached and not seen, or never reached."""
    ends = 0
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        stops = page.evaluate(SEEN)
        ends += stops is None
        if ends == 2 or (stops or 0) > MOST_STOPS:
            break
    yield from (f"the focus is not seen: {each}" for each in page.evaluate(UNSEEN))
    yield from (f"never reached: {each}" for each in page.evaluate(LEFT))


def test_axe_turns_red(new_page: Any, live_server: Any, runner: Runner) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = new_page()
    page.goto("/sign-in")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/favicon.ico><button></button>')"
    )
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert {"image-alt", "button-name"} <= {each["id"] for each in found}
