"""People and units from a file: all or nothing, each fault with its line, never doubled."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from ideabox import events
from ideabox.accounts import people_file
from ideabox.accounts.actions.importing import import_people
from ideabox.accounts.models import Person, Unit, UserSession
from ideabox.csvfile import csv_text
from ideabox.database import db
from ideabox.events import Event
from ideabox.mail import Mail
from tests.factories import make_person, make_unit
from tests.services.forms import submit

SignIn = Callable[[Any], FlaskClient]
BOTH = csv_text(people_file.COLUMNS, people_file.EXAMPLE)


@pytest.fixture
def boss(app: Flask) -> Person:
    return make_person("Yusuf Demir", email="yd@halden.example", roles=["admin"], password_hash="x")


@pytest.fixture
def admin(boss: Person, sign_in: SignIn) -> FlaskClient:
    return sign_in(boss)


def flask_import(app: Flask, tmp_path: Path, text: str | bytes, *options: str) -> Any:
    file = tmp_path / "people.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=["people", "import", str(file), *options])
    db.session.expire_all()
    return done


def stored() -> tuple[int, int, int]:
    db.session.rollback()
    counted = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Person, Unit, Event)]
    return counted[0], counted[1], counted[2]


def person(email: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email == email)).one()


def test_the_example_goes_in(app: Flask, tmp_path: Path) -> None:
    done = flask_import(app, tmp_path, BOTH)
    assert (done.exit_code, "2 added, 0 updated" in done.output) == (0, True), done.output
    lab = db.session.scalars(select(Unit).where(Unit.code == "lab")).one()
    company = db.session.scalars(select(Unit).where(Unit.code == "company")).one()
    assert (lab.name, lab.path) == ("Lab services", f"/{company.id}/{lab.id}/")
    ada, claire = person("ada.lindqvist@halden.example"), person("claire.rousseau@halden.example")
    assert (ada.name, ada.unit_id, ada.lang, ada.is_leadership) == ("Ada Lindqvist", lab.id, "en", False)
    assert (claire.lang, claire.is_leadership, claire.password_hash) == ("fr", True, None)
    names = db.session.scalars(select(Event.name).order_by(Event.id)).all()
    assert (names.count("person.added"), names.count("unit.added"), names[-1]) == (2, 2, "people.imported")
    assert db.session.scalar(select(Mail)) is None, "nobody is mailed unless asked"


def test_a_second_time_changes_nothing(app: Flask, tmp_path: Path) -> None:
    flask_import(app, tmp_path, BOTH)
    people, units, _events = stored()
    report = json.loads(flask_import(app, tmp_path, BOTH, "--json").output)
    assert (report["ok"], report["people_unchanged"], report["units_unchanged"]) == (True, 2, 2)
    assert report["people_added"] == report["people_updated"] == report["units_updated"] == 0
    assert stored()[:2] == (people, units)


def test_a_dry_run_counts_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    before = stored()
    report = json.loads(flask_import(app, tmp_path, BOTH, "--dry-run", "--json").output)
    assert (report["ok"], report["dry_run"], report["people_added"], report["units_added"]) == (True, True, 2, 2)
    assert stored() == before


def test_people_are_updated_by_their_address(app: Flask, tmp_path: Path) -> None:
    lab, shop = make_unit("Lab", code="lab"), make_unit("Shop", code="shop")
    ada = make_person("Ada L", email="ada@halden.example", unit=lab, roles=["talent"], lang="fr", password_hash="x")
    db.session.add(UserSession(uid="one", person_id=ada.id))
    db.session.commit()
    text = "email;name;unit_code;roles\nADA@halden.example;Ada Lindqvist;shop;leadership moderator\n"
    assert flask_import(app, tmp_path, text).exit_code == 0
    now = person("ada@halden.example")
    assert (now.id, now.name, now.unit_id, now.lang) == (ada.id, "Ada Lindqvist", shop.id, "fr")
    assert (now.is_leadership, now.is_moderator, now.is_talent) == (True, True, False)
    assert db.session.scalars(select(UserSession)).one().ended_at is not None
    event = db.session.scalars(select(Event).where(Event.name == "person.roles_changed")).one()
    assert event.data == {"given": ["leadership", "moderator"], "taken": ["talent"]}


def test_an_empty_cell_leaves_what_is_stored(app: Flask, tmp_path: Path) -> None:
    lab = make_unit("Lab", code="lab")
    make_person("Ada", email="ada@halden.example", unit=lab, roles=["talent"], lang="fr")
    text = "email,name,unit_code,lang,roles\nada@halden.example,,,,\n"
    assert flask_import(app, tmp_path, text).exit_code == 0
    now = person("ada@halden.example")
    assert (now.name, now.unit_id, now.lang, now.is_talent) == ("Ada", lab.id, "fr", True)
    assert flask_import(app, tmp_path, "email,roles\nada@halden.example,none\n").exit_code == 0
    assert not person("ada@halden.example").is_talent


def test_units_move_with_all_below_and_in_any_order(app: Flask, tmp_path: Path) -> None:
    old = make_unit("Old", code="old")
    bench = make_unit("Bench", code="bench", parent=make_unit("Shop", code="shop", parent=old))
    text = "unit_code,unit_name,parent_code\nshop,Big shop,new\nnew,New site,\n"
    assert flask_import(app, tmp_path, text).exit_code == 0
    units = {unit.code: unit for unit in db.session.scalars(select(Unit))}
    assert units["bench"].path == f"/{units['new'].id}/{units['shop'].id}/{bench.id}/"
    assert units["shop"].name == "Big shop"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("email,name\nnobody,Ada\n", 2, "not an e-mail address"),
        ("email,name\na@x.example,Ada\nA@X.example,Ada\n", 3, "in line 2 already"),
        ("email,name\na@x.example,\n", 2, "needs a name"),
        ("email,name\n,Ada\n", 2, "Ada has no e-mail"),
        ("email,name\n é@x.example,Zoé\n", 2, "not an e-mail address"),
        ("email,name\na@x.example,Аda Lindqvist\n", 2, "alphabets"),
        ("email,name\na@x.example,Ada\u200b\n", 2, "invisible"),
        ("email,name\na@x.example,A\u202eda\n", 2, "reverses"),
        ("email,name\na@x.example,12345\n", 2, "at least one letter"),
        ("email,name,unit_code\na@x.example,Ada,nowhere\n", 2, "no unit with the code nowhere"),
        ("email,name,lang\na@x.example,Ada,de\n", 2, "Unknown language de"),
        ("email,name,roles\na@x.example,Ada,admin owner\n", 2, "Unknown role owner"),
        ("email,name,salary\na@x.example,Ada,1\n", 1, "Unknown columns: salary"),
        ("name\nAda\n", 1, "Neither people"),
        ("email,name\n", 0, "no line below the header"),
        ("", 0, "empty"),
        ("unit_code,unit_name,parent_code\na,A,b\nb,B,a\n", 2, "stands below itself"),
        ("unit_code,unit_name,parent_code\na,A,a\n", 2, "stands below itself"),
        ("unit_code,unit_name,parent_code\na,A,zz\n", 2, "no unit with the code zz"),
        ("unit_code,unit_name\na,A\na,B\n", 3, "told otherwise in line 2"),
        ("unit_code,unit_name\n,Lab\n", 2, "Lab has no code"),
        ("unit_code,unit_name\n" + "x" * 61 + ",Lab\n", 2, "at most 60"),
        ("email,name,unit_code\n,,lab\n", 2, "Neither an e-mail nor a unit name"),
        ("email,name\na@x.example,Ada\n\nb@x.example\n", 4, "1 cells, the header has 2"),
        ('email,name\na@x.example,"Ada\n', 2, "never closed"),
        ("email,name\na@x.example," + "A" * 501 + "\n", 2, "501 characters"),
    ],
)
def test_a_fault_is_named_and_nothing_goes_in(app: Flask, tmp_path: Path, text: str, line: int, words: str) -> None:
    before = stored()
    done = flask_import(app, tmp_path, _with_good(text))
    assert done.exit_code == 1
    place = f"people.csv, line {line}: "
    assert any(said.startswith(place) and words in said for said in done.output.splitlines()), done.output
    assert "nothing was imported" in done.output
    assert stored() == before


def _with_good(text: str) -> str:
    """The same file with a good line at its end: it must not go in either."""
    header = text.split("\n", 1)[0].split(",")
    if text.count("\n") < 2 or "email" not in header or '"' in text:
        return text
    cells = {"email": "good@x.example", "name": "Good One"}
    return text + ",".join(cells.get(column, "") for column in header) + "\n"


def test_all_faults_are_told_at_once(app: Flask, tmp_path: Path) -> None:
    text = "email,name,lang\nx,Ada,en\na@x.example,Ada,xx\nb@x.example,Bo,en\nc@x.example,,en\n"
    report = json.loads(flask_import(app, tmp_path, text, "--json").output)
    assert report["ok"] is False
    assert [fault["line"] for fault in report["faults"]] == [2, 3, 5]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("email,name\na@x.example,Zoé\n".encode("cp1252"), "Windows-1252"),
        ("email,name\na@x.example,Zoé\n".encode("utf-16"), "UTF-16"),
        (b"email,name\na@x.example,A\0da\n", "NUL"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "people.csv, line"),
        (b"PK\x03\x04" + bytes(200), "NUL"),
    ],
)
def test_wrong_files_are_told(app: Flask, tmp_path: Path, data: bytes, words: str) -> None:
    done = flask_import(app, tmp_path, data)
    assert done.exit_code == 1
    assert words in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_file_that_is_not_there_is_told(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["people", "import", "/nowhere/people.csv"])
    assert (done.exit_code, "no such file" in done.output) == (1, True)


def test_the_last_admin_stays(app: Flask, boss: Person, tmp_path: Path) -> None:
    before = stored()
    done = flask_import(app, tmp_path, "email,roles\nyd@halden.example,none\n")
    assert (done.exit_code, "last admin" in done.output) == (1, True)
    assert stored() == before


def test_invitations_are_mailed_when_asked(app: Flask, tmp_path: Path) -> None:
    assert "Invited: 2" in flask_import(app, tmp_path, BOTH, "--invite").output
    events.deliver_pending()
    assert {mail.to for mail in db.session.scalars(select(Mail))} == {
        "ada.lindqvist@halden.example",
        "claire.rousseau@halden.example",
    }


def test_the_template_goes_in_as_it_is(app: Flask, admin: FlaskClient, tmp_path: Path) -> None:
    answer = admin.get("/admin/people/template.csv")
    assert (answer.mimetype, "attachment" in answer.headers["Content-Disposition"]) == ("text/csv", True)
    assert flask_import(app, tmp_path, answer.data).exit_code == 0
    printed = app.test_cli_runner().invoke(args=["people", "template"])
    assert printed.output.replace("\r\n", "\n") == answer.data.decode("utf-8-sig").replace("\r\n", "\n")


def send_file(client: FlaskClient, data: bytes, **more: str) -> Any:
    return submit(client, "/admin/people/import", "/import", file=(io.BytesIO(data), "people.csv"), **more)


def test_the_page_checks_first_and_imports_then(admin: FlaskClient, boss: Person) -> None:
    before = stored()
    checked = send_file(admin, BOTH.encode())
    assert checked.status_code == 200
    assert "is in order" in checked.text
    assert stored() == before
    assert send_file(admin, BOTH.encode(), button="do=1").status_code == 303
    assert person("ada.lindqvist@halden.example").name == "Ada Lindqvist"
    actors = select(Event.actor_id).where(Event.name.in_(("person.added", "unit.added", "people.imported")))
    assert set(db.session.scalars(actors)) == {boss.id}


def test_the_page_tells_each_fault(admin: FlaskClient) -> None:
    before = stored()
    answer = send_file(admin, b"email,name\nx,Ada\na@x.example,<script>alert(1)</script>\n", button="do=1")
    assert answer.status_code == 422
    assert "Line 2: This is not an e-mail address" in answer.text
    assert stored() == before
    answer = send_file(admin, b"email,name\n,<script>alert(1)</script>\n")
    assert "<script>alert(1)" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_the_page_keeps_the_last_admin(admin: FlaskClient, boss: Person) -> None:
    answer = send_file(admin, b"email,roles\nyd@halden.example,none\n", button="do=1")
    assert answer.status_code == 422
    assert "last admin" in answer.text
    db.session.expire_all()
    assert db.session.get_one(Person, boss.id).is_admin


def test_a_unit_cannot_be_moved_below_its_own_part(app: Flask, tmp_path: Path) -> None:
    site = make_unit("Site", code="site")
    make_unit("Lab", code="lab", parent=site)
    done = flask_import(app, tmp_path, "unit_code,unit_name,parent_code\nsite,Site,lab\n")
    assert (done.exit_code, "would stand below itself" in done.output) == (1, True)
    assert db.session.get_one(Unit, site.id).parent_id is None


def test_the_page_needs_a_file_and_a_token(admin: FlaskClient) -> None:
    assert submit(admin, "/admin/people/import", "/import").status_code == 422
    data = {"file": (io.BytesIO(BOTH.encode()), "people.csv"), "do": "1"}
    assert admin.post("/admin/people/import", data=data).status_code == 400
    assert stored()[0] == 1


def test_a_huge_upload_is_refused(admin: FlaskClient) -> None:
    assert send_file(admin, b"a" * 11_000_000).status_code == 413


def test_formulas_are_text_both_ways(admin: FlaskClient) -> None:
    cells = ['=HYPERLINK("http://x";"y")', "+Ada", "-Ada", "@Ada", "=cmd|' /C calc'!A0"]
    lines = [("email", "name"), *((f"p{number}@x.example", cell) for number, cell in enumerate(cells))]
    out = io.StringIO()
    out.write("\n".join('{},"{}"'.format(email, name.replace('"', '""')) for email, name in lines))
    assert send_file(admin, out.getvalue().encode(), button="do=1").status_code == 303
    assert [person(f"p{number}@x.example").name for number in range(5)] == cells
    answer = submit(admin, "/admin/people/import", "/export.csv")
    assert answer.status_code == 200
    rows = [row for _line, row in people_file.read(answer.data)]
    assert len(rows) == 6
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert db.session.scalars(select(Event).where(Event.name == "people.exported")).one()


def test_what_went_out_comes_back_in_unchanged(app: Flask, admin: FlaskClient, tmp_path: Path) -> None:
    lab = make_unit("Lab", code="lab")
    make_person("Zoé", email="zoe@x.example", unit=lab, roles=["talent", "moderator"], lang="fr")
    exported = submit(admin, "/admin/people/import", "/export.csv").data
    report = json.loads(flask_import(app, tmp_path, exported, "--json").output)
    assert (report["ok"], report["people_unchanged"], report["people_updated"]) == (True, 2, 0)


def test_a_thousand_people_are_looked_up_at_once(app: Flask) -> None:
    from sqlalchemy import event as sqlalchemy_event

    text = "email,name,unit_code,unit_name\n" + "".join(
        f"p{n}@x.example,Person {'abcdefghij'[n % 10]},u{n % 20},Unit {n % 20}\n" for n in range(1000)
    )
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        report = import_people(None, people_file.load(text.encode()))
        db.session.commit()
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    assert (report.people_added, report.units_added, report.faults) == (1000, 20, [])
    assert len([one for one in seen if one.startswith(("SELECT", "UPDATE"))]) < 30
