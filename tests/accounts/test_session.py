"""A session row decides who is signed in, until it is ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ideabox.accounts import session
from ideabox.accounts.models import UserSession
from ideabox.database import db
from tests.factories import make_person
from tests.services.forms import submit

SignIn = Callable[[Any], FlaskClient]
PAGE = "/settings/look"


def signed_in(client: FlaskClient) -> bool:
    return client.get(PAGE).status_code == 200


def test_each_client_is_its_own_person(sign_in: SignIn) -> None:
    first, second = sign_in(make_person("Ada Lindqvist")), sign_in(make_person("Remi Okoye"))
    assert "Ada Lindqvist, your menu" in first.get(PAGE).text
    assert "Remi Okoye, your menu" in second.get(PAGE).text
    assert "Ada Lindqvist, your menu" in first.get(PAGE).text


def test_an_ended_session_asks_to_sign_in(sign_in: SignIn) -> None:
    ada = make_person("Ada Lindqvist")
    client = sign_in(ada)
    assert signed_in(client)
    session.end_all(ada.id)
    db.session.commit()
    answer = client.get(PAGE)
    assert (answer.status_code, answer.location) == (302, f"/sign-in?next={PAGE}")


def test_an_inactive_person_is_out_at_once(sign_in: SignIn) -> None:
    ada = make_person("Ada Lindqvist")
    client = sign_in(ada)
    ada.active = False
    db.session.commit()
    assert not signed_in(client)


def test_signing_out_ends_this_browser_only(sign_in: SignIn) -> None:
    ada = make_person("Ada Lindqvist")
    here, there = sign_in(ada), sign_in(ada)
    cookie = here.get_cookie("ideabox")
    assert submit(here, PAGE, "/sign-out").status_code == 303
    assert not signed_in(here)
    assert signed_in(there)
    assert cookie is not None
    here.set_cookie("ideabox", cookie.value)
    assert not signed_in(here), "the old cookie must be worth nothing"


def test_signing_out_everywhere_ends_all(sign_in: SignIn) -> None:
    ada = make_person("Ada Lindqvist")
    here, there = sign_in(ada), sign_in(ada)
    bystander = sign_in(make_person())
    assert submit(here, "/settings/security", "/sign-out-everywhere").status_code == 303
    assert not signed_in(here)
    assert not signed_in(there)
    assert signed_in(bystander)


def test_a_new_sign_in_has_a_new_id_and_ends_the_old_of_this_browser(app: Flask) -> None:
    ada, remi = make_person("Ada Lindqvist"), make_person("Remi Okoye")
    with app.test_request_context("/"):
        first = session.begin(ada).session_uid
        second = session.begin(remi).session_uid
        db.session.commit()
    rows = {row.uid: row.ended_at for row in db.session.scalars(select(UserSession))}
    assert first != second
    assert rows[first] is not None
    assert rows[second] is None
