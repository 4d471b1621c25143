"""The list of all ideas: only what one may read, one's own drafts, filters in the address."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from ideabox.accounts.models import Person
from tests.factories import make_campaign, make_idea, make_person, make_unit, make_vote
from tests.ideas.test_campaign_pages import statements, titles, walk


@pytest.fixture
def ada(app: Flask) -> Person:
    return make_person("Ada Lindqvist", unit=make_unit("Lab services"))


def test_only_what_one_may_read_the_newest_first(ada: Person, sign_in: Any) -> None:
    first, second = make_campaign("First?"), make_campaign("Second?", phase="vote")
    elsewhere = make_campaign("Elsewhere?", units=[make_unit("Hall B")])
    make_idea(first, title="One")
    make_idea(second, title="Two")
    make_idea(elsewhere, title="Not for Ada")
    make_idea(first, title="Draft of another", stage="draft")
    make_idea(first, title="Hidden", hidden_at=first.created_at)
    page = sign_in(ada).get("/ideas").text
    assert titles(page) == ["Two", "One"]
    assert "First?" in page and "Elsewhere?" not in page


def test_ones_own_are_there_with_their_drafts(ada: Person, sign_in: Any) -> None:
    campaign = make_campaign()
    make_idea(campaign, ada, title="Sent")
    make_idea(campaign, ada, title="Begun", stage="draft")
    make_idea(campaign, ada, title="Taken back", stage="withdrawn")
    make_idea(campaign, title="Of another")
    client = sign_in(ada)
    assert titles(client.get("/ideas?show=mine").text) == ["Begun", "Sent"]
    assert titles(client.get("/ideas").text) == ["Of another", "Sent"]


def test_filters_by_campaign_answer_words_and_votes(ada: Person, sign_in: Any) -> None:
    campaign, other = make_campaign(phase="decide"), make_campaign(phase="vote")
    make_idea(campaign, title="Kept", outcome="accepted")
    make_idea(campaign, title="Waiting")
    voted = make_idea(other, title="Voted")
    make_vote(voted, ada)
    client = sign_in(ada)
    assert titles(client.get(f"/ideas?campaign={campaign.uid}").text) == ["Waiting", "Kept"]
    assert titles(client.get("/ideas?answer=accepted").text) == ["Kept"]
    assert set(titles(client.get("/ideas?answer=waiting").text)) == {"Waiting", "Voted"}
    assert titles(client.get("/ideas?show=voted").text) == ["Voted"]
    assert titles(client.get("/ideas?q=KEP").text) == ["Kept"]
    assert "No idea fits these filters" in client.get("/ideas?q=nothing").text
    for bad in ("answer=maybe", "campaign=x", "view=map", "tag=a", "show=all"):
        assert client.get(f"/ideas?{bad}").status_code == 400


def test_names_stay_hidden_where_they_must(ada: Person, sign_in: Any) -> None:
    remi, kim = make_person("Remi Okoye"), make_person("Kim Lee", unit=make_unit("Tiny lab"))
    make_idea(make_campaign(phase="vote"), remi)
    make_idea(make_campaign(phase="suggest"), kim, privacy="sealed")
    client = sign_in(ada)
    for view in ("cards", "list", "table"):
        page = client.get(f"/ideas?view={view}").text
        assert "Remi Okoye" not in page and "Kim Lee" not in page and "Tiny lab" not in page


def test_units_are_shown_as_names_are(ada: Person, sign_in: Any) -> None:
    """A unit of one is a name: in this list too it comes with the name or not at all."""
    hidden, open_one = (make_person(unit=make_unit(name)) for name in ("Tiny lab", "Open hall"))
    make_idea(make_campaign(phase="vote"), hidden)
    make_idea(make_campaign(phase="suggest"), open_one)
    client = sign_in(ada)
    for view in ("cards", "table"):
        page = client.get(f"/ideas?view={view}").text
        assert "Tiny lab" not in page and "Open hall" in page
        assert "Tiny lab" in sign_in(hidden).get(f"/ideas?view={view}").text


@pytest.mark.parametrize("after", ["2147483647.0", "2147483648.0", "999999999999.0"])
def test_a_page_may_begin_at_any_number(after: str, ada: Person, sign_in: Any) -> None:
    make_idea(make_campaign(), title="One")
    assert titles(sign_in(ada).get(f"/ideas?after={after}").text) == ["One"]


def test_pages_hold_all_ideas_once_at_the_same_cost(ada: Person, sign_in: Any) -> None:
    campaign, author = make_campaign(), make_person()
    make_idea(campaign, author, title="Idea 00")
    client = sign_in(ada)
    one = len(statements(client, "/ideas"))
    for n in range(1, 30):
        make_idea(campaign, author, title=f"Idea {n:02}")
    assert walk(client, "/ideas") == [f"Idea {n:02}" for n in reversed(range(30))]
    assert len(statements(client, "/ideas")) == one <= 6
