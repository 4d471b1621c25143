"""The ear of the browser tests hears what goes wrong in a page."""

from typing import Any

import pytest

from tests.services import chromium


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("console.error('bad thing')", "console: bad thing"),
        ("setTimeout(() => { throw new Error('thrown') })", "uncaught: thrown"),
        (
            "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)",
            "policy script-src-elem refused inline",
        ),
        ("fetch('/static/missing.js')", "status of 404"),
    ],
)
def test_faults_are_heard(browser: Any, live_server: Any, program: str, told: str) -> None:
    with chromium.page(browser, base_url=live_server.url) as (page, faults):
        page.goto("/healthz")
        with page.expect_event("console") if "throw" not in program else page.context.expect_event("weberror"):
            page.evaluate(f"() => {{ {program} }}")
        page.evaluate("() => window.ran")
        assert any(told in fault for fault in faults), faults


def test_a_refusal_is_no_fault(browser: Any, live_server: Any) -> None:
    with chromium.page(browser, base_url=live_server.url) as (page, faults):
        answer = page.goto("/no-such-page")
        assert answer is not None
        assert answer.status in (302, 404, 200)
        assert not faults


def test_pages_reach_this_machine_only(browser: Any) -> None:
    with chromium.page(browser) as (page, _faults), pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
