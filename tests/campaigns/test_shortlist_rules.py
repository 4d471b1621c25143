"""Who chooses at the cut, what needs a reason, when the shortlist is whole."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from campaigns.rules import shortlist as rules

LEADER, NOBODY = SimpleNamespace(is_leadership=True), SimpleNamespace(is_leadership=False)
WHY = "It serves two halls and costs nothing."


@pytest.mark.parametrize(
    ("viewer", "runs", "phase", "confirmed", "status"),
    [
        (LEADER, False, "decide", False, None),
        (NOBODY, True, "evaluate", False, None),
        (NOBODY, False, "decide", False, 403),
        (LEADER, False, "vote", False, 409),
        (LEADER, False, "deliver", False, 409),
        (LEADER, False, "decide", True, 409),
    ],
)
def test_who_chooses_and_when(viewer, runs, phase, confirmed, status):
    verdict = rules.may_choose(viewer, runs, phase, confirmed)
    assert (None if verdict else verdict.status) == status


@pytest.mark.parametrize(
    ("band", "chosen", "reason", "taken", "status"),
    [
        ("A", True, "", 0, None),
        ("A", False, "", 0, 422),
        ("A", False, WHY, 0, None),
        ("B", True, "", 0, 422),
        ("B", True, WHY, 0, None),
        ("B", False, "", 3, None),
        ("C", True, "", 0, 422),
        ("", True, WHY, 2, None),
        ("B", True, WHY, 3, 409),
        ("A", True, "", 3, 409),
    ],
)
def test_what_a_choice_needs(app, band, chosen, reason, taken, status):
    verdict = rules.choice_holds(band, chosen, reason, taken, 3)
    assert (None if verdict else verdict.status) == status


@pytest.mark.parametrize(
    ("seats", "confirmed", "chosen", "said"),
    [
        ({"sponsor"}, False, 3, None),
        ({"manager"}, False, 3, "Only the sponsor"),
        (set(), False, 3, "Only the sponsor"),
        ({"sponsor"}, True, 3, "was confirmed"),
        ({"sponsor"}, False, 1, "Choose 2 more ideas"),
        ({"sponsor"}, False, 4, "Take 1 idea off"),
    ],
)
def test_the_sponsor_confirms_a_whole_shortlist(app, seats, confirmed, chosen, said):
    verdict = rules.may_confirm(NOBODY, frozenset(seats), "decide", confirmed, chosen, 3)
    assert bool(verdict) is (said is None) and (said is None or said in str(verdict.reason))


def test_deciders_note_objections():
    assert rules.may_object(LEADER, False) and rules.may_object(NOBODY, True) and not rules.may_object(NOBODY, False)
