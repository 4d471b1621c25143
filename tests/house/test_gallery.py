"""Every component on one page, in three themes and widths: axe, the policy and the console have nothing to say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.serving import make_server
from wtforms import Form, fields, validators, widgets
from wtforms.fields import SelectChoice

from ideabox.nav import Door, Nav
from ideabox.settings import load
from ideabox.viewer import Viewer
from ideabox.web import public

HOUSE = Path(__file__).parent
WIDTHS = (1280, 390, 320)
THEMES = ("light", "dark", "contrast")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class EveryField(Form):
    """One field of each kind, one of them in error."""

    email = fields.StringField("Work e-mail")
    title = fields.StringField("In one line, what would you change?")
    why = fields.TextAreaField("Why not now", [validators.Length(min=40, message="Too short. Name the fact.")])
    unit = fields.SelectField("Unit", choices=[SelectChoice("a", "Lab services"), SelectChoice("b", "Packing")])
    name = fields.RadioField(
        "Your name",
        choices=[SelectChoice("shown", "Shown"), SelectChoice("sealed", "Sealed"), SelectChoice("anon", "Anonymous")],
    )
    outcome = fields.RadioField(
        "What became of it",
        choices=[
            SelectChoice("accepted", "Accepted"),
            SelectChoice("no", "Not retained"),
            SelectChoice("parked", "Parked"),
            SelectChoice("q", "Needs clarification"),
        ],
    )
    topics = fields.SelectMultipleField(
        "Topics",
        choices=[SelectChoice("e", "Energy"), SelectChoice("f", "Food")],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    tell = fields.BooleanField("Also tell the 57 who voted for it")
    date = fields.DateField("Until", [validators.Optional()])
    pic = fields.FileField("Picture")

    def hidden_tag(self) -> str:
        return ""


def _filled() -> EveryField:
    form = EveryField(
        data={"why": "Security has concerns.", "unit": "a", "name": "shown", "outcome": "no", "topics": []}
    )
    form.validate()
    return form


def _ada(theme: str) -> Viewer:
    return Viewer(
        id=2,
        uid="ada",
        name="Ada Lindqvist",
        email="a@b.example",
        session_uid="s",
        unit_name="Lab services",
        theme=theme,
    )


def _nav() -> Nav:
    doors = [Door("home", "Home", "house", "/", 3, "g h"), Door("campaigns", "Campaigns", "signpost", "/campaigns")]
    more = [Door("ideas", "Ideas", "lightbulb", "/ideas"), Door("people", "People", "users-round", "/people")]
    return Nav("home", [*doors, *more], [Door("decide", "Decide", "list-checks", "/decide", 12)])


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the gallery; gives the address of its themes."""
    from wsgi import create_app

    app = create_app(load(testing=True, background=False, data_dir=tmp_path_factory.mktemp("gallery")))
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, FileSystemLoader(HOUSE)])  # type: ignore[list-item]
    _add_page(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/gallery"
    server.shutdown()
    thread.join()
    server.server_close()


def _add_page(app: Flask) -> None:
    @app.get("/gallery/<theme>")
    @public
    def page(theme: str) -> str:
        ada = _ada(theme)
        shown = {"name": ada.name, "initials": ada.initials, "tint": ada.tint}
        return render_template("gallery.html", viewer=ada, nav=_nav(), form=_filled(), ada=shown, O=SimpleNamespace)


@pytest.fixture
def open_gallery(browser: Any, gallery: str) -> Iterator[Any]:
    """Open the gallery in a theme and width; the test fails if the page complained."""
    from contextlib import ExitStack

    from tests.services import chromium

    told: list[list[str]] = []
    with ExitStack() as stack:

        def opened(theme: str, width: int = 1280, **options: Any) -> Any:
            page, faults = stack.enter_context(
                chromium.page(browser, viewport={"width": width, "height": 860}, reduced_motion="reduce", **options)
            )
            told.append(faults)
            page.goto(f"{gallery}/{theme}")
            return page

        yield opened
    assert [fault for faults in told for fault in faults] == []


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
