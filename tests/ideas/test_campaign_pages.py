"""The directory and a campaign as people see them: what is shown, to whom, in what order, at what cost."""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from ideabox import clock
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.models.answer import Standing, StandingRow
from ideabox.ideas.models.campaign import Campaign, CampaignFollow, CampaignUpdate
from ideabox.ideas.models.idea import new_shuffle
from ideabox.ideas.models.vote import Show
from ideabox.ideas.queries.campaign_ideas import own_order
from tests.factories import make_campaign, make_idea, make_person, make_unit, make_vote
from tests.services.forms import read_forms, send, submit

TITLE = re.compile(r"data-row-link>([^<]+)</a>")
DAY = timedelta(days=1)
ROW = {"n": 3, "score": 0.5, "low": 0.1, "high": 0.9}


@pytest.fixture
def ada(app: Flask) -> Person:
    return make_person("Ada Lindqvist", unit=make_unit("Lab services"))


def titles(page: str) -> list[str]:
    return [html.unescape(title) for title in TITLE.findall(page)]


def fill(campaign: Campaign, ideas: int, **facts: Any) -> list[str]:
    """So many ideas by one author; their titles."""
    author = make_person()
    made = [
        make_idea(campaign, author, title=f"Idea number {n:03}", shuffle=new_shuffle(), **facts) for n in range(ideas)
    ]
    return [idea.title for idea in made]


def walk(client: Any, address: str) -> list[str]:
    """The titles of all pages, one after the other by their own links."""
    found: list[str] = []
    while address:
        page = client.get(address)
        assert page.status_code == 200
        found += titles(page.text)
        link = re.search(r'href="([^"]+)" rel="next"', page.text)
        address = html.unescape(link[1]).split("#")[0] if link else ""
    return found


def statements(client: Any, address: str) -> list[str]:
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    return heard


def test_each_viewer_walks_all_ideas_once_in_an_order_of_their_own(ada: Person, sign_in: Any) -> None:
    campaign = make_campaign(phase="vote", seed=7)
    every = fill(campaign, 30)
    first, second = (walk(sign_in(person), f"/campaigns/{campaign.uid}") for person in (ada, make_person()))
    assert sorted(first) == sorted(second) == every
    assert first != second
    assert first != every and second != every
    assert walk(sign_in(ada), f"/campaigns/{campaign.uid}") == first
    assert walk(sign_in(ada), f"/campaigns/{campaign.uid}?view=list") == first
    assert walk(sign_in(ada), f"/campaigns/{campaign.uid}?view=table") == first


def test_a_new_idea_moves_no_other(ada: Person, sign_in: Any) -> None:
    campaign = make_campaign(phase="suggest")
    fill(campaign, 20)
    before = walk(sign_in(ada), f"/campaigns/{campaign.uid}")
    make_idea(campaign, title="A late one", shuffle=new_shuffle())
    after = walk(sign_in(ada), f"/campaigns/{campaign.uid}")
    assert [title for title in after if title != "A late one"] == before


def test_every_idea_has_the_same_chance_to_stand_first() -> None:
    places = [new_shuffle() for _ in range(10)]
    first = Counter()
    for viewer_id in range(1, 4001):
        factor, offset = own_order(viewer_id, seed=1)
        first[min(range(10), key=lambda n: (places[n] * factor + offset) % 2_147_483_647)] += 1
    expected = 400
    chi = sum((first[n] - expected) ** 2 / expected for n in range(10))
    assert chi < 27.9, f"chi squared {chi:.1f} with 9 degrees of freedom passes 27.9 once in 1 000"


def test_once_the_votes_are_in_the_frozen_standing_gives_the_order(ada: Person, sign_in: Any) -> None:
    campaign = make_campaign(phase="vote")
    ideas = [make_idea(campaign, title=title) for title in ("Third", "First", "Late", "Second")]
    for frozen, places in ((False, [1, 2, 3, 4]), (True, [3, 1, None, 2])):
        standing = make_standing(campaign, frozen=frozen)
        rows = [(idea, place) for idea, place in zip(ideas, places, strict=True) if place]
        db.session.add_all(
            StandingRow(standing_id=standing.id, idea_id=idea.id, position=place, **ROW) for idea, place in rows
        )
    db.session.commit()
    client, address = sign_in(ada), f"/campaigns/{campaign.uid}?view=list"
    assert "Your own fair shuffle." in client.get(address).text
    db.session.get_one(Campaign, campaign.id).phase = "evaluate"
    db.session.commit()
    page = client.get(address).text
    assert titles(page) == ["First", "Second", "Third", "Late"]
    assert "In the order of the votes." in page


def test_once_all_is_answered_the_page_says_so_and_promises_no_more(ada: Person, sign_in: Any) -> None:
    promised = {"sponsor": make_person("Remi"), "promise_on": clock.now().date()}
    campaign = make_campaign(phase="decide", **promised)
    make_idea(campaign)
    make_idea(campaign, outcome="accepted")
    client, address = sign_in(ada), f"/campaigns/{campaign.uid}"
    assert "answers every idea by" in client.get(address).text
    campaign.answered_count = 1
    db.session.commit()
    assert "1 of 2 ideas are answered." in client.get(address).text
    campaign.phase, campaign.answered_count = "deliver", 2
    db.session.commit()
    page = client.get(address).text
    assert "All 2 ideas are answered." in page and "answered every idea" in page
    assert "answers every idea by" not in page
    assert f"campaign={campaign.uid}&amp;answer=delivered" in page


def make_standing(campaign: Campaign, **facts: Any) -> Standing:
    counts = {"votes": 9, "voters": 3, "places": 2, "method": "counts", "seed": 1, "code_version": "test"}
    standing = Standing(campaign_id=campaign.id, **counts, **facts)
    db.session.add(standing)
    db.session.flush()
    return standing


def test_what_one_did_stands_on_the_card_and_no_total(ada: Person, sign_in: Any) -> None:
    campaign = make_campaign(phase="vote")
    mine = make_idea(campaign, ada, title="Mine")
    voted, read, fresh = (make_idea(campaign, title=title) for title in ("Voted", "Seen", "Fresh"))
    make_vote(voted, ada, 2)
    for _ in range(9):
        make_vote(fresh)
    db.session.add(Show(campaign_id=campaign.id, idea_id=read.id, person_id=ada.id, surface="page"))
    db.session.commit()
    page = sign_in(ada).get(f"/campaigns/{campaign.uid}").text
    cards = {title: page.split(f">{title}</a>")[0].rsplit('class="idea-state">', 1)[1] for title in titles(page)}
    assert "Yours" in cards[mine.title]
    assert "You: one of the best" in cards[voted.title]
    assert "Read" in cards[read.title] and "Not yet" not in cards[read.title]
    assert "Not yet read" in cards[fresh.title]
    for card in page.split('class="idea-card"')[1:]:
        assert "9" not in re.sub(r"v=\w+|/ideas/\w+|Idea \d+|Unit \d+", "", card.split("</li>")[0])


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("mine", {"Mine"}),
        ("voted", {"Voted"}),
        ("unread", {"Fresh", "Voted"}),
        ("", {"Mine", "Voted", "Fresh", "Seen"}),
    ],
)
def test_filters(ada: Person, sign_in: Any, show: str, expected: set[str]) -> None:
    campaign = make_campaign(phase="vote")
    make_idea(campaign, ada, title="Mine")
    voted, _fresh = make_idea(campaign, title="Voted"), make_idea(campaign, title="Fresh")
    read = make_idea(campaign, title="Seen")
    make_vote(voted, ada)
    for surface in ("page", "deck"):
        db.session.add(Show(campaign_id=campaign.id, idea_id=read.id, person_id=ada.id, surface=surface))
    db.session.commit()
    page = sign_in(ada).get(f"/campaigns/{campaign.uid}?show={show}").text
    assert set(titles(page)) == expected
    assert re.search(r"Not yet read <span>2</span>", page), "the count beside the filter is what the filter finds"


def test_words_tags_and_units(ada: Person, sign_in: Any) -> None:
    site = make_unit("Site")
    hall = make_unit("Hall B", parent=site)
    campaign, author = make_campaign(phase="suggest"), make_person(unit=hall)
    make_idea(campaign, author, title="100% air at noon", tags="Air, heat")
    make_idea(campaign, author, title="Sealed one", privacy="sealed", tags="airship")
    make_idea(campaign, ada, title="Pumps", tags="")
    client, address = sign_in(ada), f"/campaigns/{campaign.uid}"
    assert titles(client.get(f"{address}?q=AIR").text) == ["100% air at noon"]
    assert titles(client.get(f"{address}?q=0%25 a").text) == ["100% air at noon"]
    assert titles(client.get(f"{address}?q=P_mps").text) == []
    assert titles(client.get(f"{address}?tag=air").text) == ["100% air at noon"]
    assert titles(client.get(f"{address}?unit={site.uid}").text) == ["100% air at noon"]
    assert "No idea fits these filters" in client.get(f"{address}?q=nothing").text
    chosen = client.get(f"{address}/filter").text
    assert "Hall B" in chosen and "airship" in chosen
    form = next(form for form in read_forms(chosen) if {"q", "unit", "tag"} <= form.names)
    assert titles(send(client, f"{address}/filter", form, tag="heat").text) == ["100% air at noon"]


@pytest.mark.parametrize(
    "query",
    [
        "show=all",
        "view=map",
        "after=x",
        "after=1",
        "after=1.2.3",
        "after=9999999999999.1",
        "unit=1",
        "q=%00",
        "after=-1.'",
    ],
)
def test_what_an_address_may_not_ask(ada: Person, sign_in: Any, query: str) -> None:
    campaign = make_campaign()
    assert sign_in(ada).get(f"/campaigns/{campaign.uid}?{query}").status_code == 400


def test_names_are_hidden_while_votes_are_cast_and_sealed_ones_always(ada: Person, sign_in: Any) -> None:
    unit = make_unit("Tiny lab")
    remi, kim = make_person("Remi Okoye", unit=make_unit("Hall B")), make_person("Kim Sealed", unit=unit)
    campaign = make_campaign(phase="suggest")
    make_idea(campaign, remi)
    make_idea(campaign, kim, privacy="sealed")
    client, address = sign_in(ada), f"/campaigns/{campaign.uid}?view=list"
    page = client.get(address).text
    assert "by Remi Okoye" in page and "Kim Sealed" not in page
    for view in ("cards", "list", "table"):
        assert "Tiny lab" not in client.get(f"/campaigns/{campaign.uid}?view={view}").text
    campaign = db.session.get_one(Campaign, campaign.id)
    campaign.phase = "vote"
    db.session.commit()
    hidden = client.get(address).text
    assert "Remi Okoye" not in hidden and "Kim Sealed" not in hidden
    assert "by you" in sign_in(remi).get(address).text


@pytest.mark.parametrize("view", ["cards", "table"])
def test_a_unit_of_one_names_nobody_while_votes_are_cast(view: str, ada: Person, sign_in: Any) -> None:
    tiny = make_unit("Tiny lab")
    kim = make_person("Kim Lee", unit=tiny)
    campaign = make_campaign(phase="suggest")
    make_idea(campaign, kim, title="Of Kim")
    address = f"/campaigns/{campaign.uid}?view={view}"
    client, own = sign_in(ada), sign_in(kim)
    assert "Tiny lab" in client.get(address).text
    assert titles(client.get(f"{address}&unit={tiny.uid}").text) == ["Of Kim"]
    db.session.get_one(Campaign, campaign.id).phase = "vote"
    db.session.commit()
    assert "Tiny lab" not in client.get(address).text
    assert "Tiny lab" in own.get(address).text
    for somebody in (client, own, sign_in(make_person(roles=["moderator"]))):
        refused = somebody.get(f"{address}&unit={tiny.uid}")
        assert refused.status_code == 400 and "names and units are hidden" in refused.text


def test_drafts_withdrawn_and_hidden_ideas_stay_out(ada: Person, sign_in: Any) -> None:
    campaign = make_campaign()
    make_idea(campaign, title="Live")
    make_idea(campaign, title="Draft", stage="draft")
    make_idea(campaign, title="Taken back", stage="withdrawn")
    make_idea(campaign, title="Hidden", hidden_at=clock.now())
    assert titles(sign_in(ada).get(f"/campaigns/{campaign.uid}").text) == ["Live"]
    moderator = sign_in(make_person(roles=["moderator"]))
    assert set(titles(moderator.get(f"/campaigns/{campaign.uid}").text)) == {"Live", "Hidden"}


def test_campaigns_of_other_units_do_not_exist(ada: Person, sign_in: Any) -> None:
    top = make_unit("Top")
    hall = make_unit("Hall", parent=top)
    campaign = make_campaign("For the top?", units=[top])
    inside, outside = sign_in(make_person(unit=hall)), sign_in(ada)
    for path in ("", "/brief", "/updates", "/filter"):
        assert inside.get(f"/campaigns/{campaign.uid}{path}").status_code == 200
        assert outside.get(f"/campaigns/{campaign.uid}{path}").status_code == 404
    assert "For the top?" in inside.get("/campaigns").text
    assert "For the top?" not in outside.get("/campaigns").text
    form = next(f for f in read_forms(inside.get(f"/campaigns/{campaign.uid}").text) if f.action.endswith("/follow"))
    assert send(inside, f"/campaigns/{campaign.uid}", form).status_code == 303
    own = make_campaign()
    form = next(f for f in read_forms(outside.get(f"/campaigns/{own.uid}").text) if f.action.endswith("/follow"))
    form.action = f"/campaigns/{campaign.uid}/follow"
    assert send(outside, form.action, form).status_code == 404


def test_following_twice_is_following_once(ada: Person, sign_in: Any) -> None:
    campaign, client = make_campaign(), sign_in(ada)
    form = next(f for f in read_forms(client.get(f"/campaigns/{campaign.uid}").text) if f.action.endswith("/follow"))
    for _ in range(2):
        assert send(client, f"/campaigns/{campaign.uid}", form).status_code == 303
    assert db.session.query(CampaignFollow).count() == 1
    assert "Following" in client.get(f"/campaigns/{campaign.uid}").text
    submit(client, f"/campaigns/{campaign.uid}", "/follow")
    assert db.session.query(CampaignFollow).count() == 0


def test_what_one_can_do_now_is_on_the_row(ada: Person, sign_in: Any) -> None:
    for phase in ("suggest", "improve", "vote"):
        make_campaign(f"In {phase}?", phase=phase, idea_count=5)
    done = make_campaign("In deliver?", phase="deliver", idea_count=5, answered_count=5)
    db.session.add(CampaignFollow(campaign_id=done.id, person_id=ada.id))
    db.session.commit()
    page = sign_in(ada).get("/campaigns").text
    rows = {title: page.split(f">{title}</a>")[1].split("</li>")[0] for title in titles(page)}
    assert list(rows) == ["In vote?", "In improve?", "In suggest?", "In deliver?"]
    assert "Vote, 5 left" in rows["In vote?"]
    assert "Suggest</span>" in rows["In suggest?"] and "Improve</span>" in rows["In improve?"]
    assert "See results" in rows["In deliver?"] and "all 5 answered" in rows["In deliver?"]


def test_those_not_asked_may_read_and_are_not_led_astray(sign_in: Any, app: Flask) -> None:
    hall = make_unit("Hall B")
    voting = make_campaign("Vote?", phase="vote", units=[hall], idea_count=5)
    suggesting = make_campaign("Suggest?", units=[hall])
    boss = sign_in(make_person(roles=["leadership"]))
    rows = boss.get("/campaigns?tab=open").text
    assert "Vote, 5 left" not in rows and rows.count("Read</span>") == 2
    for campaign in (voting, suggesting):
        page = boss.get(f"/campaigns/{campaign.uid}").text
        assert "Vote deck" not in page and "Suggest an idea" not in page and 'class="ballot"' not in page


@pytest.mark.parametrize(
    ("answered", "ideas", "said"),
    [(46, 50, "answered 92 % of the last one"), (50, 50, "answered every idea"), (999, 1000, "answered 99 %")],
)
def test_the_sponsors_record_is_on_the_row(ada: Person, sign_in: Any, answered: int, ideas: int, said: str) -> None:
    sponsor = make_person("Remi Okoye")
    ago = clock.now() - 200 * DAY
    make_campaign("Last?", phase="closed", sponsor=sponsor, idea_count=ideas, answered_count=answered, phase_since=ago)
    make_campaign("Older?", phase="closed", sponsor=sponsor, idea_count=9, answered_count=0, phase_since=ago - 9 * DAY)
    promise = (clock.now() + 9 * DAY).date()
    facts = {"idea_count": 9, "answered_count": 1, "promise_on": promise}
    make_campaign("Within its promise?", phase="decide", sponsor=sponsor, **facts)
    make_campaign("Now?", sponsor=sponsor)
    make_campaign("First of another?", sponsor=make_person())
    page = sign_in(ada).get("/campaigns").text
    rows = {title: page.split(f">{title}</a>")[1].split("</li>")[0] for title in titles(page)}
    assert said in rows["Now?"]
    assert "first campaign" in rows["First of another?"]


def test_tabs_and_filters_of_the_directory(ada: Person, sign_in: Any) -> None:
    hall = make_unit("Hall B")
    make_campaign("Open?", phase="suggest", lang="fr", sponsor=make_person(unit=hall))
    make_campaign("Vote?", phase="vote")
    make_campaign("Deciding?", phase="decide")
    make_campaign("Closed?", phase="closed")
    make_campaign("Draft?", phase="draft")
    client = sign_in(ada)
    found = {tab: set(titles(client.get(f"/campaigns?tab={tab}").text)) for tab in ("open", "answering", "delivered")}
    assert found == {"open": {"Open?", "Vote?"}, "answering": {"Deciding?"}, "delivered": {"Closed?"}}
    assert titles(client.get("/campaigns?tab=open&lang=fr").text) == ["Open?"]
    assert titles(client.get("/campaigns?tab=open&phase=vote").text) == ["Vote?"]
    assert titles(client.get(f"/campaigns?tab=open&unit={hall.uid}").text) == ["Open?"]
    assert "No campaign fits these filters" in client.get("/campaigns?tab=answering&lang=fr").text
    assert "answering&lang=fr" not in client.get("/campaigns").text
    for bad in ("tab=all", "phase=draft", "lang=xx", "skip=-1", "skip=99999"):
        assert client.get(f"/campaigns?{bad}").status_code == 400


def test_an_empty_directory_leads_to_the_open_box(ada: Person, sign_in: Any) -> None:
    assert "You will be told when one asks you." in sign_in(ada).get("/campaigns").text
    make_campaign("The open box", kind="box", idea_count=11, answered_count=2)
    page = sign_in(ada).get("/campaigns").text
    assert "No open campaign for you" in page
    assert "9 wait for an answer" in page


def test_the_brief_says_everything(ada: Person, sign_in: Any) -> None:
    words = {
        "problem": "**Much** is lost.",
        "in_scope": "All halls.",
        "questions_answered": "*May I?* Yes.",
        "budget": 80000,
    }
    campaign = make_campaign("How?", promise_on=clock.today() + 30 * DAY, **words)
    page = sign_in(ada).get(f"/campaigns/{campaign.uid}/brief").text
    assert "<strong>Much</strong>" in page and "All halls." in page and "<em>May I?</em>" in page
    assert "80\u202f000 EUR" in page


def test_news_in_the_words_of_the_team(ada: Person, sign_in: Any) -> None:
    campaign, remi = make_campaign(), make_person("Remi Okoye")
    assert "No news yet" in sign_in(ada).get(f"/campaigns/{campaign.uid}/updates").text
    db.session.add(
        CampaignUpdate(campaign_id=campaign.id, author_id=remi.id, body="x", body_html="<p>The meter is up.</p>")
    )
    db.session.commit()
    assert "The meter is up." in sign_in(ada).get(f"/campaigns/{campaign.uid}").text
    assert "Remi Okoye" in sign_in(ada).get(f"/campaigns/{campaign.uid}/updates").text


@pytest.mark.parametrize("query", ["", "?view=list", "?view=table", "?show=unread", "?q=idea"])
def test_ten_and_two_hundred_ideas_cost_the_same_statements(ada: Person, sign_in: Any, query: str) -> None:
    few, many = make_campaign(phase="vote"), make_campaign(phase="vote")
    fill(few, 10)
    fill(many, 200)
    client = sign_in(ada)
    costs = [len(statements(client, f"/campaigns/{campaign.uid}{query}")) for campaign in (few, many)]
    assert costs[0] == costs[1] <= 6


def test_one_and_sixty_campaigns_cost_the_same_statements(ada: Person, sign_in: Any) -> None:
    sponsor = make_person()
    make_campaign("First?", sponsor=sponsor)
    client = sign_in(ada)
    one = len(statements(client, "/campaigns"))
    for n in range(59):
        make_campaign(f"Number {n}?", sponsor=sponsor)
    assert len(statements(client, "/campaigns")) == one
    page = client.get("/campaigns").text
    assert len(titles(page)) == 20
    assert len(walk(client, "/campaigns")) == 60
