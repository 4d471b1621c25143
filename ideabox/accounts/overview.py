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
    failing: Sequence[Event]
    mails_waiting: int
    mails_failed: Sequence[Mail]
    mails_failing: Sequence[Mail]
    last_mails: Sequence[Mail]
    version: str

    @property
    def queue_is_late(self) -> bool:
        return self.queue_age > health.LATE_SECONDS

    @property
    def to_look_at(self) -> int:
        events, mails = self.parked or self.failing, self.mails_failed or self.mails_failing
        return sum(map(bool, (self.queue_is_late, events, mails)))


def health_now() -> Health:
    """Read what the health page shows."""
    waiting = select(func.count()).select_from(Mail).where(Mail.undone(), ~Mail.given_up())
    latest = select(Mail).where(~Mail.undone()).order_by(Mail.id.desc()).limit(5)
    troubled, unsent = events.troubled(), _troubled_mails()
    return Health(
        queue_age=health.queue_age(),
        parked=[event for event in troubled if event.tries >= events.GIVE_UP_AFTER],
        failing=[event for event in troubled if event.tries < events.GIVE_UP_AFTER],
        mails_waiting=db.session.scalar(waiting) or 0,
        mails_failed=[one for one in unsent if one.tries >= mail.GIVE_UP_AFTER],
        mails_failing=[one for one in unsent if one.tries < mail.GIVE_UP_AFTER],
        last_mails=db.session.scalars(latest).all(),
        version=product_version(),
    )


def _troubled_mails() -> Sequence[Mail]:
    """Mails that could not be sent, those that were given up first."""
    query = select(Mail).where(Mail.undone(), Mail.tries > 0).order_by(Mail.tries.desc(), Mail.id.desc())
    return db.session.scalars(query.limit(100)).all()


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
