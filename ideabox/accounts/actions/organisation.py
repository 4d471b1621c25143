"""Do it: found the organisation, change what it says of itself."""

from __future__ import annotations

from sqlalchemy import func, select

from ideabox import events
from ideabox.accounts.models import Organisation, Person
from ideabox.accounts.rules.access import may_administer, may_found
from ideabox.accounts.rules.names import may_be_name
from ideabox.database import db, upsert
from ideabox.viewer import Viewer


def found(*, organisation: str, name: str, email: str, password_hash: str, lang: str, timezone: str) -> Person:
    """Make the organisation and its first admin. Of two at once, one finds that it came too late (Refused, 409)."""
    may_be_name(name).enforce()
    facts = {"name": organisation, "lang": lang, "timezone": timezone}
    row = upsert(Organisation.__table__).values(id=1, **facts)
    # The one row is the lock: whoever writes it second waits for the first, and then sees its admin.
    db.session.execute(row.on_conflict_do_update(index_elements=["id"], set_=facts))
    may_found(db.session.scalar(select(func.count()).select_from(Person)) or 0).enforce()
    person = Person(name=name, email=email, password_hash=password_hash, is_admin=True, lang=lang, timezone=timezone)
    db.session.add(person)
    db.session.flush()
    events.record("organisation.founded", actor_id=person.id, subject=person.uid)
    return person


def change_organisation(viewer: Viewer, *, client_key: str | None = None, **facts: str | int) -> Organisation:
    """Change name, language, time zone, leading key or promised hours; what does not change leaves no trace."""
    may_administer(viewer).enforce()
    organisation = db.session.get(Organisation, 1)
    if organisation is None:
        organisation = Organisation(id=1, name="Ideabox")
        db.session.add(organisation)
    before = {name: getattr(organisation, name) for name in facts}
    changes = {name: [before[name], value] for name, value in facts.items() if before[name] != value}
    for name, (_old, value) in changes.items():
        setattr(organisation, name, value)
    events.record("organisation.changed", actor_id=viewer.id, client_key=client_key, changes=changes)
    return organisation
