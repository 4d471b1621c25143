"""What admins look at: how many people, whether all is well, what was changed lately."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from ideabox import events, health, mail
from ideabox.accounts.models import ROLES, Person, Unit
from ideabox.database import db
from ideabox.events import Event
from ideabox.mail import Mail
from ideabox.settings import ROOT

#: Events that change who may do what; the list of latest changes shows these.
CHANGES = (
    "organisation.founded",
    "organisation.changed",
    "person.added",
    "person.invited",
    "person.changed",
    "person.roles_changed",
    "person.deactivated",
    "person.reactivated",
    "people.imported",
    "unit.added",
    "unit.renamed",
    "unit.moved",
)


@dataclass(frozen=True)
class Counts:
    """People with an address by state, roles, and units."""

    active: int
    invited: int
    inactive: int
    units: int
    roles: dict[str, int]


def counts() -> Counts:
    """All figures of the admin's first page in one statement."""
    has_password = Person.password_hash.is_not(None)
    invited = func.count().filter(Person.active, ~has_password)
    figures: list[Any] = [
        func.count().filter(Person.active, has_password),
        invited,
        func.count().filter(~Person.active),
    ]
    figures += [select(func.count()).select_from(Unit).scalar_subquery()]
    figures += [func.count().filter(Person.active, getattr(Person, f"is_{role}")) for role in ROLES]
    row = db.session.execute(select(*figures).select_from(Person).where(Person.email.is_not(None))).one()
    return Counts(row[0], row[1], row[2], row[3], dict(zip(ROLES, row[4:], strict=True)))


@dataclass(frozen=True)
class Health:
    """The state of what happens behind the pages. Ages in seconds."""

    queue_age: float
    parked: Sequence[Event]
    mails_waiting: int
    mails_failed: Sequence[Mail]
    last_mails: Sequence[Mail]
    version: str

    @property
    def queue_is_late(self) -> bool:
        return self.queue_age > health.LATE_SECONDS

    @property
    def to_look_at(self) -> int:
        return sum(map(bool, (self.queue_is_late, self.parked, self.mails_failed)))


def health_now() -> Health:
    """Read what the health page shows."""
    unsent = Mail.sent_at.is_(None)
    waiting = select(func.count()).select_from(Mail).where(unsent, Mail.tries < mail.GIVE_UP_AFTER)
    failed = select(Mail).where(unsent, Mail.tries >= mail.GIVE_UP_AFTER).order_by(Mail.id.desc()).limit(20)
    latest = select(Mail).where(Mail.sent_at.is_not(None)).order_by(Mail.id.desc()).limit(5)
    return Health(
        queue_age=health.queue_age(),
        parked=events.parked(),
        mails_waiting=db.session.scalar(waiting) or 0,
        mails_failed=db.session.scalars(failed).all(),
        last_mails=db.session.scalars(latest).all(),
        version=product_version(),
    )


def product_version() -> str:
    """The version that is running."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def latest_changes(limit: int = 10) -> Sequence[Row[Any]]:
    """Event, who did it, and whom it was about, newest first; in one statement."""
    actor, about = aliased(Person), aliased(Person)
    query = (
        select(Event.name, Event.at, Event.data, actor.name.label("actor"), about.name.label("person"))
        .add_columns(Unit.name.label("unit"))
        .outerjoin(actor, actor.id == Event.actor_id)
        .outerjoin(about, about.uid == Event.subject)
        .outerjoin(Unit, Unit.uid == Event.subject)
        .where(Event.name.in_(CHANGES))
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()
