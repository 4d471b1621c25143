"""Coming in: the right password opens, and nothing tells a stranger who exists."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ideabox.accounts import demo, passwords
from ideabox.accounts.models import Person, UserSession
from ideabox.database import db
from ideabox.events import Event
from tests.factories import make_person
from tests.services.forms import submit

PASSWORD = "a quiet autoclave"
VARYING = re.compile(r'(name="(?:csrf_token|client_key|csrf-token)"[^>]*?(?:value|content)=")[^"]*|X-Request-ID')


@pytest.fixture(scope="module")
def stored() -> str:
    return passwords.hash_of(PASSWORD)


@pytest.fixture
def ada(app: Flask, stored: str) -> Person:
    return make_person("Ada Lindqvist", email="ada@halden.example", password_hash=stored)


def enter(client: FlaskClient, email: str, password: str, address: str = "/sign-in") -> Any:
    return submit(client, address, "/sign-in", email=email, password=password)


def steady(text: str) -> str:
    return VARYING.sub(r"\1", text)


def test_the_right_password_opens(client: FlaskClient, ada: Person) -> None:
    answer = enter(client, " ADA@halden.example ", PASSWORD, "/sign-in?next=/settings/look")
    assert (answer.status_code, answer.location) == (303, "/settings/look")
    assert client.get("/settings/look").status_code == 200
    [event] = db.session.scalars(select(Event).where(Event.name == "person.signed_in"))
    assert (event.actor_id, event.subject) == (ada.id, ada.uid)


def test_a_wrong_one_does_not_and_keeps_the_address(client: FlaskClient, ada: Person) -> None:
    answer = enter(client, "ada@halden.example", "something else")
    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert 'value="ada@halden.example"' in answer.text
    assert "something else" not in answer.text
    assert db.session.scalar(select(UserSession)) is None


def test_strangers_learn_nothing(app: Flask, ada: Person, stored: str) -> None:
    make_person(email="left@halden.example", password_hash=stored, active=False)
    make_person(email="asked@halden.example", password_hash=None)
    said = set()
    for email, password in (
        ("ada@halden.example", "a wrong password"),
        ("nobody@halden.example", PASSWORD),
        ("left@halden.example", PASSWORD),
        ("asked@halden.example", ""),
        ("asked@halden.example", "a wrong password"),
    ):
        answer = enter(app.test_client(), email, password or "x")
        headers = tuple(sorted(name for name, _value in answer.headers))
        said.add((answer.status_code, headers, steady(answer.text).replace(email, "")))
    assert len(said) == 1


def test_strangers_learn_nothing_from_the_time(app: Flask, ada: Person) -> None:
    passwords.prepare()
    spent: dict[str, list[float]] = {"ada@halden.example": [], "nobody@halden.example": []}
    for _ in range(9):
        for email, times in spent.items():
            began = time.process_time()
            assert enter(app.test_client(), email, "a wrong password").status_code == 422
            times.append(time.process_time() - began)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert abs(known - unknown) < 0.5 * min(known, unknown), "one of them skips the hash"


def test_ten_wrong_tries_slow_down_and_shut_nobody_out(app: Flask, ada: Person) -> None:
    owner, stranger = app.test_client(), app.test_client()
    assert enter(owner, "ada@halden.example", PASSWORD).status_code == 303
    statuses = [enter(stranger, "ada@halden.example", f"guess {n}").status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]
    told = enter(stranger, "ada@halden.example", "guess 11")
    assert told.status_code == 429 and 0 < int(told.headers["Retry-After"]) <= 3600
    told = stranger.post("/sign-in", data={"email": "ada@halden.example"})
    assert told.status_code in (400, 429)
    assert enter(app.test_client(), "ada@halden.example", PASSWORD).status_code == 429
    assert submit(owner, "/settings/look", "/sign-out").status_code == 303
    assert enter(owner, "ada@halden.example", PASSWORD).status_code == 303, "a known browser has a count of its own"
    assert enter(app.test_client(), "remi@halden.example", "x").status_code == 422, "others are not slowed down"


def test_a_forged_mark_of_a_known_browser_is_worth_nothing(app: Flask, ada: Person) -> None:
    client = app.test_client()
    client.set_cookie("known-browser", "forged.signature", path="/sign-in")
    statuses = [enter(client, "ada@halden.example", f"guess {n}").status_code for n in range(11)]
    assert statuses[-1] == 429


def test_a_hundred_wrong_tries_from_one_address_slow_down(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person()
    monkeypatch.setattr(passwords, "fits", lambda _password, _stored: False)
    statuses = [enter(client, f"guess{n}@halden.example", "x").status_code for n in range(101)]
    assert statuses == [422] * 100 + [429]


def test_the_number_of_right_sign_ins_is_not_limited(app: Flask, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "fits", lambda _password, _stored: True)
    statuses = {enter(app.test_client(), "ada@halden.example", PASSWORD).status_code for _ in range(15)}
    assert statuses == {303}


@pytest.mark.parametrize("email", ["a\x00@b.example", "\x00", "\ud7ff\uffff@b", "a" * 300, "' OR 1=1 --", "\u202ea@b"])
def test_odd_addresses_are_just_wrong(client: FlaskClient, ada: Person, email: str) -> None:
    assert enter(client, email, PASSWORD).status_code == 422


def test_without_a_csrf_token_nothing_happens(client: FlaskClient, ada: Person) -> None:
    data = {"email": "ada@halden.example", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 400
    assert client.post("/sign-in", json=data).status_code == 400
    assert db.session.scalar(select(UserSession)) is None


def test_a_token_of_another_browser_is_refused(app: Flask, ada: Person) -> None:
    other = app.test_client().get("/sign-in").text
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', other)
    assert token
    data = {"email": "ada@halden.example", "password": PASSWORD, "csrf_token": token[1]}
    assert app.test_client().post("/sign-in", data=data).status_code == 400


ELSEWHERE = """//evil.example ///evil.example ////evil.example /\\evil.example \\\\evil.example /\\/evil.example https://evil.example
    https:evil.example https:/evil.example HTTPS://evil.example http:evil.example ftp://evil.example javascript:alert(1)
    JaVaScRiPt:alert(1) data:text/html,x vbscript:x mailto:x@evil.example evil.example @evil.example .evil.example
    ?next=//evil.example #//evil.example www.evil.example /\t/evil.example \t//evil.example /\n/evil.example
    /\r\nLocation:https://evil.example \x00//evil.example /\x00/evil.example \x0b//evil.example \u00a0//evil.example
    \u2028//evil.example %2f%2fevil.example %5c%5cevil.example https:%2f%2fevil.example //evil.example/%2f..
    //127.0.0.1@evil.example //[::1] //evil%2eexample /\\\\evil.example \\/evil.example
    """
HOSTILE = [line for line in re.split(r"(?<=\S) +| *\n +(?=\S)", ELSEWHERE.strip()) if line]


def test_there_are_forty_hostile_addresses() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("address", HOSTILE)
def test_signing_in_stays_on_this_site(app: Flask, ada: Person, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "fits", lambda _password, _stored: True)
    answer = submit(
        app.test_client(), "/sign-in", "/sign-in", email="ada@halden.example", password=PASSWORD, next=address
    )
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize(
    "address", ["/ideas", "/ideas?q=a%2Fb&page=2", "/campaigns/23456789abcdef#talk", "/%2e%2e//evil"]
)
def test_signing_in_leads_back(app: Flask, ada: Person, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "fits", lambda _password, _stored: True)
    client = app.test_client()
    answer = submit(client, "/sign-in", "/sign-in", email="ada@halden.example", password=PASSWORD, next=address)
    assert answer.location == address


def test_the_demo_offers_its_people(make_app: Callable[..., Flask]) -> None:
    app = make_app(demo=True)
    with app.app_context():
        demo.fill(db.session)
        db.session.commit()
        db.session.remove()
    client = app.test_client()
    assert all(login.name in client.get("/sign-in").text for login in demo.DEMO_LOGINS)
    answer = submit(client, "/sign-in", "/sign-in/demo", button="email=claire.rousseau@halden.example")
    assert answer.status_code == 303
    assert '<html lang="fr"' in client.get("/settings/look").text


def test_the_demo_opens_its_own_people_only(make_app: Callable[..., Flask]) -> None:
    app = make_app(demo=True)
    with app.app_context():
        make_person(email="boss@halden.example", roles=["admin"])
        db.session.remove()
    answer = submit(app.test_client(), "/sign-in", "/sign-in/demo", button="email=boss@halden.example")
    assert answer.status_code == 404


def test_without_the_demo_there_is_no_such_door(app: Flask, client: FlaskClient) -> None:
    demo.fill(db.session)
    db.session.commit()
    page = client.get("/sign-in").text
    assert "Lindqvist" not in page
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)
    assert token
    data = {"email": "ada.lindqvist@halden.example", "csrf_token": token[1]}
    assert client.post("/sign-in/demo", data=data).status_code == 404
    assert db.session.scalar(select(UserSession)) is None


def test_a_visitor_chooses_a_language(client: FlaskClient, ada: Person) -> None:
    answer = submit(client, "/sign-in?next=/ideas", "/language", button="lang=fr")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/ideas")
    assert '<html lang="fr"' in client.get("/sign-in").text


def test_the_cookie_is_out_of_reach_for_scripts(make_app: Callable[..., Flask]) -> None:
    app = make_app(base_url="https://ideas.example")
    with app.app_context():
        make_person(email="ada@halden.example", password_hash=passwords.hash_of(PASSWORD))
        db.session.remove()
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://ideas.example")
    cookie = next(value for value in page.headers.getlist("Set-Cookie") if value.startswith("__Host-ideabox="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_whoever_is_in_already_goes_on(sign_in: Callable[..., FlaskClient], ada: Person) -> None:
    answer = sign_in(ada).get("/sign-in?next=/settings/look")
    assert (answer.status_code, answer.location) == (303, "/settings/look")
