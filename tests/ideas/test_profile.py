"""A person's page shows the ideas sent under their name, and no other."""

from __future__ import annotations

from typing import Any

from ideabox.ideas.models.campaign import DECIDE, VOTE
from ideabox.ideas.models.idea import SEALED
from tests.factories import make_campaign, make_idea, make_person, make_unit


def test_only_named_ideas_whose_author_may_be_known(app: Any, sign_in: Any) -> None:
    ada, kim = make_person("Ada Lindqvist"), make_person("Kim Larsen")
    decided, voting = make_campaign("Decided?", phase=DECIDE), make_campaign("Voting?", phase=VOTE)
    private = make_campaign("Private?", phase=DECIDE, units=[make_unit("Lab")])
    make_idea(decided, ada, title="Under my name", outcome="accepted")
    make_idea(decided, ada, title="Under seal", privacy=SEALED)
    make_idea(voting, ada, title="While they vote")
    make_idea(private, ada, title="For the lab alone")
    for reader in (kim, ada):
        page = sign_in(reader).get(f"/people/{ada.uid}").text
        assert "Under my name" in page
        assert "Accepted" in page
        assert "Under seal" not in page
        assert "While they vote" not in page
    assert "For the lab alone" not in sign_in(kim).get(f"/people/{ada.uid}").text
