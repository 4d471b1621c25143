"""The rules of accounts, case by case."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from ideabox.accounts.rules import access, names, passwords
from ideabox.viewer import Viewer


def viewer(**facts: Any) -> Viewer:
    return Viewer(**({"id": 1, "uid": "u", "name": "Ada", "email": "a@b.example", "session_uid": "s"} | facts))


EMPLOYEE, ADMIN = viewer(), viewer(is_admin=True)
NEW = {"email": "a@b.example", "active": True, "has_password": False}


def test_only_admins_administer() -> None:
    assert access.may_administer(ADMIN)
    assert access.may_administer(EMPLOYEE).status == 403
    assert not access.may_administer(viewer(is_leadership=True, is_moderator=True, is_talent=True))


def test_a_profile_is_ones_own() -> None:
    assert access.may_edit_profile(EMPLOYEE, 1)
    assert not access.may_edit_profile(ADMIN, 2)


def test_nobody_deactivates_themselves() -> None:
    assert access.may_deactivate(ADMIN, 2)
    assert access.may_deactivate(ADMIN, 1).status == 409
    assert access.may_deactivate(EMPLOYEE, 2).status == 403


@pytest.mark.parametrize(
    ("who", "facts", "status"),
    [
        (ADMIN, NEW, None),
        (EMPLOYEE, NEW, 403),
        (ADMIN, NEW | {"email": None}, 409),
        (ADMIN, NEW | {"active": False}, 409),
        (ADMIN, NEW | {"has_password": True}, 409),
    ],
)
def test_who_is_invited(who: Viewer, facts: dict[str, Any], status: int | None) -> None:
    verdict = access.may_invite(who, **facts)
    assert bool(verdict) is (status is None)
    assert status is None or verdict.status == status


def test_a_link_is_for_the_first() -> None:
    assert access.may_use_link(True)
    assert access.may_use_link(False).status == 409


def test_imports_are_for_admins_and_the_command_line() -> None:
    assert access.may_import(None)
    assert access.may_import(ADMIN)
    assert not access.may_import(EMPLOYEE)


def test_an_address_is_ones_own() -> None:
    assert access.may_add(taken=False)
    assert access.may_add(taken=True).status == 409
    assert access.may_add_unit(taken=False)
    assert access.may_add_unit(taken=True).status == 409


def test_founding_is_for_the_first() -> None:
    assert access.may_found(0)
    assert access.may_found(1).status == 409


def test_an_admin_stays() -> None:
    assert access.one_admin_stays(1)
    assert access.one_admin_stays(0).status == 409


@pytest.mark.parametrize(
    ("path", "parent", "allowed"),
    [
        ("/1/2/", "/1/", True),
        ("/1/2/", "", True),
        ("/1/2/", "/1/2/", False),
        ("/1/2/", "/1/2/3/", False),
        ("/1/2/", "/1/22/", True),
        ("", "/1/2/", True),
        ("/9/", "/" + "/".join("12345678901") + "/", True),
        ("/9/", "/" + "/".join("123456789012") + "/", False),
    ],
)
def test_units_make_no_circles(path: str, parent: str, allowed: bool) -> None:
    assert bool(access.may_stand_under(path, parent)) is allowed


@pytest.mark.parametrize(
    ("password", "allowed"),
    [
        ("correct horse battery", True),
        ("ni vu ni connu", True),
        ("ninechars", False),
        ("x" * 201, False),
        ("aaaaaaaaaaaa", False),
        ("Password123", False),
        ("motdepasse", False),
        ("adalindqvist", False),
        ("Ada.Lindqvist1!", False),
        ("ada.lindqvist@halden.example", False),
        ("lindqvist2024", False),
        ("lindqvist likes tea", True),
    ],
)
def test_passwords(password: str, allowed: bool) -> None:
    told = passwords.may_be_password(password, email="ada.lindqvist@halden.example", name="Ada Lindqvist")
    assert bool(told) is allowed


@pytest.mark.parametrize(
    "name",
    ["Ada Lindqvist", "Zoé d'Hérouville-Ñáñez", "Æsa", "Анна Каренина", "Γιώργος Παπαδόπουλος", "李小龍", "O’Neil"],
)
def test_names_of_the_world(name: str) -> None:
    assert names.may_be_name(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "at least one letter"),
        ("1234 !", "at least one letter"),
        ("x" * 121, "At most 120"),
        ("A\u202eda", "reverses"),
        ("Ada\x07", "control"),
        ("Ada\u200b Lindqvist", "invisible"),
        ("Ad\u00ada", "invisible"),
        ("Ada\u3164", "invisible"),
        ("Ada\nLindqvist", "invisible"),
        ("Ad\u0430 Lindqvist", "alphabets"),
        ("\u0410\u0434\u0430 Lindqvist", "alphabets"),
        ("Ηelen", "alphabets"),
        ("𝐀𝐝𝐚 Lindqvist", "drawings"),
        ("Ａｄａ", "drawings"),
        ("a" + "\u0301" * 30, "accents"),
    ],
)
def test_names_that_are_not_what_they_seem(app: Flask, name: str, words: str) -> None:
    verdict = names.may_be_name(name)
    assert not verdict
    assert verdict.status == 422
    assert words in str(verdict.reason)
