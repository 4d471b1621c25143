"""A session row decides who is signed in; requests of a test share nothing with it."""

from __future__ import annotations

from flask import Flask

from ideabox.accounts import session
from ideabox.database import db
from tests.factories import make_person, sign_in


def test_each_client_is_its_own_person(app: Flask) -> None:
    ada, remi = make_person("Ada Lindqvist"), make_person("Remi Okoye")
    first, second = sign_in(app.test_client(), ada), sign_in(app.test_client(), remi)
    assert first.get("/people").status_code == second.get("/people").status_code == 200
    assert "Ada Lindqvist, your menu" in first.get("/people").text
    assert "Remi Okoye, your menu" in second.get("/people").text


def test_an_ended_session_asks_to_sign_in(app: Flask) -> None:
    ada = make_person("Ada Lindqvist")
    client = sign_in(app.test_client(), ada)
    session.end_all(ada.id)
    db.session.commit()
    answer = client.get("/people")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/people"
