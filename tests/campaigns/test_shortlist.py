"""Choosing at the cut: reasons in a tie, places that cannot be overfilled, one confirmation."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from campaigns.models.shortlist import Choice, Objection, Shortlist
from campaigns.queries.standing import taken_ids
from ideabox.database import db as database
from ideabox.events import Event
from ideabox.ideas.models.answer import StandingRow
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.queries.standing import latest_standing
from ideabox.needs import needs_of
from tests.decisions import decided_campaign
from tests.services.forms import read_forms, submit

WHY = "It serves two halls and costs nothing to try."


def banded(found, letter):
    standing = latest_standing(found.campaign.id)
    query = (
        select(Idea)
        .join(StandingRow, StandingRow.idea_id == Idea.id)
        .where(StandingRow.standing_id == standing.id, StandingRow.band == letter)
        .order_by(StandingRow.position)
    )
    return database.session.scalars(query).all()


def taken(found):
    return taken_ids(latest_standing(found.campaign.id))


def choose(client, found, idea, **values):
    return submit(client, f"{found.address}?idea={idea.uid}", "/choose", **values)


def test_a_tie_needs_a_reason_and_keeps_what_was_typed(app, sign_in):
    found = decided_campaign()
    idea = banded(found, "B")[0]
    client = sign_in(found.leader)
    answer = choose(client, found, idea, reason="Because.")
    assert answer.status_code == 422
    assert "Say why in a sentence" in answer.text and "Because." in answer.text and idea.title in answer.text
    assert idea.id not in taken(found)
    assert choose(client, found, idea, reason=WHY).status_code == 303
    assert idea.id in taken(found)
    [told] = database.session.scalars(select(Event).where(Event.name == "shortlist.chosen"))
    assert (told.actor_id, told.idea_id, told.data["reason"], told.data["band"]) == (found.leader.id, idea.id, WHY, "B")
    assert WHY in client.get(f"{found.address}?idea={idea.uid}").text


def test_an_idea_comes_off_again_and_against_the_votes_only_with_a_reason(app, sign_in):
    found = decided_campaign()
    client = sign_in(found.manager)
    tied = banded(found, "B")[0]
    choose(client, found, tied, reason=WHY)
    assert choose(client, found, tied).status_code == 303
    assert tied.id not in taken(found) and database.session.scalar(select(Choice)) is None
    for clear in banded(found, "A")[:1]:
        assert choose(client, found, clear, reason="").status_code == 422
        assert choose(client, found, clear, reason="It was built last year in another hall.").status_code == 303
        assert clear.id not in taken(found)


def test_places_cannot_be_overfilled(app, sign_in):
    found = decided_campaign()
    client = sign_in(found.leader)
    ideas = [*banded(found, "B"), *banded(found, "C")]
    left = 2 - len(taken(found))
    for idea in ideas[:left]:
        assert choose(client, found, idea, reason=WHY).status_code == 303
    answer = choose(client, found, ideas[left], reason=WHY)
    assert answer.status_code == 409 and "places are taken" in answer.text and WHY in answer.text
    assert len(taken(found)) == 2


def test_two_who_fill_the_last_place_at_once_fill_it_once(app, sign_in):
    found = decided_campaign()
    left = 2 - len(taken(found))
    ideas = [*banded(found, "B"), *banded(found, "C")]
    client = sign_in(found.leader)
    for idea in ideas[: left - 1]:
        choose(client, found, idea, reason=WHY)
    rivals = ideas[left - 1 : left + 3]
    forms = []
    people = [found.leader, found.manager, found.sponsor, found.leader]
    for person, idea in zip(people, rivals, strict=False):
        own = sign_in(person)
        page = own.get(f"{found.address}?idea={idea.uid}").text
        form = next(form for form in read_forms(page) if form.action.endswith("/choose"))
        forms.append((own, form.action, form.fill({"reason": WHY})))
    standing = latest_standing(found.campaign.id)
    database.session.remove()
    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(lambda one: one[0].post(one[1], data=one[2]).status_code, forms))
    assert codes.count(303) == 1 and set(codes) <= {303, 409}, codes
    assert len(taken_ids(standing)) == 2


def test_sending_a_choice_twice_is_sending_it_once(app, sign_in):
    found = decided_campaign()
    idea = banded(found, "B")[0]
    client = sign_in(found.leader)
    page = client.get(f"{found.address}?idea={idea.uid}").text
    form = next(form for form in read_forms(page) if form.action.endswith("/choose"))
    data = form.fill({"reason": WHY})
    assert [client.post(form.action, data=data).status_code for _ in range(2)] == [303, 303]
    assert len(database.session.scalars(select(Event).where(Event.name == "shortlist.chosen")).all()) == 1


def fill(client, found):
    for idea in [*banded(found, "B"), *banded(found, "C")][: 2 - len(taken(found))]:
        choose(client, found, idea, reason=WHY)


def test_the_sponsor_confirms_once_and_the_ideas_are_shortlisted(app, sign_in):
    found = decided_campaign()
    sponsor = sign_in(found.sponsor)
    assert "more idea" in sponsor.get(found.address).text
    assert not any(form.endswith("/confirm") for form in actions_of(sponsor, found))
    fill(sponsor, found)
    chosen = taken(found)
    assert not any(form.endswith("/confirm") for form in actions_of(sign_in(found.leader), found))
    assert submit(sponsor, found.address, "/confirm").status_code == 303
    stages = dict(database.session.execute(select(Idea.id, Idea.stage)).all())
    assert {idea for idea, stage in stages.items() if stage == "shortlisted"} == chosen
    shortlist = database.session.get(Shortlist, found.campaign.id)
    assert shortlist.actor_id == found.sponsor.id
    [told] = database.session.scalars(select(Event).where(Event.name == "shortlist.confirmed"))
    assert len(told.data["ideas"]) == 2 and told.data["digest"] == latest_standing(found.campaign.id).digest
    assert "The shortlist was confirmed" in sponsor.get(found.address).text
    assert not any(form.endswith("/choose") for form in actions_of(sponsor, found))


def actions_of(client, found):
    return [form.action for form in read_forms(client.get(found.address).text)]


def test_after_the_confirmation_nothing_changes(app, sign_in):
    found = decided_campaign()
    client = sign_in(found.sponsor)
    fill(client, found)
    idea = banded(found, "A")[0] if banded(found, "A") else banded(found, "B")[0]
    page = client.get(f"{found.address}?idea={idea.uid}").text
    form = next(form for form in read_forms(page) if form.action.endswith("/choose"))
    submit(client, found.address, "/confirm")
    before = taken(found)
    answer = client.post(form.action, data=form.fill({"reason": WHY} if "reason" in form.names else {}))
    assert answer.status_code == 409 and taken(found) == before


def test_an_objection_is_noted_and_taken_away(app, sign_in):
    found = decided_campaign()
    client = sign_in(found.manager)
    submit(client, found.address, "/objection", words="camera light")
    assert database.session.scalar(select(Objection.words)) == "camera light"
    assert "camera light" in client.get(found.address).text
    submit(client, found.address, "/objection", words="")
    assert database.session.scalar(select(Objection)) is None
    assert submit(client, found.address, "/objection", words="x" * 81).status_code == 422


def test_the_home_page_asks_the_sponsor_to_choose(app):
    from ideabox.accounts.queries import load_viewer

    found = decided_campaign()
    with app.test_request_context("/"):
        from ideabox.accounts.session import begin

        viewer = begin(found.sponsor)
        database.session.commit()
        keys = [need.key for need in needs_of(load_viewer(viewer.session_uid))]
    assert f"choose-{found.campaign.uid}" in keys
