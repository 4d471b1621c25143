"""Links that open an account: mailed once, used once, and silent to strangers."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ideabox import clock, events
from ideabox.accounts import links, passwords
from ideabox.accounts.models import OneTimeLink, Person, UserSession
from ideabox.database import db
from ideabox.mail import Mail
from tests.accounts.test_sign_in import PASSWORD, enter, steady
from tests.factories import make_organisation, make_person
from tests.services.forms import Form, read_forms, send, submit

NEW = "a louder autoclave"


@pytest.fixture
def ada(app: Flask) -> Person:
    stored = passwords.hash_of(PASSWORD)
    return make_person("Ada Lindqvist", email="ada@halden.example", password_hash=stored)


@pytest.fixture
def guest(app: Flask) -> Person:
    make_organisation("Halden Instruments")
    return make_person("Ada", email="ada@halden.example", lang="fr")


def link_for(person: Person, purpose: str) -> str:
    token = links.issue(person.id, purpose)
    db.session.commit()
    return f"/{'reset' if purpose == links.RESET else 'invitation'}/{token}"


def ask(client: FlaskClient, email: str) -> Any:
    return submit(client, "/forgot", "/forgot", email=email)


def age(hours: float) -> None:
    for link in db.session.scalars(select(OneTimeLink)):
        link.expires_at -= timedelta(hours=hours)
    db.session.commit()


def test_a_forgotten_password_is_replaced_by_mail(app: Flask, ada: Person, sign_in: Callable[[Any], Any]) -> None:
    elsewhere = sign_in(ada)
    assert "a link is on its way" in ask(app.test_client(), "Ada@Halden.example").text
    assert events.deliver_pending() == 1
    [mail] = db.session.scalars(select(Mail))
    assert (mail.to, mail.subject) == ("ada@halden.example", "Choose a new password")
    found = re.search(r"http://127\.0\.0\.1:8000(/reset/[\w-]{43})", mail.text)
    assert found
    assert found[0] in mail.html
    client = app.test_client()
    assert submit(client, found[1], password=NEW).status_code == 303
    assert client.get("/settings/look").status_code == 200
    assert elsewhere.get("/settings/look").status_code == 302, "all other browsers are signed out"
    assert enter(app.test_client(), "ada@halden.example", PASSWORD).status_code == 422
    assert enter(app.test_client(), "ada@halden.example", NEW).status_code == 303
    assert app.test_client().get(found[1]).status_code == 410, "the link was used"


def test_only_the_hash_of_a_link_is_stored(ada: Person) -> None:
    address = link_for(ada, links.RESET)
    [link] = db.session.scalars(select(OneTimeLink))
    assert address.rsplit("/", 1)[1] not in repr(vars(link))


def test_a_reset_by_a_lying_host_leads_to_the_real_address(app: Flask, ada: Person) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    client = app.test_client()
    page = client.get("/forgot", headers=headers)
    form = read_forms(page.text)[0]
    client.post("/forgot", data=form.fill({"email": "ada@halden.example"}), headers=headers)
    events.deliver_pending()
    [mail] = db.session.scalars(select(Mail))
    assert "evil.example" not in mail.text + mail.html


def test_strangers_learn_nothing_and_get_nothing(app: Flask, ada: Person) -> None:
    make_person(email="left@halden.example", password_hash="x", active=False)
    make_person(email="asked@halden.example", password_hash=None)
    said = set()
    for email in ("ada@halden.example", "nobody@halden.example", "left@halden.example", "asked@halden.example"):
        answer = ask(app.test_client(), email)
        said.add((answer.status_code, steady(answer.text).replace(email, "")))
    assert len(said) == 1
    events.deliver_pending()
    assert [mail.to for mail in db.session.scalars(select(Mail))] == ["ada@halden.example"]


def test_asking_again_ends_the_earlier_link(app: Flask, ada: Person) -> None:
    first, second = link_for(ada, links.RESET), link_for(ada, links.RESET)
    assert app.test_client().get(first).status_code == 410
    assert app.test_client().get(second).status_code == 200


def test_mails_cannot_be_asked_for_without_end(app: Flask, ada: Person) -> None:
    client = app.test_client()
    assert [ask(client, "ada@halden.example").status_code for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.parametrize(("purpose", "lasts"), [(links.RESET, 2), (links.INVITE, 24 * 7)])
def test_links_expire(app: Flask, guest: Person, purpose: str, lasts: int) -> None:
    address = link_for(guest, purpose)
    age(lasts - 0.01)
    assert app.test_client().get(address).status_code == 200
    age(0.02)
    answer = app.test_client().get(address)
    assert answer.status_code == 410
    assert "does not work any more" in answer.text


def test_a_link_expires_while_its_page_is_open(app: Flask, ada: Person) -> None:
    address, client = link_for(ada, links.RESET), app.test_client()
    form = open_form(client, address)
    age(3)
    assert send(client, address, form, password=NEW).status_code == 410
    assert enter(app.test_client(), "ada@halden.example", PASSWORD).status_code == 303


def test_a_link_serves_its_own_purpose_only(app: Flask, ada: Person) -> None:
    token = link_for(ada, links.RESET).rsplit("/", 1)[1]
    assert app.test_client().get(f"/invitation/{token}").status_code == 410


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "../..", "a" * 5000, "\u0430" * 43, "'; DROP TABLE person --"])
def test_guesses_find_nothing(app: Flask, ada: Person, token: str) -> None:
    assert app.test_client().get(f"/reset/{token}").status_code in (404, 410)


def test_guessing_slows_down(app: Flask, ada: Person) -> None:
    client = app.test_client()
    statuses = [client.get(f"/reset/{n:043d}").status_code for n in range(101)]
    assert statuses == [410] * 100 + [429]


def test_a_weak_password_is_refused_and_the_link_stays(app: Flask, ada: Person) -> None:
    address, client = link_for(ada, links.RESET), app.test_client()
    answer = submit(client, address, password="lindqvist1")
    assert answer.status_code == 422
    assert "first guess" in answer.text
    assert submit(client, address, password=NEW).status_code == 303


def test_an_invitation_is_accepted(app: Flask, guest: Person) -> None:
    events.record("person.invited", actor_id=None, subject=guest.uid)
    db.session.commit()
    events.deliver_pending()
    [mail] = db.session.scalars(select(Mail))
    found = re.search(r"/invitation/[\w-]{43}", mail.text)
    assert found
    assert "Halden Instruments" in mail.subject
    client = app.test_client()
    assert submit(client, found[0], name="Ada Lindqvist", password=NEW).status_code == 303
    assert '<html lang="fr"' in client.get("/settings/look").text
    assert db.session.get_one(Person, guest.id).name == "Ada Lindqvist"


def test_an_expired_invitation_is_not_revived_by_a_reset(app: Flask, guest: Person) -> None:
    address = link_for(guest, links.INVITE)
    age(24 * 8)
    assert ask(app.test_client(), "ada@halden.example").status_code == 200
    events.deliver_pending()
    assert db.session.scalar(select(Mail)) is None
    assert app.test_client().get(address).status_code == 410


def test_a_leavers_invitation_is_worth_nothing(app: Flask, guest: Person) -> None:
    address = link_for(guest, links.INVITE)
    guest.active = False
    db.session.commit()
    assert app.test_client().get(address).status_code == 410


@pytest.mark.parametrize("purpose", [links.INVITE, links.RESET])
def test_of_eight_at_once_one_uses_the_link(app: Flask, guest: Person, purpose: str) -> None:
    address = link_for(guest, purpose)
    clients = [app.test_client() for _ in range(8)]
    forms = [open_form(client, address) for client in clients]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: _accept(clients[n], address, forms[n], n), range(8)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [303] + [410] * 7
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 303)
    db.session.expire_all()
    stored = db.session.get_one(Person, guest.id).password_hash
    assert passwords.fits(f"password of number {winner}", stored)
    live = select(UserSession).where(UserSession.ended_at.is_(None))
    assert len(db.session.scalars(live).all()) == 1


def _accept(client: FlaskClient, address: str, form: Form, n: int) -> Any:
    names = {"name": f"Person {n}"} if "name" in form.names else {}
    return send(client, address, form, password=f"password of number {n}", **names)


def open_form(client: FlaskClient, address: str) -> Form:
    return next(form for form in read_forms(client.get(address).text) if "password" in form.names)


def test_the_mail_is_written_once_however_often_it_is_asked(app: Flask, ada: Person) -> None:
    event = events.record("password.reset_asked", actor_id=None, subject=ada.uid)
    db.session.commit()
    assert events.deliver(event.id)
    assert not events.deliver(event.id)
    assert len(db.session.scalars(select(Mail)).all()) == 1
    assert clock.now() > event.at


def test_the_demo_shows_where_its_mail_lies(make_app: Callable[..., Flask]) -> None:
    app = make_app(demo=True)
    with app.app_context():
        make_person(email="ada@halden.example")
        db.session.remove()
    assert 'href="/demo/mail"' in ask(app.test_client(), "ada@halden.example").text
