"""A Chromium for the browser tests, and an ear for what goes wrong inside its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from ideabox.bootstrap.browser import find

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LISTEN = """
document.addEventListener('securitypolicyviolation', event => window.reportFault(
    `policy ${event.violatedDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`));
"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Run one headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def page(chromium: Browser, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a context of its own; the list fills with the faults of all pages of that context."""
    faults: list[str] = []
    context = chromium.new_context(**options)
    context.set_default_timeout(10_000)
    listen(context, faults)
    try:
        yield context.new_page(), faults
    finally:
        context.close()


def listen(context: BrowserContext, faults: list[str]) -> None:
    """Collect console errors, uncaught exceptions and violations of the content security policy."""
    context.expose_function("reportFault", lambda told: faults.append(told))
    context.add_init_script(LISTEN)
    context.on("console", lambda message: faults.append(_told(message)) if _is_fault(message) else None)
    context.on("weberror", lambda error: faults.append(f"uncaught: {error.error}"))


def _told(message: ConsoleMessage) -> str:
    return f"console: {message.text} ({message.location.get('url', '')})"


def _is_fault(message: ConsoleMessage) -> bool:
    """Errors are faults, but for the notes of browser and htmx that a page answered 4xx: tests are refused things."""
    refused = "responded with a status of 4" in message.text and "/static/" not in message.location.get("url", "")
    told_by_htmx = message.text.startswith("Response Status Error Code 4")
    return message.type == "error" and not refused and not told_by_htmx
