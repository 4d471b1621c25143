"""Colleagues: found by what they offer, shown as they describe themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup

from ideabox.accounts import queries
from ideabox.accounts.models import Person
from ideabox.viewer import Viewer
from tests.factories import make_person, make_unit

SignIn = Callable[[Any], FlaskClient]


@pytest.fixture
def company(app: Flask) -> dict[str, Person]:
    site = make_unit("Grenoble site")
    lab = make_unit("Lab services", parent=site)
    people = {
        "Ada Lindqvist": make_person("Ada Lindqvist", unit=lab, help_with="Autoclaves", open_to="build,review"),
        "Élodie Perrin": make_person("Élodie Perrin", unit=site, help_with="Impression 3D", open_to="mentor"),
        "Remi Okoye": make_person("Remi Okoye", unit=make_unit("Porto site")),
    }
    make_person("Gone Away", unit=lab, active=False)
    make_person("voter 12", email=None, source="polis", source_ref="12")
    return people


@pytest.fixture
def client(company: dict[str, Person], sign_in: SignIn) -> FlaskClient:
    return sign_in(company["Remi Okoye"])


def found(client: FlaskClient, **query: str) -> set[str]:
    page = client.get("/people", query_string=query).text
    names = ("Ada Lindqvist", "Élodie Perrin", "Remi Okoye", "Gone Away", "voter 12")
    return {name for name in names if f"data-row-link>{name}</a>" in page}


def test_everybody_who_can_be_met_is_listed(client: FlaskClient) -> None:
    assert found(client) == {"Ada Lindqvist", "Élodie Perrin", "Remi Okoye"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "lindqvist"}, {"Ada Lindqvist"}),
        ({"q": "ADA"}, {"Ada Lindqvist"}),
        ({"q": "élodie"}, {"Élodie Perrin"}),
        ({"q": "autoclaves lab"}, {"Ada Lindqvist"}),
        ({"q": "impression"}, {"Élodie Perrin"}),
        ({"q": "porto"}, {"Remi Okoye"}),
        ({"open_to": "mentor"}, {"Élodie Perrin"}),
        ({"open_to": "build", "q": "ada"}, {"Ada Lindqvist"}),
        ({"q": "%"}, set()),
        ({"q": "'; DROP TABLE person --"}, set()),
        ({"q": "\x00"}, None),
        ({"q": "x" * 5000}, set()),
    ],
)
def test_search(client: FlaskClient, query: dict[str, str], names: set[str] | None) -> None:
    assert client.get("/people", query_string=query).status_code == 200
    assert names is None or found(client, **query) == names


def test_a_unit_holds_those_below_it(client: FlaskClient, company: dict[str, Person]) -> None:
    site = queries.unit_by_uid(next(branch.uid for branch in queries.unit_tree() if branch.name == "Grenoble site"))
    assert found(client, unit=site.uid) == {"Ada Lindqvist", "Élodie Perrin"}
    assert found(client, unit="23456789abcdef") == {"Ada Lindqvist", "Élodie Perrin", "Remi Okoye"}


def test_nothing_found_shows_a_way_out(client: FlaskClient) -> None:
    page = client.get("/people?q=zzz").text
    assert "Nobody fits “zzz”" in page
    assert "Show everybody" in page


def test_a_page_shows_what_was_typed_and_no_address(client: FlaskClient, company: dict[str, Person]) -> None:
    ada = company["Ada Lindqvist"]
    page = client.get(f"/people/{ada.uid}").text
    assert "Autoclaves" in page
    assert "Review a draft" in page
    assert ada.email
    assert ada.email not in page
    assert ada.email not in client.get("/people").text


def test_a_former_colleague_is_said_to_be_one(client: FlaskClient, sign_in: SignIn) -> None:
    gone = make_person("Gone Too", active=False)
    assert "former colleague" in client.get(f"/people/{gone.uid}").text


@pytest.mark.parametrize("uid", ["23456789abcdef", "x", "1", "23456789abcdeF", "%00", "23456789abcdef0"])
def test_nobody_is_a_404(client: FlaskClient, uid: str) -> None:
    assert client.get(f"/people/{uid}").status_code == 404


def test_me_leads_to_ones_page(client: FlaskClient, company: dict[str, Person]) -> None:
    assert client.get("/me").location == f"/people/{company['Remi Okoye'].uid}"


def test_other_features_add_their_sections(
    client: FlaskClient, company: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = company["Ada Lindqvist"]

    def section(viewer: Viewer, person_id: int) -> str:
        return Markup("<section>{} asks of {}</section>").format(viewer.name, person_id)

    monkeypatch.setitem(queries.profile_sections, "test", section)
    assert f"<section>Remi Okoye asks of {ada.id}</section>" in client.get(f"/people/{ada.uid}").text


def test_pages_lead_on(client: FlaskClient) -> None:
    for number in range(40):
        make_person(f"Many {number:02}")
    first, second = client.get("/people").text, client.get("/people?page=2").text
    assert "1 to 30 of 43" in first
    assert "31 to 43 of 43" in second
    assert "page=2" in first
    assert "page=3" not in second
