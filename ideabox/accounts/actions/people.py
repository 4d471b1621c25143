"""Do it: add and invite people, give roles, place them in units, close and reopen their accounts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from ideabox import events
from ideabox.accounts import links, session
from ideabox.accounts.models import ROLES, Person, Unit
from ideabox.accounts.rules.access import (
    may_add,
    may_administer,
    may_deactivate,
    may_invite,
    one_admin_stays,
)
from ideabox.accounts.rules.names import may_be_name
from ideabox.database import db, upsert
from ideabox.viewer import Viewer


def add_person(
    viewer: Viewer,
    *,
    name: str,
    email: str,
    unit: Unit | None = None,
    lang: str = "en",
    timezone: str = "Europe/Paris",
    client_key: str | None = None,
) -> Person:
    """Add somebody and invite them. Refused (409) when the address belongs to a person already."""
    may_administer(viewer).enforce()
    may_be_name(name).enforce()
    facts = {"name": name, "email": email, "unit_id": unit.id if unit else None, "lang": lang, "timezone": timezone}
    row = upsert(Person.__table__).values(**facts).on_conflict_do_nothing(index_elements=["email"])
    number = db.session.scalar(row.returning(Person.id))
    may_add(taken=number is None).enforce()
    person = db.session.get_one(Person, number)
    # Two events: the first holds the form's key, the second is the one that the mail answers.
    events.record("person.added", actor_id=viewer.id, subject=person.uid, client_key=client_key)
    events.record("person.invited", actor_id=viewer.id, subject=person.uid)
    return person


def invite_again(viewer: Viewer, person: Person) -> None:
    """Send a new invitation; earlier ones stop working."""
    may_invite(
        viewer, email=person.email, active=person.active, has_password=person.password_hash is not None
    ).enforce()
    events.record("person.invited", actor_id=viewer.id, subject=person.uid, again=True)


def change_person(
    viewer: Viewer, person: Person, *, name: str, roles: Iterable[str], unit: Unit | None, client_key: str | None = None
) -> None:
    """Set name, roles and unit; other roles end the person's sessions. Refused (409) if no admin would be left."""
    may_administer(viewer).enforce()
    may_be_name(name).enforce()
    wanted = set(roles) & set(ROLES)
    before = {role for role in ROLES if getattr(person, f"is_{role}")}
    if "admin" in before - wanted:
        keep_an_admin(person.id)
    unit_id = unit.id if unit else None
    moved, renamed = person.unit_id != unit_id, person.name != name
    person.name, person.unit_id = name, unit_id
    events.record(
        "person.changed", actor_id=viewer.id, subject=person.uid, client_key=client_key, moved=moved, renamed=renamed
    )
    if wanted != before:
        set_roles(viewer, person, before, wanted)


def set_roles(viewer: Viewer, person: Person, before: set[str], wanted: set[str]) -> None:
    """Give exactly the wanted roles, and make the person sign in anew."""
    may_administer(viewer).enforce()
    for role in ROLES:
        setattr(person, f"is_{role}", role in wanted)
    session.end_all(person.id)
    events.record(
        "person.roles_changed",
        actor_id=viewer.id,
        subject=person.uid,
        given=sorted(wanted - before),
        taken=sorted(before - wanted),
    )


def deactivate(viewer: Viewer, person: Person) -> None:
    """Close an account: all sessions and links end, what the person wrote stays."""
    may_deactivate(viewer, person.id).enforce()
    if person.is_admin:
        keep_an_admin(person.id)
    person.active = False
    session.end_all(person.id)
    links.end_all(person.id)
    events.record("person.deactivated", actor_id=viewer.id, subject=person.uid)


def reactivate(viewer: Viewer, person: Person) -> None:
    """Open an account again, with the password and the roles it had."""
    may_administer(viewer).enforce()
    person.active = True
    events.record("person.reactivated", actor_id=viewer.id, subject=person.uid)


def keep_an_admin(leaving: int | None = None) -> None:
    """Refuse (409) when no admin who can sign in would be left without the person `leaving`.

    Holds all admins' rows until the commit, then counts: two admins who remove each other at once leave one.
    """
    db.session.execute(select(Person.id).where(Person.is_admin).order_by(Person.id).with_for_update())
    able = (Person.is_admin, Person.active, Person.password_hash.is_not(None))
    others = select(func.count()).select_from(Person).where(*able, Person.id != (leaving or 0))
    one_admin_stays(db.session.scalar(others) or 0).enforce()
