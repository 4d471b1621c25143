"""What may be answered, by whom, and when a reason can be understood."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from ideabox.ideas.rules import answer as rules
from ideabox.ideas.rules.answer import Answer

TODAY = date(2026, 6, 24)
LONG = "The cameras of the corridor see nothing under 5 lux."


def answer(**parts):
    parts_left = ("understood", "spoke_for", "would_change", "next_step")
    defaults = {"outcome": "accepted", "reason": LONG, **dict.fromkeys(parts_left, "")}
    return Answer(**{**defaults, **parts})


@pytest.mark.parametrize(
    ("leads", "runs", "allowed"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_leadership_and_the_team_read_decisions(leads, runs, allowed):
    assert bool(rules.may_read_decisions(SimpleNamespace(is_leadership=leads), runs)) is allowed


@pytest.mark.parametrize(
    ("phase", "allowed"),
    [("draft", False), ("suggest", False), ("vote", False), ("evaluate", True), ("decide", True), ("closed", True)],
)
def test_no_order_before_the_votes_are_in(phase, allowed):
    verdict = rules.may_see_order(phase)
    assert bool(verdict) is allowed and (allowed or verdict.status == 409)


@pytest.mark.parametrize(
    ("outcome", "phase", "parts", "status"),
    [
        (None, "decide", {}, None),
        ("parked", "decide", {}, None),
        ("needs_clarification", "deliver", {}, None),
        (None, "draft", {}, 409),
        ("accepted", "decide", {}, 409),
        ("not_retained", "decide", {}, 409),
        ("delivered", "decide", {}, 409),
        (None, "decide", {"outcome": "delivered"}, 422),
        (None, "decide", {"outcome": ""}, 422),
        (None, "decide", {"outcome": "parked"}, 422),
        (None, "decide", {"outcome": "parked", "would_change": "A new camera."}, None),
        (None, "decide", {"outcome": "parked", "parked_until": date(2026, 9, 1)}, None),
        (None, "decide", {"outcome": "parked", "parked_until": TODAY}, 422),
    ],
)
def test_what_an_idea_can_be_answered(outcome, phase, parts, status):
    verdict = rules.may_answer(outcome, phase, answer(**parts), TODAY)
    assert (None if verdict else verdict.status) == status


@pytest.mark.parametrize(
    ("reason", "named", "alike", "said"),
    [
        (LONG, True, 0, None),
        (LONG, True, 2, None),
        ("Too dear.", True, 0, "Too short"),
        (LONG, True, 3, "3 ideas"),
        (LONG, False, 0, "any idea"),
    ],
)
def test_a_reason_names_a_fact_of_its_idea(app, reason, named, alike, said):
    verdict = rules.reason_holds(reason, named, alike)
    assert bool(verdict) is (said is None)
    assert said is None or (said in str(verdict.reason) and verdict.status == 422)


@pytest.mark.parametrize(
    ("said", "idea", "criteria", "named"),
    [({"lamp"}, {"lamp"}, set(), True), ({"secur"}, {"lamp"}, {"secur"}, True), ({"year"}, {"lamp"}, {"secur"}, False)],
)
def test_a_word_of_the_idea_or_a_criterion_is_something(said, idea, criteria, named):
    assert rules.names_something(said, idea, criteria) is named


def test_only_the_author_answers_and_once():
    assert rules.may_reply(1, 1, False)
    assert rules.may_reply(2, 1, False).status == 403
    assert rules.may_reply(1, 1, True).status == 409
    assert rules.may_rate(1, 1) and not rules.may_rate(2, 1)


def test_the_team_alone_marks_an_answer_as_read():
    assert rules.may_hear(True) and not rules.may_hear(False)


@pytest.mark.parametrize(
    ("outcome", "stage", "allowed"),
    [
        ("accepted", "in_progress", True),
        ("accepted", "delivered", True),
        ("in_progress", "delivered", True),
        ("delivered", "in_progress", False),
        ("not_retained", "delivered", False),
        (None, "in_progress", False),
        ("accepted", "accepted", False),
    ],
)
def test_only_an_accepted_idea_goes_on(outcome, stage, allowed):
    assert bool(rules.may_go_on(outcome, stage)) is allowed
