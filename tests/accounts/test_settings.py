"""One's own settings: what is typed is kept, what is wrong is told, and nobody else's is touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from ideabox.accounts import passwords
from ideabox.accounts.models import Person, UserSession
from ideabox.database import db
from ideabox.events import Event
from tests.accounts.test_sign_in import enter
from tests.factories import make_person, make_unit
from tests.services.forms import read_forms, send, submit

SignIn = Callable[[Any], FlaskClient]
OLD, NEW = "a quiet autoclave", "a louder autoclave"


@pytest.fixture
def ada(app: Flask) -> Person:
    facts = {"email": "ada@halden.example", "password_hash": passwords.hash_of(OLD)}
    return make_person("Ada Lindqvist", unit=make_unit("Lab services"), **facts)


@pytest.fixture
def client(ada: Person, sign_in: SignIn) -> FlaskClient:
    return sign_in(ada)


def now(person: Person) -> Person:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Person, person.id)


@pytest.mark.parametrize("name", ["identity", "notices", "look", "security", "privacy"])
def test_each_page_has_the_list_of_all_and_knows_which_it_is(client: FlaskClient, name: str) -> None:
    page = client.get(f"/settings/{name}").text
    for other in ("identity", "notices", "look", "security", "privacy"):
        assert f'href="/settings/{other}"' in page
    assert f'href="/settings/{name}" aria-current="page"' in page


def test_who_muted_nothing_reads_where_one_mutes(client: FlaskClient) -> None:
    page = client.get("/settings/notices").text
    assert "Nothing is muted" in page and "Open your notices" in page


def test_what_one_says_of_oneself_is_kept(client: FlaskClient, ada: Person) -> None:
    facts = {"name": "Ada Berg", "help_with": "Autoclaves.\nAnd <b>freezers</b>.", "languages": "English, Swedish"}
    answer = submit(client, "/settings/identity", "/identity", **facts, open_to=["review", "mentor"])
    assert answer.status_code == 303
    kept = now(ada)
    assert (kept.name, kept.languages, kept.open_to) == ("Ada Berg", "English, Swedish", "review,mentor")
    assert kept.help_with == "Autoclaves.\nAnd <b>freezers</b>."
    page = client.get(f"/people/{ada.uid}").text
    assert "&lt;b&gt;freezers&lt;/b&gt;" in page
    assert "Lab services" in page
    event = db.session.scalars(select(Event).where(Event.name == "person.updated")).one()
    assert (event.actor_id, sorted(event.data["fields"])) == (ada.id, ["help_with", "languages", "name", "open_to"])
    assert "Autoclaves" not in str(event.data), "the audit line says which fields, not what they said"


def test_faults_lose_nothing(client: FlaskClient, ada: Person) -> None:
    answer = submit(client, "/settings/identity", "/identity", name="Аda", help_with="Kept words", languages="x" * 201)
    assert answer.status_code == 422
    assert "letters look alike" in answer.text
    assert "Kept words" in answer.text
    assert now(ada).help_with == ""


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "e" + "\u0301" * 20, "x" * 501])
def test_texts_that_cannot_be_kept_are_told(client: FlaskClient, ada: Person, text: str) -> None:
    assert submit(client, "/settings/identity", "/identity", help_with=text).status_code == 422
    assert now(ada).help_with == ""


def test_extra_fields_change_nothing(client: FlaskClient, ada: Person) -> None:
    other = make_person("Remi Okoye", help_with="Operations")
    form = next(form for form in read_forms(client.get("/settings/identity").text) if form.action.endswith("/identity"))
    sent = {**form.fill({}), "is_admin": "1", "unit_id": "", "email": "x@y.example", "id": other.id, "uid": other.uid}
    assert client.post("/settings/identity", data={**sent, "help_with": "mine"}).status_code == 303
    kept = now(ada)
    assert (kept.is_admin, kept.unit_id is None, kept.email, kept.help_with) == (False, False, ada.email, "mine")
    assert now(other).help_with == "Operations"


def test_the_look_is_kept_and_shown(client: FlaskClient, ada: Person) -> None:
    facts = {"theme": "dark", "density": "compact", "lang": "fr", "timezone": "America/Montreal", "keys_on": []}
    answer = submit(client, "/settings/look", "/look", **facts | {"timezone": "Europe/Oslo"})
    assert answer.status_code == 303
    page = client.get("/settings/look").text
    assert 'lang="fr" data-theme="dark" data-density="compact"' in page
    assert 'data-keys="off"' in page
    assert now(ada).timezone == "Europe/Oslo"


@pytest.mark.parametrize(
    "wrong", [{"theme": "pink"}, {"lang": "de"}, {"timezone": "Mars/Olympus"}, {"timezone": "../../etc/passwd"}]
)
def test_choices_that_are_not_offered_are_refused(client: FlaskClient, ada: Person, wrong: dict[str, str]) -> None:
    assert submit(client, "/settings/look", "/look", **wrong).status_code == 422
    assert (now(ada).theme, now(ada).lang) == ("system", "en")


def test_sending_twice_leaves_one_event(client: FlaskClient, ada: Person) -> None:
    form = next(form for form in read_forms(client.get("/settings/look").text) if form.action.endswith("/look"))
    for _ in range(2):
        assert send(client, "/settings/look", form, theme="dark").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name == "person.updated")) == 1


def test_a_new_password_ends_all_other_sessions(app: Flask, client: FlaskClient, ada: Person, sign_in: SignIn) -> None:
    elsewhere = sign_in(ada)
    cookie = client.get_cookie("ideabox")
    assert submit(client, "/settings/security", "/security", current=OLD, password=NEW).status_code == 303
    assert client.get("/settings/look").status_code == 200
    assert elsewhere.get("/settings/look").status_code == 302
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("ideabox", cookie.value)
    assert thief.get("/settings/look").status_code == 302, "the id of this session has changed too"
    assert enter(app.test_client(), "ada@halden.example", OLD).status_code == 422
    assert enter(app.test_client(), "ada@halden.example", NEW).status_code == 303


def test_the_present_password_is_asked_for(client: FlaskClient, ada: Person) -> None:
    before = ada.password_hash
    for current, password in (("wrong", NEW), (OLD, "short"), (OLD, "lindqvist12"), ("", NEW)):
        answer = submit(client, "/settings/security", "/security", current=current, password=password)
        assert answer.status_code == 422
        assert NEW not in answer.text
    assert now(ada).password_hash == before


def test_guessing_the_present_password_slows_down(
    client: FlaskClient, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "fits", lambda _password, _stored: False)
    statuses = [
        submit(client, "/settings/security", "/security", current=f"guess {n}", password=NEW).status_code
        for n in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_one_browser_is_signed_out_from_another(client: FlaskClient, ada: Person, sign_in: SignIn) -> None:
    elsewhere, stranger = sign_in(ada), sign_in(make_person())
    page = client.get("/settings/security").text
    assert page.count("/settings/security/end") == 1
    assert submit(client, "/settings/security", "/end").status_code == 303
    assert elsewhere.get("/settings/look").status_code == 302
    assert client.get("/settings/look").status_code == 200
    theirs = db.session.scalars(select(UserSession.id).where(UserSession.person_id != ada.id)).one()
    form = next(form for form in read_forms(page) if form.action.endswith("/end"))
    for number in (theirs, "x", "-1", "9" * 30, "\u0661"):
        sent = {**form.fill({}), "session": number}
        assert client.post("/settings/security/end", data=sent).status_code == 303
    assert stranger.get("/settings/look").status_code == 200, "nobody ends another's session"


@pytest.mark.parametrize("page", ["identity", "look", "security"])
def test_settings_need_the_token(client: FlaskClient, ada: Person, page: str) -> None:
    before = db.session.scalar(select(func.count()).select_from(Event))
    facts = {"name": "Evil", "theme": "dark", "current": OLD, "password": NEW}
    assert client.post(f"/settings/{page}", data=facts).status_code == 400
    assert client.post(f"/settings/{page}", json=facts).status_code == 400
    assert db.session.scalar(select(func.count()).select_from(Event)) == before


def test_the_table_of_who_sees_what_is_there(client: FlaskClient) -> None:
    page = client.get("/settings/privacy").text
    assert "A sealed idea" in page
    assert "the idea, never your name" in page
