"""Odd requests that once got an answer of 500, or were taken for something."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ideabox.accounts.rules.names import may_be_name
from ideabox.csvfile import CsvFault, read
from ideabox.forms import tidy
from tests import factories as make
from tests.services.forms import read_forms, send


@pytest.mark.parametrize("address", ["http://[x", "http://[::1", "//[", "http://a]b[c"])
def test_a_broken_address_in_a_header_leads_to_the_sign_in(app: Any, address: str) -> None:
    make.make_person()
    client = app.test_client()
    piece = client.get("/ideas", headers={"HX-Request": "true", "HX-Current-URL": address})
    assert piece.status_code == 401 and piece.headers["HX-Redirect"].startswith("/sign-in")
    token = read_forms(client.get("/sign-in").text)[0].fields["csrf_token"]
    page = client.post("/ideas/new", data={"csrf_token": token}, headers={"Referer": address})
    assert page.status_code == 302 and page.location.startswith("/sign-in")


def test_asking_for_the_head_of_the_sign_in_page_is_no_try_to_enter(app: Any) -> None:
    make.make_person()
    assert app.test_client().head("/sign-in").status_code == 200


@pytest.mark.parametrize("text", ["\u200b", "\u3164", "\u2800", "\u00ad\u200d", "\u200e\u200f", "\u0301", " \u2060 "])
def test_a_text_of_which_nothing_can_be_seen_is_none(text: str) -> None:
    assert tidy(text) == ""


@pytest.mark.parametrize("text", ["é", "漢", "7", "→", "🙂", "a\u200db", "?"])
def test_a_text_that_can_be_seen_stays(text: str) -> None:
    assert tidy(f" {text} ") == text


def test_an_idea_that_cannot_be_seen_is_not_sent(app: Any, sign_in: Any) -> None:
    campaign, client = make.make_campaign(), sign_in(make.make_person())
    address = f"/ideas/new?campaign={campaign.uid}"
    form = next(form for form in read_forms(client.get(address).text) if "title" in form.names)
    answer = send(client, address, form, title="\u2800", body="\u200b", button="do=send")
    assert answer.status_code == 422 and "Say in one line" in answer.text


@pytest.mark.parametrize("mark", ["\u034f", "\ufe0f", "\U000e0101"])
def test_marks_that_show_nothing_are_in_no_name(app: Any, mark: str) -> None:
    with app.test_request_context("/"):
        assert may_be_name("Ada Lindqvist") and not may_be_name(f"Ada{mark} Lindqvist")


def test_a_client_key_that_no_page_wrote_is_none(app: Any, sign_in: Any) -> None:
    idea = make.make_idea(make.make_campaign())
    client = sign_in(make.make_person())
    token = read_forms(client.get(f"/ideas/{idea.uid}").text)[0].fields["csrf_token"]
    sent = {"csrf_token": token, "client_key": "a\x00b", "body": "Words."}
    assert client.post(f"/ideas/{idea.uid}/comments", data=sent).status_code == 303


def test_a_header_of_twenty_thousand_columns_is_refused_at_once(app: Any) -> None:
    began = time.process_time()
    with app.test_request_context("/"), pytest.raises(CsvFault, match="twice"):
        list(read(",".join(["email"] * 20_000).encode() + b"\n", required=["email"]))
    assert time.process_time() - began < 2, "columns are counted in a square of their number"
