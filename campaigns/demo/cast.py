"""Who acts in the demo, and when: people by name and unit, moments counted from today."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from campaigns.demo.colleagues import COLLEAGUES
from ideabox import clock
from ideabox.accounts import demo
from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.viewer import Viewer

ZONE = ZoneInfo("Europe/Oslo")
#: Nothing in the demo happened later than so long ago.
JUST_NOW = timedelta(minutes=12)


@dataclass(frozen=True)
class Cast:
    """The people by name, the unit of each by the unit's id, and those whom nobody signs in as by unit code."""

    people: dict[str, Person]
    units: dict[int, Unit]
    extras: dict[str, list[Person]]
    now: datetime

    def named(self, name: str) -> Person:
        return self.people[name]

    def viewer(self, name: str) -> Viewer:
        """That person as a signed-in one, for the actions of the product."""
        person = self.people[name]
        unit = self.units[person.unit_id or 0]
        path = tuple(int(step) for step in unit.path.split("/") if step)
        roles = {f"is_{role}": getattr(person, f"is_{role}") for role in ("admin", "leadership", "moderator", "talent")}
        place = {"unit_id": unit.id, "unit_name": unit.name, "unit_path": path, "lang": person.lang}
        return Viewer(person.id, person.uid, person.name, person.email or "", "", **place, **roles)  # type: ignore[arg-type]

    def code(self, person: Person) -> str:
        return self.units[person.unit_id or 0].code

    def at(self, day: float, hour: int = 9, minute: int = 0) -> datetime:
        """So many days from today at that time on Halden's clocks."""
        date = self.now.astimezone(ZONE).date() + timedelta(days=day)
        return datetime.combine(date, time(hour, minute), ZONE)

    def past(self, day: float, chance: random.Random) -> datetime:
        """Some moment of a day that has come already; on the present day, of its last hours."""
        moment = self.at(day, chance.randrange(7, 21), chance.randrange(60))
        return min(moment, self.now - JUST_NOW - timedelta(minutes=chance.randrange(90)))


def gather() -> Cast:
    """Put the company into the database where it is not yet."""
    people = demo.fill(db.session, COLLEAGUES)
    units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    for number, name in enumerate(sorted(people)):
        people[name].last_seen_on = people[name].last_seen_on or clock.today() - timedelta(days=number * number % 9)
    known = {login.name for login in demo.DEMO_LOGINS}
    extras: dict[str, list[Person]] = {}
    for name in sorted(people.keys() - known):
        extras.setdefault(units[people[name].unit_id or 0].code, []).append(people[name])
    return Cast(people, units, extras, clock.now())
