"""The demo company: Halden Instruments, 17 units on three sites, 60 people, one sign-in for each role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from slugify import slugify
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from ideabox.accounts import passwords
from ideabox.accounts.models import Organisation, Person, Unit

PASSWORD = "ideabox-demo"  # noqa: S105 - the demo's, printed on its sign-in page
COMPANY = "Halden Instruments"
HOST = "halden.example"


@dataclass(frozen=True)
class DemoLogin:
    """Somebody of the demo whom the sign-in page offers."""

    name: str
    role: LazyString
    lang: str = "en"
    roles: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return _email(self.name)


DEMO_LOGINS = (
    DemoLogin("Ada Lindqvist", _l("employee")),
    DemoLogin("Fatou Diallo", _l("employee"), "fr"),
    DemoLogin("Remi Okoye", _l("sponsor")),
    DemoLogin("Marta Kowalska", _l("campaign manager")),
    DemoLogin("Jonas Lind", _l("evaluator")),
    DemoLogin("Claire Rousseau", _l("leadership"), "fr", ("leadership",)),
    DemoLogin("Priya Raman", _l("moderator"), "en", ("moderator",)),
    DemoLogin("Ingrid Solheim", _l("talent"), "en", ("talent",)),
    DemoLogin("Yusuf Demir", _l("admin"), "en", ("admin",)),
)

#: Code, name, code of the unit above.
UNITS = (
    ("halden", "Halden Instruments", ""),
    ("site-halden", "Halden site", "halden"),
    ("assembly", "Assembly", "site-halden"),
    ("night-shift", "Night shift", "assembly"),
    ("optics", "Optics workshop", "site-halden"),
    ("maintenance", "Maintenance", "site-halden"),
    ("logistics", "Logistics", "site-halden"),
    ("site-grenoble", "Grenoble site", "halden"),
    ("lab", "Lab services", "site-grenoble"),
    ("research", "Research", "site-grenoble"),
    ("quality", "Quality", "site-grenoble"),
    ("regulatory", "Regulatory affairs", "quality"),
    ("site-porto", "Porto site", "halden"),
    ("support", "Customer support", "site-porto"),
    ("it", "IT", "site-porto"),
    ("head-office", "Head office", "halden"),
    ("people", "People and culture", "head-office"),
)

Row = tuple[str, str, str]
#: Unit code: name, language, what they help with.
PEOPLE: dict[str, tuple[Row, ...]] = {
    "lab": (
        ("Ada Lindqvist", "en", "Sample handling, autoclaves, and reading a validation protocol without fear."),
        ("Fatou Diallo", "fr", "Préparer les solutions, former les nouveaux, les normes ISO du laboratoire."),
        ("Hugo Marchand", "fr", "La métrologie et les étalonnages."),
        ("Elena Petrova", "en", "Statistics for small samples."),
        ("Luc Besnard", "fr", ""),
        ("Sanna Virtanen", "en", "Cold chain, from the freezer to the bench."),
    ),
    "head-office": (
        ("Remi Okoye", "en", "Operations: what a change costs on the floor, and whom to ask first."),
        ("Claire Rousseau", "fr", "La stratégie, et trouver un budget quand l'idée est bonne."),
        ("Anders Halvorsen", "en", "Finance: a business case on one page."),
        ("Beatriz Carvalho", "en", "Contracts and suppliers."),
    ),
    "people": (
        ("Marta Kowalska", "en", "Running a campaign: a clear question, dates that hold, answers that arrive."),
        ("Ingrid Solheim", "en", "Finding the colleague who has done it before."),
        ("Thomas Keller", "en", "Induction and training plans."),
        ("Camille Dubois", "fr", "La qualité de vie au travail."),
    ),
    "quality": (
        ("Jonas Lind", "en", "Judging what a change does to our certificates."),
        ("Priya Raman", "en", "Plain writing, in English."),
        ("Mathilde Garnier", "fr", "Les audits et ce qu'on en fait après."),
        ("Pavel Novák", "en", ""),
    ),
    "regulatory": (
        ("Sofia Rossi", "en", "European device rules."),
        ("Niels Vestergaard", "en", "Submissions, and how long they really take."),
        ("Aurélie Fontaine", "fr", ""),
    ),
    "it": (
        ("Yusuf Demir", "en", "Accounts, access, and getting two systems to speak."),
        ("Inês Almeida", "en", "Small scripts that save an hour a day."),
        ("Tiago Moreira", "en", "Networks on the shop floor."),
        ("Katarína Horváthová", "en", "Data protection questions."),
    ),
    "assembly": (
        ("Lars Eriksen", "en", "Fixtures, jigs, and the order of assembly steps."),
        ("Kim Larsen", "en", "Packing and labels."),
        ("Oskar Nyström", "en", ""),
        ("Aleksandra Wójcik", "en", "Soldering, and teaching it."),
        ("Mehmet Yılmaz", "en", "Line balancing."),
        ("Solveig Bakke", "en", ""),
    ),
    "night-shift": (
        ("Emil Sandvik", "en", "What the building does when everybody sleeps."),
        ("Ruta Kazlauskienė", "en", "Compressed air and leaks."),
        ("Goran Petrović", "en", "Forklifts, docks, doors."),
        ("Amina Haddad", "fr", "Les relèves entre équipes."),
    ),
    "optics": (
        ("Henrik Dahl", "en", "Grinding and coating."),
        ("Giulia Conti", "en", "Clean room habits."),
        ("Jakub Dvořák", "en", "Interferometers."),
        ("Maud Lefebvre", "fr", ""),
    ),
    "maintenance": (
        ("Stig Holm", "en", "Pumps, motors, anything that turns."),
        ("Yannick Le Goff", "fr", "Les automates et les capteurs."),
        ("Piotr Zieliński", "en", "Spare parts: what to keep and what to order."),
        ("Bente Iversen", "en", ""),
    ),
    "logistics": (
        ("Noah Brandt", "en", "Carriers and customs."),
        ("Lucía Fernández", "en", "Warehouse layout."),
        ("Erik Johansson", "en", ""),
        ("Zofia Kamińska", "en", "Returns."),
    ),
    "research": (
        ("Élodie Perrin", "fr", "Prototypes rapides et impression 3D."),
        ("Matteo Ricci", "en", "Sensors and signal processing."),
        ("Freya Nilsen", "en", "Life cycle assessment."),
        ("Bastien Morel", "fr", "Les brevets : lire, écrire, contourner."),
        ("Ioana Popescu", "en", "Embedded software."),
    ),
    "support": (
        ("Diogo Santos", "en", "What customers ask again and again."),
        ("Marie-Ange Koné", "fr", "Le service après-vente en français."),
        ("Sven Bergmann", "en", "Manuals and short films."),
        ("Catarina Lopes", "en", ""),
    ),
    "site-porto": (("Rui Tavares", "en", "The Porto building, and its neighbours."),),
    "site-grenoble": (("Nathalie Vidal", "fr", "Le site de Grenoble : locaux, navettes, cantine."),),
    "site-halden": (("Bjørn Aasen", "en", "The Halden site: energy, safety, visitors."),),
    "halden": (("Astrid Munk", "en", "The board, and its calendar."),),
}
_OPEN_TO = ("build,review", "build", "review,mentor", "", "build,review,mentor", "mentor", "")
_LANGUAGES = {
    "en": ("English", "English, Norwegian", "English, German", "English, French"),
    "fr": ("French, English", "French"),
}


def fill(session: Session | scoped_session[Any], more: Mapping[str, Sequence[Row]] | None = None) -> dict[str, Person]:
    """Put the company into the database where it is not yet, and return its people by name. The caller commits.

    `more`: further people by unit, as in PEOPLE.
    """
    if session.get(Organisation, 1) is None:
        session.add(Organisation(id=1, name=COMPANY, lang="en", timezone="Europe/Oslo", leading_key="innovation"))
    units = _fill_units(session)
    known = {
        person.email: person for person in session.scalars(select(Person).where(Person.email.endswith(f"@{HOST}")))
    }
    password_hash = passwords.hash_of(PASSWORD)
    everybody = {code: (*rows, *(more or {}).get(code, ())) for code, rows in PEOPLE.items()}
    people = [person for code, rows in everybody.items() for person in _people_of(units[code], rows, password_hash)]
    session.add_all(person for person in people if person.email not in known)
    session.flush()
    return {person.name: known.get(person.email, person) for person in people}


def _fill_units(session: Session | scoped_session[Any]) -> dict[str, Unit]:
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    for code, name, above in UNITS:
        if code not in units:
            parent = units.get(above)
            units[code] = Unit(code=code, name=name, parent_id=parent.id if parent else None)
            session.add(units[code])
            session.flush()
            units[code].path = f"{parent.path if parent else '/'}{units[code].id}/"
    return units


def _people_of(unit: Unit, rows: Sequence[Row], password_hash: str) -> list[Person]:
    return [_person(unit, number, *row, password_hash) for number, row in enumerate(rows)]


def _person(unit: Unit, number: int, name: str, lang: str, help_with: str, password_hash: str) -> Person:
    login = next((login for login in DEMO_LOGINS if login.name == name), None)
    spoken = _LANGUAGES[lang]
    return Person(
        name=name,
        email=_email(name),
        unit_id=unit.id,
        password_hash=password_hash,
        lang=lang,
        timezone="Europe/Paris" if lang == "fr" else "Europe/Oslo",
        help_with=help_with,
        languages=spoken[number % len(spoken)],
        open_to=_OPEN_TO[number % len(_OPEN_TO)] if help_with else "",
        **{f"is_{role}": True for role in (login.roles if login else ())},
    )


def _email(name: str) -> str:
    first, _space, rest = name.partition(" ")
    return f"{slugify(first)}.{slugify(rest, separator='')}@{HOST}"
