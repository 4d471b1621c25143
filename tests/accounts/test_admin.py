"""What admins do to accounts, and what no order of clicks may break."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from ideabox import clock, events
from ideabox.accounts.models import Organisation, Person, Unit
from ideabox.database import db
from ideabox.events import Event
from ideabox.mail import Mail
from tests.factories import make_organisation, make_person, make_unit
from tests.services.forms import read_forms, send, submit

SignIn = Callable[[Any], FlaskClient]


@pytest.fixture
def boss(app: Flask) -> Person:
    make_organisation("Halden Instruments")
    return make_person("Yusuf Demir", roles=["admin"], password_hash="x")


@pytest.fixture
def admin(boss: Person, sign_in: SignIn) -> FlaskClient:
    return sign_in(boss)


def fresh(person: Person) -> Person:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Person, person.id)


def token_of(client: FlaskClient, page: str) -> str:
    forms = read_forms(client.get(page).text)
    return next(str(form.fields["csrf_token"]) for form in forms if "csrf_token" in form.fields)


def last(name: str) -> Event:
    found = db.session.scalars(select(Event).where(Event.name == name).order_by(Event.id.desc())).first()
    assert found is not None
    return found


PAGES = """/admin /admin/people /admin/people/new /admin/people/import /admin/people/template.csv /admin/units
    /admin/units/new /admin/organisation /admin/health""".split()


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_for_admins(app: Flask, admin: FlaskClient, sign_in: SignIn, address: str) -> None:
    assert admin.get(address).status_code == 200
    colleague = sign_in(make_person(roles=["leadership", "moderator", "talent"]))
    assert colleague.get(address).status_code == 403
    assert app.test_client().get(address).status_code == 302


def test_somebody_is_added_and_invited(admin: FlaskClient, boss: Person) -> None:
    lab = make_unit("Lab")
    answer = submit(
        admin, "/admin/people/new", "/new", name="Ada Lindqvist", email="Ada@Halden.example", unit=lab.uid, lang="fr"
    )
    assert answer.status_code == 303
    ada = db.session.scalars(select(Person).where(Person.email == "ada@halden.example")).one()
    assert (ada.name, ada.unit_id, ada.lang, ada.password_hash) == ("Ada Lindqvist", lab.id, "fr", None)
    assert (last("person.added").actor_id, last("person.added").subject) == (boss.id, ada.uid)
    events.deliver_pending()
    [mail] = db.session.scalars(select(Mail))
    assert "/invitation/" in mail.text
    assert "/invitation/" in mail.html
    assert mail.to == "ada@halden.example"


def test_an_address_is_added_once(admin: FlaskClient) -> None:
    make_person(email="ada@halden.example")
    answer = submit(admin, "/admin/people/new", "/new", name="Ada Two", email="ada@halden.example")
    assert answer.status_code == 422
    assert "Somebody has this address already" in answer.text
    assert 'value="Ada Two"' in answer.text


def test_sending_the_form_twice_adds_one(admin: FlaskClient) -> None:
    form = next(form for form in read_forms(admin.get("/admin/people/new").text) if form.action.endswith("/new"))
    facts = {"name": "Ada", "email": "ada@halden.example"}
    first = send(admin, "/admin/people/new", form, **facts)
    second = send(admin, "/admin/people/new", form, **facts)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert first.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name == "person.invited")) == 1


def test_roles_are_given_and_end_the_sessions(admin: FlaskClient, boss: Person, sign_in: SignIn) -> None:
    ada = make_person("Ada Lindqvist", roles=["talent"])
    theirs = sign_in(ada)
    assert theirs.get("/settings/look").status_code == 200
    answer = submit(admin, f"/admin/people/{ada.uid}", ada.uid, roles=["leadership", "moderator"])
    assert answer.status_code == 303
    now = fresh(ada)
    assert (now.is_leadership, now.is_moderator, now.is_talent, now.is_admin) == (True, True, False, False)
    assert theirs.get("/settings/look").status_code == 302
    event = last("person.roles_changed")
    assert (event.actor_id, event.data) == (boss.id, {"given": ["leadership", "moderator"], "taken": ["talent"]})


def test_a_change_of_name_keeps_the_sessions(admin: FlaskClient, sign_in: SignIn) -> None:
    ada = make_person("Ada Lindqvist")
    theirs = sign_in(ada)
    assert submit(admin, f"/admin/people/{ada.uid}", ada.uid, name="Ada Berg").status_code == 303
    assert fresh(ada).name == "Ada Berg"
    assert theirs.get("/settings/look").status_code == 200


def test_made_up_roles_and_columns_change_nothing(admin: FlaskClient) -> None:
    ada = make_person("Ada Lindqvist", email="ada@halden.example")
    form = next(
        form for form in read_forms(admin.get(f"/admin/people/{ada.uid}").text) if form.action.endswith(ada.uid)
    )
    for extra in ({"roles": "owner"}, {"unit": "234567890abcde"}):
        assert admin.post(f"/admin/people/{ada.uid}", data={**form.fill({}), **extra}).status_code == 422
    sent = {**form.fill({}), "email": "evil@x.example", "is_admin": "1", "password_hash": "x", "active": "", "id": "1"}
    assert admin.post(f"/admin/people/{ada.uid}", data=sent).status_code == 303
    now = fresh(ada)
    facts = (now.email, now.is_admin, now.password_hash, now.active)
    assert facts == ("ada@halden.example", False, None, True)


def test_leaving_ends_sessions_and_coming_back_keeps_roles(admin: FlaskClient, boss: Person, sign_in: SignIn) -> None:
    ada = make_person("Ada Lindqvist", roles=["talent"])
    theirs = sign_in(ada)
    page = f"/admin/people/{ada.uid}"
    assert submit(admin, page, "/deactivate").status_code == 303
    assert theirs.get("/settings/look").status_code == 302
    assert last("person.deactivated").actor_id == boss.id
    assert submit(admin, page, "/reactivate").status_code == 303
    assert (fresh(ada).active, fresh(ada).is_talent) == (True, True)
    assert theirs.get("/settings/look").status_code == 302, "the old session stays ended"


def test_nobody_deactivates_themselves(admin: FlaskClient, boss: Person) -> None:
    make_person(roles=["admin"], password_hash="x")
    page = f"/admin/people/{boss.uid}"
    answer = admin.post(f"{page}/deactivate", data={"csrf_token": token_of(admin, page)})
    assert answer.status_code == 409
    assert fresh(boss).active


def test_the_last_admin_stays(admin: FlaskClient, boss: Person) -> None:
    make_person(roles=["admin"], active=False, password_hash="x")
    make_person(roles=["admin"], password_hash=None)
    answer = submit(admin, f"/admin/people/{boss.uid}", boss.uid, roles=["moderator"])
    assert answer.status_code == 422
    assert "last admin" in answer.text
    assert (fresh(boss).is_admin, fresh(boss).is_moderator) == (True, False)


def test_two_admins_who_remove_each_other_at_once_leave_one(app: Flask, boss: Person, sign_in: SignIn) -> None:
    other = make_person("Ada Lindqvist", roles=["admin"], password_hash="x")
    for _ in range(4):
        admins = [(sign_in(boss), other), (sign_in(other), boss)]
        jobs = [(client, f"/admin/people/{target.uid}", _form(client, target)) for client, target in admins]
        db.session.rollback()
        with ThreadPoolExecutor(2) as pool:
            statuses = [answer.status_code for answer in pool.map(lambda job: send(*job, roles=[]), jobs)]
        db.session.expire_all()
        left = db.session.scalars(select(Person).where(Person.is_admin)).all()
        assert len(left) == 1, statuses
        assert set(statuses) <= {302, 303, 403, 422}
        for person in (boss, other):
            db.session.get_one(Person, person.id).is_admin = True
        db.session.commit()


def _form(client: FlaskClient, target: Person) -> Any:
    page = client.get(f"/admin/people/{target.uid}").text
    return next(form for form in read_forms(page) if form.action.endswith(target.uid))


def test_somebody_is_invited_again_until_they_come(admin: FlaskClient) -> None:
    ada = make_person("Ada Lindqvist")
    page = f"/admin/people/{ada.uid}"
    assert submit(admin, page, "/invite").status_code == 303
    events.deliver_pending()
    assert len(db.session.scalars(select(Mail)).all()) == 1
    ada.password_hash = "x"
    db.session.commit()
    assert "/invite" not in admin.get(page).text
    assert admin.post(f"{page}/invite", data={"csrf_token": token_of(admin, page)}).status_code == 409


@pytest.mark.parametrize("act", ["", "/deactivate", "/reactivate", "/invite"])
def test_unsafe_requests_need_the_token(admin: FlaskClient, act: str) -> None:
    ada = make_person("Ada Lindqvist", active=act != "/reactivate")
    before = db.session.scalar(select(func.count()).select_from(Event))
    address = f"/admin/people/{ada.uid}{act}"
    for sent in (
        {"data": {"roles": "admin"}},
        {"json": {"roles": "admin"}},
        {"data": "roles=admin", "content_type": "text/plain"},
    ):
        assert admin.post(address, **sent).status_code == 400
    assert db.session.scalar(select(func.count()).select_from(Event)) == before
    assert (fresh(ada).is_admin, fresh(ada).active) == (False, act != "/reactivate")


def test_lists_find_by_name_address_unit_state_and_role(admin: FlaskClient) -> None:
    lab = make_unit("Lab services")
    make_person("Ada Lindqvist", unit=lab, email="al@halden.example", password_hash="x", roles=["talent"])
    make_person("Élodie Perrin", email="ep@halden.example")
    make_person("Gone Away", active=False, password_hash="x")
    for query, names in {
        "q=lindqvist+ada": {"Ada Lindqvist"},
        "q=élodie": {"Élodie Perrin"},
        "q=ep@halden": {"Élodie Perrin"},
        "q=lab": {"Ada Lindqvist"},
        "q=100%25": set(),
        "q=_": set(),
        "state=invited": {"Élodie Perrin"},
        "state=inactive": {"Gone Away"},
        "role=talent": {"Ada Lindqvist"},
        "role=owner&state=odd": {"Ada Lindqvist", "Élodie Perrin", "Gone Away", "Yusuf Demir"},
    }.items():
        page = admin.get(f"/admin/people?{query}").text
        shown = {
            name for name in ("Ada Lindqvist", "Élodie Perrin", "Gone Away", "Yusuf Demir") if f">{name}</a>" in page
        }
        assert shown == names, query


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999999", "1e9", "\u0663", "999"])
def test_odd_page_numbers_are_no_fault(admin: FlaskClient, page: str) -> None:
    assert admin.get("/admin/people", query_string={"page": page}).status_code == 200
    assert admin.get("/people", query_string={"page": page}).status_code == 200


@pytest.mark.parametrize("address", ["/admin/people", "/people", "/admin/units", "/admin"])
def test_lists_cost_the_same_for_many(admin: FlaskClient, address: str) -> None:
    make_person(unit=make_unit())
    few = _statements(admin, address)
    units = [make_unit() for _ in range(20)]
    db.session.add_all(
        Person(name=f"Person {n}", email=f"many{n}@halden.example", unit_id=units[n % 20].id) for n in range(300)
    )
    db.session.commit()
    assert _statements(admin, address) == few
    assert few <= 9


def _statements(client: FlaskClient, address: str) -> int:
    client.get(address)
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))])


def test_units_are_added_renamed_and_moved_with_all_below(admin: FlaskClient, boss: Person) -> None:
    site, other = make_unit("Halden site"), make_unit("Porto site")
    workshop = make_unit("Workshop", parent=site)
    bench = make_unit("Bench", parent=workshop)
    assert submit(admin, "/admin/units/new", "/new", name="Lathe", code="lathe", parent=bench.uid).status_code == 303
    lathe = db.session.scalars(select(Unit).where(Unit.code == "lathe")).one()
    assert lathe.path == f"{bench.path}{lathe.id}/"
    answer = submit(admin, f"/admin/units/{workshop.uid}", workshop.uid, name="Big workshop", parent=other.uid)
    assert answer.status_code == 303
    db.session.expire_all()
    paths = {unit.name: unit.path for unit in db.session.scalars(select(Unit))}
    base = f"/{other.id}/{workshop.id}/"
    assert (paths["Big workshop"], paths["Bench"]) == (base, f"{base}{bench.id}/")
    assert paths["Lathe"] == f"{base}{bench.id}/{lathe.id}/"
    assert paths["Halden site"] == f"/{site.id}/"
    assert last("unit.moved").actor_id == last("unit.renamed").actor_id == boss.id
    assert submit(admin, f"/admin/units/{workshop.uid}", workshop.uid, parent="").status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Unit, bench.id).path == f"/{workshop.id}/{bench.id}/"


def test_a_unit_cannot_stand_below_itself(admin: FlaskClient) -> None:
    site = make_unit("Site")
    workshop = make_unit("Workshop", parent=site)
    for parent in (site, workshop):
        answer = submit(admin, f"/admin/units/{site.uid}", site.uid, parent=parent.uid)
        assert answer.status_code == 422
        assert "cannot stand below itself" in answer.text
    db.session.expire_all()
    assert db.session.get_one(Unit, site.id).path == f"/{site.id}/"


def test_two_moves_at_once_make_no_circle(boss: Person, sign_in: SignIn) -> None:
    for _ in range(4):
        first, second = make_unit(), make_unit()
        moves = [(sign_in(boss), first, second), (sign_in(boss), second, first)]
        forms = [
            next(
                form
                for form in read_forms(client.get(f"/admin/units/{unit.uid}").text)
                if form.action.endswith(unit.uid)
            )
            for client, unit, _parent in moves
        ]
        plain = [(client, f"/admin/units/{unit.uid}", parent.uid) for client, unit, parent in moves]
        db.session.rollback()
        with ThreadPoolExecutor(2) as pool:
            jobs = [
                pool.submit(send, one[0], one[1], form, parent=one[2]) for one, form in zip(plain, forms, strict=True)
            ]
            statuses = sorted(job.result().status_code for job in jobs)
        assert statuses == [303, 422]
        db.session.expire_all()
        parents = {unit.id: unit.parent_id for unit in db.session.scalars(select(Unit))}
        assert (parents[first.id], parents[second.id]) in ((second.id, None), (None, first.id))


def test_a_code_is_a_units_own(admin: FlaskClient) -> None:
    make_unit("Lab", code="lab")
    for code, words in (("lab", "has this code already"), ("La b", "Small letters"), ("=1", "Small letters")):
        answer = submit(admin, "/admin/units/new", "/new", name="Laboratory", code=code)
        assert answer.status_code == 422
        assert words in answer.text
        assert 'value="Laboratory"' in answer.text


def test_the_organisation_is_changed_with_a_trace(admin: FlaskClient, boss: Person) -> None:
    answer = submit(
        admin, "/admin/organisation", "/organisation", name="Halden Foods", answer_hours="48", leading_key="culture"
    )
    assert answer.status_code == 303
    found = db.session.get_one(Organisation, 1)
    assert (found.name, found.answer_hours, found.leading_key) == ("Halden Foods", 48, "culture")
    assert last("organisation.changed").data["changes"]["answer_hours"] == [72, 48]
    assert "changed the organisation" in admin.get("/admin").text
    for hours in ("0", "721", "many", "1e3", "9" * 30, ""):
        assert submit(admin, "/admin/organisation", "/organisation", answer_hours=hours).status_code == 422


def test_the_latest_changes_are_told_in_sentences(admin: FlaskClient, boss: Person) -> None:
    ada = make_person("Ada Lindqvist", roles=["talent"])
    page = f"/admin/people/{ada.uid}"
    for roles in (["moderator"], ["moderator", "leadership"], []):
        submit(admin, page, ada.uid, roles=roles)
    submit(admin, page, "/deactivate")
    submit(admin, "/admin/units/new", "/new", name="Lab services", code="lab")
    told = admin.get("/admin").text
    for sentence in (
        "gave Ada Lindqvist the role Moderator and took Talent",
        "gave Ada Lindqvist the role Leadership",
        "took the role Leadership, Moderator from Ada Lindqvist",
        "deactivated Ada Lindqvist",
        "added the unit Lab services",
    ):
        assert sentence in told
    assert told.count('<b class="strong">Yusuf Demir</b>') == 8


def test_health_names_what_is_wrong(admin: FlaskClient) -> None:
    assert "All is well" in admin.get("/admin/health").text
    _failed(events.GIVE_UP_AFTER)
    page = admin.get("/admin/health").text
    assert "2 things to look at" in page
    assert "OSError: gone" in page
    assert "is parked" in page
    assert "2 things to look at" in admin.get("/admin").text


def _failed(times: int) -> tuple[Event, Mail]:
    """An event and a mail that failed so often."""
    event = events.record("person.invited", actor_id=None, subject="")
    mail = Mail(to="x@halden.example", subject="s", text="t", kind="reset", error="OSError: gone")
    event.tries = mail.tries = times
    event.next_try_at = mail.next_try_at = clock.now() + timedelta(hours=1)
    db.session.add(mail)
    db.session.commit()
    return event, mail


def test_what_is_tried_again_by_itself_is_shown_without_a_button(admin: FlaskClient) -> None:
    _failed(1)
    page = admin.get("/admin/health").text
    assert "2 things to look at" in page
    assert page.count("next try:") == 2
    assert "OSError: gone" in page
    assert "Try again" not in page


def test_what_was_given_up_is_tried_again(admin: FlaskClient, boss: Person) -> None:
    event, mail = _failed(events.GIVE_UP_AFTER)
    for address, said in (("/admin/health/mails", "One mail is sent"), ("/admin/health/events", "One event is tried")):
        answer = submit(admin, "/admin/health", address)
        assert answer.status_code == 303
        assert said in admin.get("/admin/health").text
    db.session.expire_all()
    assert (event.tries, event.next_try_at, mail.tries, mail.next_try_at) == (0, None, 0, None)
    assert events.deliver_pending() == 1
    assert last("mails.tried_again").data == {"mails": 1}
    assert last("events.tried_again").actor_id == boss.id
    assert "All is well" in admin.get("/admin/health").text


def test_trying_again_twice_is_the_same_as_once(admin: FlaskClient) -> None:
    token = token_of(admin, "/admin/health")
    for address in ("/admin/health/mails", "/admin/health/events"):
        assert admin.post(address, data={"csrf_token": token}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name.endswith("tried_again"))) == 0
