"""The deck and the ballot as a browser without scripts uses them: pages read, forms sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update

from ideabox import clock
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.models.answer import Standing, StandingRow
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import IdeaTally
from ideabox.ideas.models.vote import Ballot, Show, Vote
from tests.factories import make_campaign, make_idea, make_person, make_unit, make_vote, voting_campaign
from tests.services.forms import read_forms, send, submit

SignIn = Callable[[Any], FlaskClient]


@pytest.fixture
def voter(app: Any) -> Person:
    return make_person()


@pytest.fixture
def client(voter: Person, sign_in: SignIn) -> FlaskClient:
    return sign_in(voter)


def deck(campaign: Campaign) -> str:
    return f"/campaigns/{campaign.uid}/deck"


def shown_title(page: Any) -> str:
    _, _, rest = page.text.partition('id="card-title">')
    return rest.partition("<")[0]


def press(client: FlaskClient, address: str, choice: str) -> Any:
    """Press one of the four answers of the card, follow to the next."""
    page = client.get(address)
    form = next(form for form in read_forms(page.text) if ("choice", choice, "") in form.buttons)
    return client.get(send(client, address, form, button=f"choice={choice}").headers["Location"])


def rows(model: Any) -> int:
    count = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.rollback()
    return count


def test_the_deck_goes_through_all_cards_and_stops(client: FlaskClient, voter: Person) -> None:
    campaign = voting_campaign()
    titles = {make_idea(campaign).title for _ in range(4)}
    make_idea(campaign, voter, title="Mine")
    make_idea(campaign, title="Withdrawn", stage="withdrawn")
    make_idea(campaign, title="Hidden", hidden_at=clock.now())
    seen = []
    page = client.get(deck(campaign))
    for choice in ("good", "no", "best", "good"):
        seen.append(shown_title(page))
        page = press(client, deck(campaign), choice)
    assert set(seen) == titles
    assert "You have answered every card" in page.text
    assert rows(Vote) == 4


def test_fewest_shows_come_first_and_looking_changes_nothing(client: FlaskClient) -> None:
    campaign = voting_campaign()
    ideas = [make_idea(campaign) for _ in range(5)]
    for idea, shows in zip(ideas, (4, 2, 0, 3, 1), strict=True):
        db.session.execute(update(IdeaTally).where(IdeaTally.idea_id == idea.id).values(shows=shows))
    db.session.commit()
    titles = [idea.title for idea in ideas]
    for _ in range(2):
        assert shown_title(client.get(deck(campaign))) == titles[2]
    assert rows(Show) == 0
    order = [shown_title(client.get(deck(campaign)))]
    order += [shown_title(press(client, deck(campaign), "good")) for _ in range(4)]
    assert order == [titles[place] for place in (2, 4, 1, 3, 0)]


def test_ties_are_broken_for_each_voter_in_their_own_way(app: Any, sign_in: SignIn) -> None:
    campaign = voting_campaign()
    for _ in range(20):
        make_idea(campaign)
    first = {shown_title(sign_in(make_person()).get(deck(campaign))) for _ in range(12)}
    assert len(first) > 4


def test_a_card_that_was_seen_waits_even_when_others_are_shown_less(client: FlaskClient) -> None:
    campaign = voting_campaign()
    for _ in range(6):
        make_idea(campaign)
    page = client.get(deck(campaign))
    begun = shown_title(page)
    _, _, address = page.text.partition('data-show-url="')
    address = address.partition('"')[0].replace("&amp;", "&")
    token = page.text.partition('name="csrf-token" content="')[2].partition('"')[0]
    for _ in range(2):
        assert client.post(address, headers={"X-CSRFToken": token}).status_code == 204
    assert rows(Show) == 1
    page = client.get(deck(campaign))
    assert shown_title(page) == begun
    assert "It waited for you" in page.text


def test_an_unsure_card_comes_back_once_after_all_others(client: FlaskClient) -> None:
    campaign = voting_campaign()
    for _ in range(3):
        make_idea(campaign)
    first = shown_title(client.get(deck(campaign)))
    assert shown_title(press(client, deck(campaign), "unsure")) != first
    press(client, deck(campaign), "good")
    page = press(client, deck(campaign), "good")
    assert shown_title(page) == first
    assert "You were unsure about it" in page.text
    assert "answered every card" in press(client, deck(campaign), "unsure").text
    assert rows(Vote) == 3


def test_undo_takes_back_the_last_answer_and_shows_its_card(client: FlaskClient) -> None:
    campaign = voting_campaign()
    for _ in range(3):
        make_idea(campaign)
    first = shown_title(client.get(deck(campaign)))
    page = press(client, deck(campaign), "best")
    assert "2 of 3 left" in page.text
    form = next(form for form in read_forms(page.text) if form.fields.get("choice") == "none")
    for _ in range(2):
        page = client.get(send(client, deck(campaign), form).headers["Location"])
        assert shown_title(page) == first
    assert "3 of 3 left" in page.text
    assert rows(Vote) == 0


def test_without_scripts_the_answer_itself_logs_the_show_with_its_place(client: FlaskClient) -> None:
    campaign = voting_campaign()
    for _ in range(3):
        make_idea(campaign)
    press(client, deck(campaign), "good")
    press(client, deck(campaign), "no")
    shows = db.session.execute(select(Show.slot, Show.surface).order_by(Show.id)).all()
    assert [tuple(row) for row in shows] == [(1, "deck"), (2, "deck")]


def test_no_total_and_no_author_is_in_the_page(client: FlaskClient) -> None:
    campaign = voting_campaign(evaluate_at=clock.now() + timedelta(days=2))
    author = make_person("Zacharie Unmistakable")
    idea = make_idea(campaign, author)
    for _ in range(37):
        make_vote(idea)
    for address in (deck(campaign), f"/ideas/{idea.uid}"):
        page = client.get(address).text
        assert "Unmistakable" not in page
        assert "37" not in page.replace(idea.uid, "").replace(campaign.uid, "").partition("<main")[2]


def test_progress_counts_in_sittings(client: FlaskClient) -> None:
    campaign = voting_campaign(good_limit=99)
    for _ in range(15):
        make_idea(campaign)
    assert "Card 1 of about 12" in client.get(deck(campaign)).text
    for _ in range(12):
        page = press(client, deck(campaign), "good")
    assert "Card 1 of about 3" in page.text


def test_the_deck_says_why_there_is_nothing_to_answer(client: FlaskClient, sign_in: SignIn) -> None:
    soon = make_campaign(phase="improve")
    over = make_campaign(phase="evaluate")
    make_idea(soon)
    assert "Voting has not begun" in client.get(deck(soon)).text
    assert "Voting is over" in client.get(deck(over)).text
    others = voting_campaign(units=[make_unit()])
    make_idea(others)
    leader = sign_in(make_person(roles=["leadership"]))
    assert "asks other units" in leader.get(deck(others)).text
    assert client.get(deck(others)).status_code == 404
    assert client.get(f"/campaigns/{others.uid}/ballot").status_code == 404


def test_a_spent_budget_is_refused_with_a_way_out(client: FlaskClient) -> None:
    campaign = voting_campaign(good_limit=1)
    first, second = (make_idea(campaign) for _ in range(2))
    uids = [first.uid, second.uid]
    token = {"csrf_token": _token(client, deck(campaign))}
    assert client.post(f"/ideas/{uids[0]}/vote", data={**token, "choice": "good", "back": "deck"}).status_code == 303
    refused = client.post(f"/ideas/{uids[1]}/vote", data={**token, "choice": "good", "back": "deck"})
    assert refused.status_code == 409
    assert "take it back on your ballot" in refused.text
    assert f"/campaigns/{campaign.uid}/ballot" in refused.text
    piece = client.post(
        f"/ideas/{uids[1]}/vote",
        data={"choice": "best"},
        headers={"HX-Request": "true", "X-CSRFToken": token["csrf_token"]},
    )
    assert piece.status_code == 409
    assert "take it back" in piece.headers["HX-Trigger"]
    assert rows(Vote) == 1


@pytest.mark.parametrize("choice", ["", "3", "GOOD", "good'", "\x00", "none "])
def test_an_answer_that_is_none_is_422_and_stores_nothing(client: FlaskClient, choice: str) -> None:
    campaign = voting_campaign()
    idea = make_idea(campaign)
    token = _token(client, deck(campaign))
    sent = {"csrf_token": token, "choice": choice, "value": "2", "voter_id": "1", "slot": "9" * 30, "back": "//evil"}
    assert client.post(f"/ideas/{idea.uid}/vote", data=sent).status_code == 422
    assert rows(Vote) == rows(Ballot) == rows(Show) == 0


def test_votes_are_asked_for_with_a_token_and_by_post(client: FlaskClient) -> None:
    idea = make_idea(voting_campaign())
    assert client.post(f"/ideas/{idea.uid}/vote", data={"choice": "good"}).status_code == 400
    assert client.post(f"/ideas/{idea.uid}/shown").status_code == 400
    assert client.get(f"/ideas/{idea.uid}/vote").status_code == 405
    assert rows(Vote) == 0


def test_the_ballot_lists_answers_and_lets_them_be_changed(client: FlaskClient) -> None:
    campaign = voting_campaign()
    ideas = {make_idea(campaign, title=title).title for title in ("Shut compressors", "Share ovens", "Close doors")}
    for choice in ("best", "good", "no"):
        press(client, deck(campaign), choice)
    ballot = f"/campaigns/{campaign.uid}/ballot"
    page = client.get(ballot).text
    assert all(title in page for title in ideas)
    assert "Your ballot counts as it stands" in page
    form = next(form for form in read_forms(page) if form.fields.get("choice") == "none")
    (_name, uid, _where), *others = form.buttons
    after = client.get(send(client, ballot, form, button=f"idea={uid}").headers["Location"]).text
    assert len(others) == 2
    assert uid not in after
    change = next(part for part in after.split('href="') if "back=ballot" in part.partition('"')[0])
    address = change.partition('"')[0].replace("&amp;", "&")
    form = next(form for form in read_forms(client.get(address).text) if ("choice", "good", "") in form.buttons)
    assert send(client, address, form, button="choice=good").headers["Location"].endswith(ballot)


def test_after_the_vote_the_ballot_says_how_it_met_the_result(client: FlaskClient, voter: Person) -> None:
    campaign = voting_campaign()
    ideas = [make_idea(campaign) for _ in range(4)]
    for idea, value in zip(ideas, (2, 1, 1, -1), strict=True):
        make_vote(idea, voter, value)
    campaign.phase = "evaluate"
    facts = {"votes": 4, "voters": 1, "places": 2, "method": "beta", "seed": 1, "code_version": "1"}
    standing = Standing(campaign_id=campaign.id, frozen=True, closing=1, **facts)
    db.session.add(standing)
    db.session.flush()
    for position, idea in enumerate((ideas[3], ideas[1], ideas[0], ideas[2]), 1):
        place = {"standing_id": standing.id, "idea_id": idea.id, "position": position}
        db.session.add(StandingRow(**place, n=1, score=0.5, low=0.1, high=0.9))
    db.session.commit()
    page = client.get(f"/campaigns/{campaign.uid}/ballot").text
    assert "You called 3 ideas good. Of these, among the first 2 of the result: 1." in page
    assert "Your ballot was counted" in page
    assert "Take back" not in page


def test_an_empty_ballot_does_not_count_yet(client: FlaskClient) -> None:
    campaign = voting_campaign()
    make_idea(campaign)
    page = client.get(f"/campaigns/{campaign.uid}/ballot").text
    assert "does not count yet" in page
    assert "Up to 10 good, 3 of them best." in page


def test_a_vote_on_the_page_of_the_idea(client: FlaskClient, voter: Person) -> None:
    campaign = voting_campaign()
    idea = make_idea(campaign)
    uid, campaign_id = idea.uid, campaign.id
    answer = submit(client, f"/ideas/{uid}", "/vote", button="choice=good")
    assert answer.headers["Location"].endswith(f"/ideas/{uid}#vote")
    page = client.get(f"/ideas/{uid}").text
    assert 'value="good" aria-pressed="true"' in page
    assert "answered called it good" not in page
    readers = db.session.execute(select(IdeaTally.shows, IdeaTally.readers)).one()
    assert tuple(readers) == (1, 1)
    db.session.execute(update(Campaign).where(Campaign.id == campaign_id).values(phase="evaluate"))
    db.session.commit()
    page = client.get(f"/ideas/{uid}").text
    assert "1 of 1 who answered called it good." in page
    assert "You said:" in page


def test_totals_show_to_those_who_did_not_vote_once_voting_is_over(client: FlaskClient) -> None:
    campaign = voting_campaign()
    idea = make_idea(campaign)
    for value in (2, 1, -1, 0):
        make_vote(idea, value=value)
    assert "called it" not in client.get(f"/ideas/{idea.uid}").text
    campaign.phase = "decide"
    db.session.commit()
    page = client.get(f"/ideas/{idea.uid}").text
    assert "2 of 3 who answered called it good." in page
    assert "1 of them called it one of the best." in page
    assert "1 was unsure." in page


def test_home_and_command_menu_offer_the_deck_while_cards_are_left(client: FlaskClient) -> None:
    campaign = voting_campaign(question="How might we halve the night?")
    for _ in range(5):
        make_idea(campaign)
    page = client.get("/").text
    assert "5 cards left" in page
    assert deck(campaign) in page
    menu = client.get("/commands.json").json
    assert any(entry["url"] == deck(campaign) and entry["key"] == "v" for entry in menu)
    for _ in range(5):
        press(client, deck(campaign), "no")
    assert "cards left" not in client.get("/").text


def test_pieces_for_htmx_hold_the_deck_alone(client: FlaskClient) -> None:
    campaign = voting_campaign()
    make_idea(campaign)
    piece = client.get(deck(campaign), headers={"HX-Request": "true"})
    assert piece.text.lstrip().startswith('<div class="focus">')
    assert "<html" not in piece.text
    assert piece.headers["HX-Replace-Url"] == deck(campaign)


def _token(client: FlaskClient, address: str) -> str:
    return client.get(address).text.partition('name="csrf-token" content="')[2].partition('"')[0]


@pytest.mark.parametrize("ideas", [3, 60])
def test_cards_and_votes_cost_few_statements_however_many_there_are(client: FlaskClient, ideas: int) -> None:
    campaign = voting_campaign(good_limit=90)
    uids = [make_idea(campaign).uid for _ in range(ideas)]
    cards, ballot = deck(campaign), f"/campaigns/{campaign.uid}/ballot"
    token = _token(client, cards)
    sent = {"csrf_token": token, "choice": "good", "back": "deck"}
    client.post(f"/ideas/{uids[0]}/vote", data=sent)
    assert _statements(lambda: client.get(cards)) == 3
    assert _statements(lambda: client.post(f"/ideas/{uids[1]}/vote", data=sent)) == 6
    assert _statements(lambda: client.post(f"/ideas/{uids[1]}/vote", data={**sent, "choice": "best"})) == 6
    assert _statements(lambda: client.post(f"/ideas/{uids[1]}/vote", data={**sent, "choice": "none"})) == 6
    assert _statements(lambda: client.post(f"/ideas/{uids[2]}/shown", data=sent)) == 4
    assert _statements(lambda: client.get(ballot)) == 4


def _statements(act: Callable[[], Any]) -> int:
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        assert act().status_code < 400
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    return len(heard)


def test_an_answer_to_an_idea_hidden_since_can_be_taken_back(client: FlaskClient) -> None:
    campaign = voting_campaign(best_limit=1)
    idea = make_idea(campaign, title="Hidden since")
    press(client, deck(campaign), "best")
    idea.hidden_at = clock.now()
    db.session.commit()
    ballot = f"/campaigns/{campaign.uid}/ballot"
    page = client.get(ballot).text
    assert "Hidden since" not in page and "An idea that moderators have hidden" in page
    form = next(form for form in read_forms(page) if form.fields.get("choice") == "none")
    button, uid, _where = form.buttons[0]
    token = form.fields["csrf_token"]
    assert client.post(f"/ideas/{uid}/vote", data={"csrf_token": token, "choice": "good"}).status_code == 409
    assert send(client, ballot, form, button=f"{button}={uid}").status_code == 303
    assert rows(Vote) == 0
    db.session.expire_all()
    assert db.session.scalars(select(Ballot.bests)).all() == [0]
