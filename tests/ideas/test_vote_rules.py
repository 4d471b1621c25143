"""The rules of voting, without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ideabox.ideas.models.campaign import AFTER_VOTE, PHASES, VOTE
from ideabox.ideas.models.idea import LIVE, STAGES
from ideabox.ideas.rules.shows import counts_as_shown
from ideabox.ideas.rules.vote import CHOICES, WORDS, Votable, budget_spent, may_see_tally, may_vote

VOTER, AUTHOR = 1, 2
IDEA = Votable(
    id=7,
    uid="abc",
    author_id=AUTHOR,
    stage="open",
    hidden=False,
    campaign_id=3,
    campaign_uid="def",
    kind="campaign",
    phase=VOTE,
    asked=True,
    good_limit=10,
    best_limit=3,
)


@pytest.mark.parametrize("value", [-1, 0, 1, 2, None])
def test_each_answer_and_none_is_allowed_while_voting(value: int | None) -> None:
    assert may_vote(VOTER, IDEA, value)


@pytest.mark.parametrize(
    ("change", "value", "status", "words"),
    [
        ({"author_id": VOTER}, 1, 403, "your own idea"),
        ({"asked": False}, 1, 403, "asks other units"),
        ({"hidden": True}, 1, 409, "taken back or hidden"),
        ({"best_limit": 0}, 2, 409, 'Choose "good" instead'),
        ({}, 3, 422, "one of the four"),
        ({}, -2, 422, "one of the four"),
    ],
)
def test_each_refusal_has_its_reason(change: dict[str, object], value: int, status: int, words: str) -> None:
    verdict = may_vote(VOTER, replace(IDEA, **change), value)  # type: ignore[arg-type]
    assert not verdict
    assert verdict.status == status
    assert words in str(verdict.reason)


@pytest.mark.parametrize("phase", PHASES)
def test_votes_are_taken_in_one_phase_only(phase: str) -> None:
    verdict = may_vote(VOTER, replace(IDEA, phase=phase), 1)
    assert bool(verdict) == (phase == VOTE)
    if phase in AFTER_VOTE:
        assert "over" in str(verdict.reason)
    elif phase != VOTE:
        assert "not begun" in str(verdict.reason)


@pytest.mark.parametrize("stage", STAGES)
def test_only_live_ideas_are_voted_on(stage: str) -> None:
    assert bool(may_vote(VOTER, replace(IDEA, stage=stage), 0)) == (stage in LIVE)


def test_a_campaign_without_best_still_takes_the_others_and_taking_back() -> None:
    without = replace(IDEA, best_limit=0)
    assert all(may_vote(VOTER, without, value) for value in (-1, 0, 1, None))


@pytest.mark.parametrize(
    ("value", "bests", "limits", "words"),
    [
        (1, 0, (10, 3), "10 good are given"),
        (1, 0, (1, 3), "1 good is given"),
        (2, 3, (10, 3), "3 best are named"),
        (2, 1, (10, 1), "1 best is named"),
        (2, 2, (10, 3), "10 good are given"),
    ],
)
def test_the_spent_budget_is_named(value: int, bests: int, limits: tuple[int, int], words: str) -> None:
    verdict = budget_spent(value, bests, *limits)
    assert (bool(verdict), verdict.status) == (False, 409)
    assert words in str(verdict.reason)
    assert "Nothing was changed" in str(verdict.reason)


@pytest.mark.parametrize("phase", PHASES)
def test_totals_are_seen_once_voting_is_over_and_never_before(phase: str) -> None:
    assert bool(may_see_tally(phase)) == (phase in AFTER_VOTE)


def test_the_reason_for_hidden_totals_depends_on_the_moment() -> None:
    assert "until voting is over" in str(may_see_tally(VOTE).reason)
    assert "Nobody has voted" in str(may_see_tally("suggest").reason)


def test_words_and_values_of_answers_are_one_to_one() -> None:
    assert {word: WORDS[value] for word, value in CHOICES.items()} == {word: word for word in CHOICES}


@pytest.mark.parametrize(
    ("person", "stage", "surface", "counts"),
    [
        (VOTER, "open", "deck", True),
        (VOTER, "delivered", "page", True),
        (AUTHOR, "open", "page", False),
        (VOTER, "draft", "page", False),
        (VOTER, "withdrawn", "deck", False),
        (VOTER, "open", "mail", False),
    ],
)
def test_what_counts_as_a_show(person: int, stage: str, surface: str, counts: bool) -> None:
    assert bool(counts_as_shown(person, AUTHOR, stage, surface)) == counts
