"""`flask pictures`: the twelve screens of the demo as files, in light, in dark and on a phone."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from werkzeug.serving import make_server

from ideabox.accounts import demo
from ideabox.accounts.models import Person
from ideabox.bootstrap.browser import find
from ideabox.database import db
from ideabox.ideas.models.answer import Letter
from ideabox.ideas.models.campaign import BOX, DECIDE, VOTE, Campaign
from ideabox.ideas.models.idea import Idea, IdeaTally

ADA, REMI, YUSUF, NOBODY = "Ada Lindqvist", "Remi Okoye", "Yusuf Demir", ""
TALLEST = 1600  # pixels
COLOURS = 128
#: Name of a look: width, height in pixels at the least, colour scheme.
LOOKS = {"light": (1280, 800, "light"), "dark": (1280, 800, "dark"), "mobile": (390, 800, "light")}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
TYPED = {
    "title": "Shut the compressors down while nobody draws air",
    "body": "Between half past two and five nobody on the night shift draws compressed air, and all three compressors "
    "run. One that follows the pressure would do. I wrote the gauges down for two weeks.",
}


@dataclass(frozen=True)
class Screen:
    """One page: what its files are called, who looks at it, where it is."""

    name: str
    who: str
    address: str


def screens() -> list[Screen]:
    """The twelve screens, found in the database of the demo. NoResultFound when the demo is not on."""
    voting, deciding, box = (_campaign(Campaign.phase == VOTE), _campaign(Campaign.phase == DECIDE), _campaign_of_box())
    return [
        Screen("home", ADA, "/"),
        Screen("directory", ADA, "/campaigns"),
        Screen("campaign", ADA, f"/campaigns/{voting}"),
        Screen("idea", ADA, f"/ideas/{_most_talked_of()}"),
        Screen("deck", ADA, f"/campaigns/{voting}/deck"),
        Screen("ranking", REMI, f"/decide/{deciding}"),
        Screen("letter", ADA, f"/letters/{_newest_letter_to(ADA)}"),
        Screen("profile", ADA, f"/people/{_uid_of(ADA)}"),
        Screen("admin", YUSUF, "/admin/health"),
        Screen("sign-in", NOBODY, "/sign-in"),
        Screen("inbox", ADA, "/inbox"),
        Screen("composer", ADA, f"/ideas/new?campaign={box}&fresh=1"),
    ]


def _campaign(which: Any) -> str:
    return db.session.scalars(select(Campaign.uid).where(which).order_by(Campaign.idea_count.desc()).limit(1)).one()


def _campaign_of_box() -> str:
    return _campaign(Campaign.kind == BOX)


def _uid_of(name: str) -> str:
    return db.session.scalars(select(Person.uid).where(Person.name == name)).one()


def _most_talked_of() -> str:
    query = (
        select(Idea.uid).join(IdeaTally, IdeaTally.idea_id == Idea.id).join(Campaign, Campaign.id == Idea.campaign_id)
    )
    talked = query.where(Campaign.phase == VOTE).order_by(IdeaTally.comments.desc(), Idea.id)
    return db.session.scalars(talked.limit(1)).one()


def _newest_letter_to(name: str) -> str:
    mine = select(Letter.uid).join(Idea, Idea.id == Letter.idea_id).join(Person, Person.id == Idea.author_id)
    return db.session.scalars(mine.where(Person.name == name).order_by(Letter.id.desc()).limit(1)).one()


@contextmanager
def _serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def _sign_in(page: Any, who: str) -> None:
    login = next(login for login in demo.DEMO_LOGINS if login.name == who)
    page.goto("/sign-in")
    page.locator(f"button[value='{login.email}']").click()
    page.wait_for_selector("h1")


def _fill_composer(page: Any) -> None:
    for field, words in TYPED.items():
        page.locator(f"#{field}").fill(words)
    page.wait_for_selector("#near .near-idea, #near [role=status]")
    page.wait_for_timeout(2500)  # the draft is kept every two seconds; the picture shows that it is


def _take(page: Any, screen: Screen, look: str) -> bytes:
    width, height, _scheme = LOOKS[look]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(screen.address)
    page.wait_for_load_state("networkidle")
    if screen.name == "composer":
        _fill_composer(page)
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, min(tall, TALLEST))})
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.fonts.ready")
    shot: bytes = page.screenshot(animations="disabled", caret="hide")
    return shot


def _packed(shot: bytes) -> bytes:
    """A palette in place of true colours: a quarter of the size, and nothing that an eye misses."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=2).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


@click.command("pictures")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("docs/pictures"), show_default=True
)
@click.option("--only", multiple=True, help="The name of a screen; several are possible. All of them without it.")
@click.option("--look", "looks", multiple=True, type=click.Choice(list(LOOKS)), help="All three without it.")
@with_appcontext
def pictures(out: Path, only: tuple[str, ...], looks: tuple[str, ...]) -> None:
    """Take pictures of the demo's screens in a Chromium, for the documentation."""
    from playwright.sync_api import sync_playwright

    if not current_app.extensions["ideabox"]["settings"].demo:
        raise click.ClickException("Set IDEABOX_DEMO=1 and fill in the demo first: pictures show its people.")
    if (chromium := find()) is None:
        raise click.ClickException("No Chromium on PATH: install chromium to take pictures.")
    wanted = [screen for screen in screens() if not only or screen.name in only]
    db.session.rollback()
    out.mkdir(parents=True, exist_ok=True)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with _serving(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for look in looks or LOOKS:
            _take_all(browser, address, wanted, look, out)
        browser.close()


def _take_all(browser: Any, address: str, wanted: list[Screen], look: str, out: Path) -> None:
    for who in dict.fromkeys(screen.who for screen in wanted):
        context = browser.new_context(base_url=address, color_scheme=LOOKS[look][2], device_scale_factor=1)
        page = context.new_page()
        if who:
            _sign_in(page, who)
        for screen in (screen for screen in wanted if screen.who == who):
            file = out / f"{screen.name}-{look}.png"
            file.write_bytes(_packed(_take(page, screen, look)))
            click.echo(f"{file} {file.stat().st_size // 1000} kB")
        context.close()
