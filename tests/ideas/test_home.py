"""The home page: what needs one, one's own ideas, what is open, what few have seen."""

from __future__ import annotations

from typing import Any

import pytest

from ideabox.ideas.models.campaign import IMPROVE, SUGGEST, VOTE
from ideabox.ideas.models.idea import DRAFT
from ideabox.ideas.models.vote import Show
from ideabox.ideas.queries import home
from ideabox.viewer import Viewer
from tests.factories import make_campaign, make_idea, make_person, make_unit, save


def viewer_of(person: Any) -> Viewer:
    return Viewer(id=person.id, uid=person.uid, name=person.name, email="", session_uid="")


def test_least_shown_ideas_of_others_come_first(app: Any, db: Any) -> None:
    ada, kim = make_person("Ada"), make_person("Kim")
    campaigns = [make_campaign("One?", phase=SUGGEST), make_campaign("Two?", phase=IMPROVE)]
    known, fresh = make_idea(campaigns[0], kim, title="Known"), make_idea(campaigns[1], kim, title="Fresh")
    make_idea(campaigns[0], ada, title="Mine")
    make_idea(campaigns[0], kim, title="Draft", stage=DRAFT)
    read = make_idea(campaigns[0], kim, title="Read")
    save(Show(campaign_id=campaigns[0].id, idea_id=read.id, person_id=ada.id, surface="page"))
    from ideabox.ideas.models.idea import IdeaTally

    db.session.get(IdeaTally, known.id).shows = 5
    db.session.commit()
    assert [row.title for row in home.worth_seeing(viewer_of(ada), campaigns)] == [fresh.title, known.title]


def test_nothing_of_a_campaign_that_votes_is_offered_outside_the_deck(app: Any) -> None:
    campaign = make_campaign("Vote?", phase=VOTE)
    make_idea(campaign, make_person("Kim"))
    assert home.worth_seeing(viewer_of(make_person("Ada")), [campaign]) == []


def test_campaigns_of_other_units_are_not_open_to_me(app: Any) -> None:
    campaign = make_campaign("Theirs?", phase=SUGGEST, units=[make_unit("Lab")])
    assert home.open_now(viewer_of(make_person("Ada"))) == []
    assert campaign.phase == SUGGEST


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_opens_in_both_languages(app: Any, db: Any, sign_in: Any, language: str) -> None:
    ada = make_person("Ada Lindqvist", lang=language)
    campaign = make_campaign("How might we?", phase=SUGGEST)
    make_idea(campaign, ada, title="Mine own idea")
    page = sign_in(ada).get("/")
    assert page.status_code == 200
    assert "Mine own idea" in page.text
    assert ("Rien n’a besoin de vous" if language == "fr" else "Nothing needs you") in page.text
