"""Fixtures for everybody: an app over a real database, people signed in, a live server and a real browser.

Each test that asks for `app` (or for what stands on it) runs twice: on SQLite without Redis, and on a real PostgreSQL
with a real Valkey. `IDEABOX_TEST_BACKENDS=sqlite` narrows this to one; DATABASE_URL and REDIS_URL name other servers.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ideabox.bootstrap.browser import find as find_chromium
from tests.clients import Browser
from tests.services import network
from tests.services.backend import Backend, open_backend

BACKENDS = [name for name in os.environ.get("IDEABOX_TEST_BACKENDS", "sqlite,postgresql").split(",") if name]


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """The tests may speak to this machine only."""
    with pytest.MonkeyPatch.context() as patch:
        network.guard(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """Settings of the person who runs the tests do not change what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - {"IDEABOX_DATA", "IDEABOX_TEST_BACKENDS"}:
            if name.startswith("IDEABOX_") or name in {"DATABASE_URL", "REDIS_URL"}:
                patch.delenv(name)
        yield


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Backend]:
    """The servers and the one app of a back end, with the schema made; shared by all tests of a worker."""
    with open_backend(request.param, worker_id) as opened:
        opened.app.test_client_class = Browser
        yield opened


@pytest.fixture
def app(backend: Backend) -> Iterator[Flask]:
    """The app over an empty database, inside an app context of its own for the test's own reads and writes."""
    backend.clean()
    with backend.app.app_context():
        yield backend.app
    backend.settle()


@pytest.fixture
def make_app(backend: Backend) -> Callable[..., Flask]:
    """Build another app over the same empty database, with settings of its own: `make_app(demo=True)`."""
    backend.clean()

    def build(**settings: Any) -> Flask:
        made = backend.build(**settings)
        made.test_client_class = Browser
        return made

    return build


@pytest.fixture
def db(app: Flask) -> Any:
    """The database extension; `db.session` is the test's own session."""
    from ideabox.database import db as database

    return database


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who has not signed in."""
    return app.test_client()


@pytest.fixture
def cookie_of(app: Flask, db: Any) -> Callable[[Any], tuple[str, str]]:
    """Sign a person in as the sign-in page does, without its password, and return the cookie (name, value)."""
    from flask import session

    from ideabox.accounts.session import begin

    def cookie(person: Any) -> tuple[str, str]:
        with app.test_request_context("/"):
            begin(person)
            db.session.commit()
            answer = app.response_class()
            app.session_interface.save_session(app, session, answer)  # type: ignore[arg-type]
        name, _, rest = answer.headers["Set-Cookie"].partition("=")
        return name, rest.partition(";")[0]

    return cookie


@pytest.fixture
def sign_in(app: Flask, cookie_of: Callable[[Any], tuple[str, str]]) -> Callable[[Any], FlaskClient]:
    """Give a client of its own to a person: `sign_in(person).get("/")`."""

    def client_of(person: Any) -> FlaskClient:
        client = app.test_client()
        client.set_cookie(*cookie_of(person))
        return client

    return client_of


@dataclass(frozen=True)
class LiveServer:
    """The app on a real port of this machine."""

    app: Flask
    url: str


@pytest.fixture
def live_server(app: Flask) -> Iterator[LiveServer]:
    """Serve the app over real HTTP, in threads of this process."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield LiveServer(app, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def served(app: Flask, backend: Backend) -> Iterator[Callable[..., str]]:
    """Serve in processes of their own, as in production: `served(workers=2, IDEABOX_DEMO="1")` gives the address.

    They share database, Valkey and secret key with `app`, so that `cookie_of(person)` signs in there too.
    """
    from contextlib import ExitStack

    from tests.services.served import serve

    with ExitStack() as stack:
        yield lambda workers=2, **settings: stack.enter_context(serve(workers, backend.environment() | settings))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium for all browser tests of a worker."""
    if find_chromium() is None:
        pytest.skip("no Chromium on PATH: install chromium to run the browser tests")
    from tests.services import chromium

    with chromium.browser() as opened:
        yield opened


@pytest.fixture
def new_page(browser: Any, live_server: LiveServer) -> Iterator[Callable[..., Any]]:
    """Open pages, each in a context of its own: `new_page(color_scheme="dark", viewport={...})`.

    At the end the test fails if any page logged an error, threw, or broke the content security policy.
    """
    from contextlib import ExitStack

    from tests.services import chromium

    faults: list[list[str]] = []
    with ExitStack() as stack:

        def open_page(**options: Any) -> Any:
            page, heard = stack.enter_context(chromium.page(browser, base_url=live_server.url, **options))
            faults.append(heard)
            return page

        yield open_page
    assert not (told := [fault for heard in faults for fault in heard]), "the browser complained: " + "; ".join(told)


@pytest.fixture
def page_of(
    new_page: Callable[..., Any], live_server: LiveServer, cookie_of: Callable[[Any], tuple[str, str]]
) -> Callable[..., Any]:
    """Open a page in which a person is signed in: `page_of(person, viewport={...})`."""

    def open_page(person: Any, **options: Any) -> Any:
        page = new_page(**options)
        name, value = cookie_of(person)
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return page

    return open_page


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """One page of a fresh browser context on the live server; paths like "/" are relative to it."""
    return new_page()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that opens a browser, so that `-m "not browser"` leaves them out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data sets (IDEABOX_DATA, or `../shared/data` beside the clone); skips where there is none."""
    folder = Path(os.environ.get("IDEABOX_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no data sets at {folder}: set IDEABOX_DATA to their folder")
    return folder
