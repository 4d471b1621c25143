"""The first run: one page makes one admin, whoever is first, and is gone afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from ideabox.accounts import passwords
from ideabox.accounts.models import Organisation, Person
from ideabox.database import db
from ideabox.events import Event
from tests.factories import make_organisation
from tests.services.forms import read_forms, send, submit

FACTS = {
    "organisation": "Halden Instruments",
    "name": "Yusuf Demir",
    "email": "Yusuf@Halden.example",
    "password": "many small boxes",
    "lang": "fr",
}


@pytest.fixture
def empty(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.mark.parametrize("address", ["/people", "/sign-in", "/forgot", "/nothing-here", "/admin", "/reset/abc"])
def test_every_address_leads_here(empty: Flask, address: str) -> None:
    answer = empty.test_client().get(address, follow_redirects=True)
    assert answer.request.path == "/welcome"
    assert "Set up Ideabox" in answer.text


def test_machines_are_not_led_astray(empty: Flask) -> None:
    assert empty.test_client().get("/healthz").status_code == 200
    assert empty.test_client().get("/static/css/app.css").status_code == 200


def test_it_makes_the_organisation_and_its_admin(empty: Flask) -> None:
    client = empty.test_client()
    answer = submit(client, "/welcome", "/welcome", **FACTS)
    assert (answer.status_code, answer.location) == (303, "/admin")
    with empty.app_context():
        person = db.session.scalars(select(Person)).one()
        assert (person.email, person.is_admin, person.lang) == ("yusuf@halden.example", True, "fr")
        assert db.session.scalars(select(Organisation)).one().name == "Halden Instruments"
        assert "organisation.founded" in db.session.scalars(select(Event.name)).all()
    assert client.get("/admin").status_code == 200
    for visitor in (client, empty.test_client()):
        assert visitor.get("/welcome").status_code == 404


def test_faults_lose_nothing_that_was_typed(empty: Flask) -> None:
    answer = submit(empty.test_client(), "/welcome", "/welcome", **FACTS | {"email": "yusuf", "password": "short"})
    assert answer.status_code == 422
    assert "not an e-mail address" in answer.text
    assert 'value="Halden Instruments"' in answer.text
    assert 'value="yusuf"' in answer.text
    with empty.app_context():
        assert not db.session.scalar(select(func.count()).select_from(Person))


@pytest.mark.parametrize("founded", [False, True], ids=["blank", "organisation-without-people"])
def test_of_eight_at_once_one_becomes_admin(empty: Flask, founded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(8)
    monkeypatch.setattr(passwords, "hash_of", lambda _password: f"stored {together.wait(20)}")
    with empty.app_context():
        if founded:
            make_organisation()
        db.session.remove()
    clients = [empty.test_client() for _ in range(8)]
    forms = [read_forms(client.get("/welcome").text)[0] for client in clients]

    def press(n: int) -> Any:
        return send(clients[n], "/welcome", forms[n], **FACTS | {"email": f"person{n}@halden.example"})

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(press, range(8)))
    assert statuses == [303] + [404] * 7
    with empty.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_without_a_csrf_token_nothing_is_made(empty: Flask) -> None:
    client: FlaskClient = empty.test_client()
    assert client.post("/welcome", data=FACTS).status_code == 400
    with empty.app_context():
        assert not db.session.scalar(select(func.count()).select_from(Person))
