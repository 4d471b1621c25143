"""Serves the gallery of components, by the real app with its real policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, redirect, render_template, request
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup
from werkzeug.serving import make_server
from wtforms import Form, fields, validators, widgets
from wtforms.fields import SelectChoice

from ideabox.accounts import session
from ideabox.app import create_app
from ideabox.nav import Door, Nav
from ideabox.parts import Part
from ideabox.settings import load
from ideabox.viewer import Viewer
from ideabox.web import public

HOUSE = Path(__file__).parent


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

    def hidden_tag(self) -> Markup:
        return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


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
    nav = Nav("home", [*doors, *more], [Door("decide", "Decide", "list-checks", "/decide", 12)])
    nav.commands_url = "/gallery/commands.json"  # type: ignore[attr-defined]
    return nav


class Gallery:
    """Where the gallery is served, and what its pages sent."""

    def __init__(self) -> None:
        self.url = ""
        self.sent: list[tuple[str, dict[str, str]]] = []
        self.pressed_twice = threading.Event()
        self.heard = threading.Event()

    def told(self, path: str) -> list[dict[str, str]]:
        return [form for at, form in self.sent if at == path]


@pytest.fixture(scope="session")
def served_gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """Serve the gallery by the real app, in a thread."""
    gallery = Gallery()
    app = create_app(
        (Part("people", hooks=(session.install,)),),
        load(testing=True, background=False, data_dir=tmp_path_factory.mktemp("gallery")),
    )
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, FileSystemLoader(HOUSE)])  # type: ignore[list-item]
    _add_pages(app)
    _add_answers(app, gallery)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    gallery.url = f"http://127.0.0.1:{server.server_port}/gallery"
    yield gallery
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def gallery(served_gallery: Gallery) -> Gallery:
    served_gallery.sent.clear()
    served_gallery.pressed_twice.clear()
    served_gallery.heard.clear()
    return served_gallery


def _add_pages(app: Flask) -> None:
    @app.get("/gallery/<theme>")
    @public
    def page(theme: str) -> str:
        ada = _ada(theme)
        shown = {"name": ada.name, "initials": ada.initials, "tint": ada.tint}
        name = "moving.html" if theme == "moving" else "gallery.html"
        return render_template(name, viewer=ada, nav=_nav(), form=_filled(), ada=shown)

    @app.get("/gallery/commands.json")
    @public
    def commands() -> list[dict[str, str]]:
        vote = {"group": "Do", "label": "Vote on Night-shift energy", "icon": "star", "url": "/gallery/light#voted"}
        return [vote, {"group": "Go", "label": "Énergie de nuit", "icon": "signpost", "url": "/gallery/light#night"}]


def _add_answers(app: Flask, gallery: Gallery) -> None:
    """Every POST is noted; /gallery/sent answers slowly enough to press twice."""

    @app.post("/gallery/<path>")
    @public
    def noted(path: str) -> Any:
        gallery.sent.append((path, dict(request.form)))
        if path == "sent":
            gallery.heard.set()
            gallery.pressed_twice.wait(5)
            return redirect("/gallery/light", 303)
        card = (
            '<div id="card"><article class="deck-card" data-deck tabindex="-1" aria-label="Next">Next</article></div>'
        )
        return card if path == "voted" else ("", 204)


@pytest.fixture
def open_gallery(browser: Any, gallery: Gallery) -> Iterator[Any]:
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
            page.goto(f"{gallery.url}/{theme}")
            return page

        yield opened
    assert [fault for faults in told for fault in faults] == []
