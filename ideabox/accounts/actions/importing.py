"""Do it: bring in people and units from a file, all or nothing. Known ones (by e-mail, by code) are updated."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from ideabox import events, ids
from ideabox.accounts import session
from ideabox.accounts.actions.people import keep_an_admin
from ideabox.accounts.models import ROLES, Organisation, Person, Unit
from ideabox.accounts.people_file import Fault, PeopleFile, PersonLine, UnitLine, unit_order
from ideabox.accounts.rules.access import may_import, may_stand_under
from ideabox.database import db
from ideabox.verdict import Refused
from ideabox.viewer import Viewer


@dataclass
class Report:
    """What an import did, or why it did nothing: with any fault, nothing is written."""

    people_added: int = 0
    people_updated: int = 0
    people_unchanged: int = 0
    units_added: int = 0
    units_updated: int = 0
    units_unchanged: int = 0
    invited: int = 0
    faults: list[Fault] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def import_people(viewer: Viewer | None, file: PeopleFile, *, invite: bool = False) -> Report:
    """Write what the file says into the running transaction. `viewer` is None for the server's own command line."""
    may_import(viewer).enforce()
    report = Report(faults=list(file.faults))
    units = {unit.code: unit for unit in db.session.scalars(select(Unit).with_for_update().order_by(Unit.id))}
    ordered, circles = unit_order(file.units)
    report.faults += circles + _unknown_units(file, set(units))
    people = {person.email: person for person in db.session.scalars(select(Person).where(Person.email.is_not(None)))}
    report.faults += [Fault(line.line, _("A new person needs a name.")) for line in _nameless(file, people)]
    report.faults.sort(key=lambda fault: fault.line)
    if report.faults:
        return report
    _Import(viewer.id if viewer else None, units, people, report, invite).write(ordered, file.people)
    return report


def _nameless(file: PeopleFile, people: dict[str | None, Person]) -> list[PersonLine]:
    return [line for line in file.people if line.name is None and line.email not in people]


def _unknown_units(file: PeopleFile, known: set[str]) -> list[Fault]:
    codes = known | {unit.code for unit in file.units}
    asked = [(line.line, line.unit) for line in file.people] + [(unit.line, unit.parent) for unit in file.units]
    return [
        Fault(line, _("There is no unit with the code %(code)s, here or in this file.", code=code))
        for line, code in asked
        if code is not None and code not in codes
    ]


class _Import:
    """One import on its way: what is there, what changes, and what is counted."""

    def __init__(
        self,
        actor_id: int | None,
        units: dict[str, Unit],
        people: dict[str | None, Person],
        report: Report,
        invite: bool,
    ) -> None:
        self.actor_id, self.units, self.people, self.report, self.invite = actor_id, units, people, report, invite
        self.takes_admin = False
        organisation = db.session.get(Organisation, 1)
        self.lang = organisation.lang if organisation else "en"
        self.timezone = organisation.timezone if organisation else "Europe/Paris"

    def write(self, units: list[UnitLine], people: list[PersonLine]) -> None:
        for unit in units:
            self._unit(unit)
        # Paths of units below a moved one follow when all stand where they belong.
        self._write_paths()
        for person in people:
            self._person(person)
        db.session.flush()
        if self.takes_admin:
            keep_an_admin()
        counts = {name: value for name, value in self.report.as_dict().items() if name != "faults"}
        self._event("people.imported", "", people=self.report.people_added + self.report.people_updated, **counts)

    def _unit(self, line: UnitLine) -> None:
        parent = self.units[line.parent] if line.parent else None
        known = self.units.get(line.code)
        if known is None:
            self._add_unit(line, parent)
        elif known.name == line.name and (parent is None or known.parent_id == parent.id):
            self.report.units_unchanged += 1
        else:
            self._change_unit(known, line.name, parent.id if parent else known.parent_id)

    def _change_unit(self, unit: Unit, name: str, parent_id: int | None) -> None:
        self.report.units_updated += 1
        if unit.name != name:
            self._event("unit.renamed", unit.uid, before=unit.name, after=name)
        if unit.parent_id != parent_id:
            self._event("unit.moved", unit.uid)
        unit.name, unit.parent_id = name, parent_id

    def _add_unit(self, line: UnitLine, parent: Unit | None) -> None:
        unit = Unit(uid=ids.new_uid(), code=line.code, name=line.name, parent_id=parent.id if parent else None)
        db.session.add(unit)
        db.session.flush()
        self.units[line.code] = unit
        self.report.units_added += 1
        self._event("unit.added", unit.uid, called=line.name)

    def _write_paths(self) -> None:
        by_id = {unit.id: unit for unit in self.units.values()}
        for unit in self.units.values():
            path = _path(unit, by_id)
            if unit.path != path:
                may_stand_under("", path.removesuffix(f"{unit.id}/")).enforce()
                unit.path = path

    def _person(self, line: PersonLine) -> None:
        person = self.people.get(line.email)
        if person is None:
            self._add_person(line)
            return
        changes = {name: value for name, value in self._facts(line).items() if getattr(person, name) != value}
        for name, value in changes.items():
            setattr(person, name, value)
        if changes:
            self.report.people_updated += 1
            self._event("person.changed", person.uid, fields=sorted(changes))
        else:
            self.report.people_unchanged += 1
        if any(name.startswith("is_") for name in changes):
            self._roles_changed(person, changes)

    def _facts(self, line: PersonLine) -> dict[str, Any]:
        """What the line says of a person, as columns; empty cells say nothing."""
        facts: dict[str, Any] = {"name": line.name, "lang": line.lang}
        facts["unit_id"] = self.units[line.unit].id if line.unit else None
        if line.roles is not None:
            facts.update({f"is_{role}": role in line.roles for role in ROLES})
        return {name: value for name, value in facts.items() if value is not None}

    def _add_person(self, line: PersonLine) -> None:
        defaults = {"lang": self.lang, "timezone": self.timezone}
        person = Person(uid=ids.new_uid(), email=line.email, **{**defaults, **self._facts(line)})
        db.session.add(person)
        self.report.people_added += 1
        self._event("person.added", person.uid)
        if self.invite:
            self.report.invited += 1
            self._event("person.invited", person.uid)

    def _roles_changed(self, person: Person, changes: dict[str, Any]) -> None:
        roles = {name.removeprefix("is_"): value for name, value in changes.items() if name.startswith("is_")}
        given = sorted(role for role, value in roles.items() if value)
        taken = sorted(role for role, value in roles.items() if not value)
        self.takes_admin = self.takes_admin or "admin" in taken
        session.end_all(person.id)
        self._event("person.roles_changed", person.uid, given=given, taken=taken)

    def _event(self, name: str, subject: str, **data: Any) -> None:
        events.record(name, actor_id=self.actor_id, subject=subject, **data)


def _path(unit: Unit, by_id: dict[int, Unit]) -> str:
    steps, above = [unit.id], unit.parent_id
    while above is not None:
        if above in steps:
            raise Refused(_("The unit %(code)s would stand below itself.", code=unit.code), status=422)
        steps.append(above)
        above = by_id[above].parent_id
    return "/" + "".join(f"{step}/" for step in reversed(steps))
