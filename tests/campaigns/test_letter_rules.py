"""Who writes, who signs, and when letters leave."""

from __future__ import annotations

import pytest

from campaigns.rules import letter as rules


def test_the_team_writes():
    assert rules.may_draft(True) and not rules.may_draft(False)
    assert rules.may_follow_up(True) and not rules.may_follow_up(False)


@pytest.mark.parametrize(
    ("seats", "kind", "phase", "status"),
    [
        ({"sponsor"}, "campaign", "decide", None),
        ({"sponsor"}, "campaign", "deliver", None),
        ({"sponsor"}, "box", "suggest", None),
        ({"manager", "evaluator"}, "campaign", "decide", 403),
        (set(), "box", "suggest", 403),
        ({"sponsor"}, "campaign", "evaluate", 409),
        ({"sponsor"}, "campaign", "closed", 409),
        ({"sponsor"}, "box", "draft", 409),
    ],
)
def test_the_sponsor_signs_once_the_votes_are_in(seats, kind, phase, status):
    verdict = rules.may_send(frozenset(seats), kind, phase)
    assert (None if verdict else verdict.status) == status


@pytest.mark.parametrize(("ideas", "allowed"), [(0, False), (1, True), (12, True), (13, False)])
def test_a_collective_letter_answers_a_few(app, ideas, allowed):
    assert bool(rules.may_answer_together(ideas, 12)) is allowed
