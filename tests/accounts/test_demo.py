"""The demo company is there once, however often it is filled in, and its people can sign in."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from ideabox.accounts import demo, passwords
from ideabox.accounts.models import Person, Unit
from ideabox.database import db


def test_the_company_is_filled_once(app: Flask) -> None:
    first = demo.fill(db.session)
    db.session.commit()
    second = demo.fill(db.session)
    db.session.commit()
    assert {name: person.id for name, person in first.items()} == {name: person.id for name, person in second.items()}
    assert db.session.scalar(select(func.count()).select_from(Person)) == 60
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 17


def test_each_offered_person_has_their_role_and_password(app: Flask) -> None:
    people = demo.fill(db.session)
    db.session.commit()
    for login in demo.DEMO_LOGINS:
        person = people[login.name]
        held = {role for role in ("admin", "leadership", "moderator", "talent") if getattr(person, f"is_{role}")}
        assert (person.email, person.lang, held) == (login.email, login.lang, set(login.roles))
    assert passwords.fits(demo.PASSWORD, people["Ada Lindqvist"].password_hash)
    assert {login.lang for login in demo.DEMO_LOGINS} == {"en", "fr"}


def test_paths_lead_from_the_root(app: Flask) -> None:
    demo.fill(db.session)
    db.session.commit()
    units = {unit.code: unit for unit in db.session.scalars(select(Unit))}
    night = units["night-shift"]
    steps = [units[code].id for code in ("halden", "site-halden", "assembly", "night-shift")]
    assert night.path == "/" + "/".join(map(str, steps)) + "/"
