"""The rules of the panel: who prepares, what is locked, what is missing before launch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from campaigns.rules import panel
from ideabox.ideas.models.campaign import AFTER_VOTE, BOX, CLOSED, DRAFT, IMPROVE, SUGGEST, VOTE, Campaign
from ideabox.viewer import Viewer

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
ADA = Viewer(1, "a", "Ada", "ada@example.org", "s")
ADMIN = Viewer(2, "b", "Yusuf", "yusuf@example.org", "s", is_admin=True)
SPONSOR = Viewer(3, "c", "Remi", "remi@example.org", "s", seats=frozenset({"sponsor"}))


def campaign(phase: str = DRAFT, **facts: Any) -> Campaign:
    words = dict.fromkeys(("problem", "good_looks_like", "afterwards"), "Words.")
    dates = {"vote_at": NOW + timedelta(days=5), "promise_on": date(2026, 7, 1)}
    return Campaign(
        **{"phase": phase, "kind": "campaign", "question": "Why?", "audience": "all", **words, **dates, **facts}
    )


def test_one_open_box_is_enough() -> None:
    assert panel.may_open(SPONSOR, "campaign", 5)
    assert panel.may_open(SPONSOR, BOX, 0)
    assert panel.may_open(SPONSOR, BOX, 1).status == 409
    assert panel.may_open(ADA, "campaign", 0).status == 403


@pytest.mark.parametrize("phase", [DRAFT, SUGGEST, IMPROVE])
def test_everything_can_be_changed_before_the_vote(phase: str) -> None:
    assert panel.lock_of(campaign(phase)) is None
    assert panel.may_change(ADA, True, campaign(phase), panel.FIXED_BY_VOTES)


@pytest.mark.parametrize("phase", [VOTE, *AFTER_VOTE])
@pytest.mark.parametrize("field", sorted(panel.FIXED_BY_VOTES))
def test_what_votes_stand_on_is_locked_once_voting_opens(phase: str, field: str) -> None:
    assert panel.lock_of(campaign(phase)) is not None
    assert panel.may_change(ADMIN, True, campaign(phase), [field]).status == 409


def test_the_lock_says_until_when() -> None:
    lock = panel.lock_of(campaign(VOTE, decide_at=NOW))
    assert lock and lock.until == NOW
    after = panel.lock_of(campaign(CLOSED))
    assert after and after.until is None


def test_texts_change_until_the_close() -> None:
    assert panel.may_change(ADA, True, campaign(VOTE), ["problem"])
    assert panel.may_change(ADA, True, campaign(CLOSED), ["problem"]).status == 409
    assert panel.may_change(ADA, False, campaign(DRAFT), ["problem"]).status == 403


def test_a_team_keeps_a_sponsor() -> None:
    assert panel.may_seat(ADA, True, campaign(), True)
    assert panel.may_seat(ADA, True, campaign(), False).status == 422
    assert panel.may_seat(ADA, True, campaign(CLOSED), True).status == 409
    assert panel.may_seat(ADA, False, campaign(), True).status == 403


def test_clones_and_discards() -> None:
    assert panel.may_clone(SPONSOR, True)
    assert panel.may_clone(SPONSOR, False).status == 403
    assert panel.may_discard(ADA, True, campaign())
    assert panel.may_discard(ADA, False, campaign()).status == 403
    assert panel.may_discard(ADA, True, campaign(SUGGEST)).status == 409
    assert panel.may_discard(ADA, True, campaign(launched_at=NOW)).status == 409


def gaps(draft: Campaign, **facts: Any) -> set[str]:
    known = {"sponsored": True, "weights": [60, 40], "units": 0, "to_fill": {}, "now": NOW, **facts}
    return {gap.field for gap in panel.gaps(draft, **known)}


def test_a_whole_brief_misses_nothing() -> None:
    assert gaps(campaign()) == set()
    assert gaps(campaign(), weights=[]) == set()
    assert gaps(campaign(audience="units"), units=2) == set()


@pytest.mark.parametrize(
    ("facts", "known", "missing"),
    [
        ({"problem": " "}, {}, "problem"),
        ({"good_looks_like": ""}, {}, "good_looks_like"),
        ({"afterwards": ""}, {}, "afterwards"),
        ({}, {"to_fill": {"question": 2}}, "question"),
        ({}, {"sponsored": False}, "sponsor"),
        ({"audience": "units"}, {}, "audience"),
        ({}, {"weights": [60, 30]}, "criteria"),
        ({"vote_at": None}, {}, "vote_at"),
        ({"vote_at": NOW}, {}, "vote_at"),
        ({"promise_on": None}, {}, "promise_on"),
        ({"promise_on": NOW.date()}, {}, "promise_on"),
    ],
)
def test_each_gap_is_named(facts: dict[str, Any], known: dict[str, Any], missing: str) -> None:
    assert gaps(campaign(**facts), **known) == {missing}


def test_a_box_needs_no_dates() -> None:
    empty = {"problem": "", "good_looks_like": "", "afterwards": "", "vote_at": None, "promise_on": None}
    assert gaps(campaign(kind=BOX, **empty)) == set()
    assert gaps(campaign(kind=BOX, **empty), sponsored=False) == {"sponsor"}
