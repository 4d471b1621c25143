"""The CSV file of people and units: its columns, and what a line must say. Knows no database.

One file may hold people, units, or both; its header decides. A line with an e-mail is a person; a line with
`unit_name` names the unit of `unit_code` (new or known) and, by `parent_code`, where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import gettext as _

from ideabox.accounts.forms import address_of
from ideabox.accounts.models import LANGUAGES, ROLES
from ideabox.accounts.rules.names import may_be_name
from ideabox.csvfile import CsvFault, read

MAX_BYTES = 10 * 1024 * 1024
MAX_FIELD = 500
COLUMNS = ("email", "name", "unit_code", "unit_name", "parent_code", "lang", "roles")
NO_ROLE = "none"
EXAMPLE = (
    ("", "", "company", "Halden Instruments", "", "", ""),
    ("", "", "lab", "Lab services", "company", "", ""),
    ("ada.lindqvist@halden.example", "Ada Lindqvist", "lab", "", "", "en", ""),
    ("claire.rousseau@halden.example", "Claire Rousseau", "company", "", "", "fr", "leadership"),
)


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line (counted from 1, the header); line 0 is the file as a whole."""

    line: int
    reason: str


@dataclass(frozen=True)
class UnitLine:
    line: int
    code: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class PersonLine:
    """None stands for an empty cell or a column that is not there: what is stored stays."""

    line: int
    email: str
    name: str | None
    unit: str | None
    lang: str | None
    roles: frozenset[str] | None


@dataclass
class PeopleFile:
    """All lines of a file that make sense, and the faults of those that do not."""

    people: list[PersonLine] = field(default_factory=list)
    units: list[UnitLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    emails: dict[str, int] = field(default_factory=dict)
    codes: dict[str, UnitLine] = field(default_factory=dict)


def load(source: Path | bytes, name: str = "") -> PeopleFile:
    """Read a file. Never raises for what is in it: each fault is kept with its line."""
    found = PeopleFile()
    try:
        for number, row in read(source, name=name, max_bytes=MAX_BYTES, max_field=MAX_FIELD):
            if number and not found.people and not found.units and not found.faults:
                _check_header(row)
            _take(found, number, row)
    except CsvFault as fault:
        found.faults.append(Fault(fault.line, fault.reason))
    if not (found.people or found.units or found.faults):
        found.faults.append(Fault(0, _("There is no line below the header.")))
    found.faults.sort(key=lambda fault: fault.line)
    return found


def _check_header(row: dict[str, str]) -> None:
    if unknown := [column for column in row if column and column not in COLUMNS]:
        known = ", ".join(COLUMNS)
        raise CsvFault(
            "", 1, _("Unknown columns: %(names)s. Known are: %(known)s.", names=", ".join(unknown), known=known)
        )
    if not {"email", "unit_name"} & set(row):
        raise CsvFault("", 1, _("Neither people (email, name) nor units (unit_name) are in this file."))


def _take(found: PeopleFile, line: int, row: dict[str, str]) -> None:
    cells = {column: " ".join(row.get(column, "").split()) for column in COLUMNS}
    try:
        unit = _unit(line, cells)
        person = _person(line, cells)
        if unit is None and person is None:
            raise ValueError(_("Neither an e-mail nor a unit name is in this line."))
        _check_twice(found, unit, person)
    except ValueError as fault:
        found.faults.append(Fault(line, str(fault)))
        return
    if unit and unit.code not in found.codes:
        found.codes[unit.code] = unit
        found.units.append(unit)
    if person:
        found.emails[person.email] = line
        found.people.append(person)


def _unit(line: int, cells: dict[str, str]) -> UnitLine | None:
    code, name = cells["unit_code"].lower(), cells["unit_name"]
    if not name:
        return None
    if not code:
        raise ValueError(_("The unit %(name)s has no code.", name=name))
    if len(code) > 60:
        raise ValueError(_("A code has at most %(n)d characters.", n=60))
    _check_name(name)
    return UnitLine(line, code, name, cells["parent_code"].lower() or None)


def _person(line: int, cells: dict[str, str]) -> PersonLine | None:
    if not cells["email"]:
        if cells["name"]:
            raise ValueError(_("%(name)s has no e-mail.", name=cells["name"]))
        return None
    name, lang = cells["name"] or None, cells["lang"].lower() or None
    if name:
        _check_name(name)
    if lang and lang not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise ValueError(_("Unknown language %(lang)s; known are: %(known)s.", lang=lang, known=known))
    email = address_of(cells["email"])
    return PersonLine(line, email, name, cells["unit_code"].lower() or None, lang, _roles(cells["roles"]))


def _check_name(name: str) -> None:
    verdict = may_be_name(name)
    if not verdict:
        raise ValueError(f"{name[:40]}: {verdict.reason}")


def _roles(cell: str) -> frozenset[str] | None:
    words = cell.lower().replace(",", " ").replace("|", " ").split()
    if not words:
        return None
    if words == [NO_ROLE]:
        return frozenset()
    if unknown := sorted(set(words) - set(ROLES)):
        known = ", ".join((*ROLES, NO_ROLE))
        raise ValueError(_("Unknown role %(role)s; known are: %(known)s.", role=", ".join(unknown), known=known))
    return frozenset(words)


def _check_twice(found: PeopleFile, unit: UnitLine | None, person: PersonLine | None) -> None:
    if person and (before := found.emails.get(person.email)):
        raise ValueError(_("%(email)s is in line %(line)d already.", email=person.email, line=before))
    same = found.codes.get(unit.code) if unit else None
    if same and unit and (same.name, same.parent) != (unit.name, unit.parent):
        raise ValueError(_("The unit %(code)s is told otherwise in line %(line)d.", code=unit.code, line=same.line))


def unit_order(units: Sequence[UnitLine]) -> tuple[list[UnitLine], list[Fault]]:
    """Units with parents before children; those in a circle come back as faults."""
    waiting = {unit.code: unit for unit in units}
    ordered: list[UnitLine] = []
    while ready := [unit for unit in waiting.values() if unit.parent not in waiting]:
        ordered += ready
        for unit in ready:
            del waiting[unit.code]
    said = _("This unit stands below itself, by way of its parents.")
    return ordered, [Fault(unit.line, said) for unit in waiting.values()]
