"""The rules of campaigns: pure functions, each answer and each reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ideabox.ideas.models.campaign import (
    AFTER_VOTE,
    BOX,
    CLOSED,
    DECIDE,
    DELIVER,
    DRAFT,
    EVALUATE,
    IMPROVE,
    PHASES,
    SUGGEST,
    VOTE,
    Campaign,
)
from ideabox.ideas.rules import calendar, campaigns
from ideabox.ideas.rules.phases import due_phase, ends_at
from ideabox.viewer import Viewer

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
REASON = "The halls are closed next week."
ADA = Viewer(1, "a", "Ada", "ada@example.org", "s")
ADMIN = Viewer(2, "b", "Yusuf", "yusuf@example.org", "s", is_admin=True)


def campaign(phase: str = SUGGEST, **facts: object) -> Campaign:
    return Campaign(**{"phase": phase, "kind": "campaign", "vote_count": 0, "question": "Why?", **facts})


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        ({}, False),
        ({"is_admin": True}, True),
        ({"is_leadership": True}, True),
        ({"is_moderator": True}, False),
        ({"seats": frozenset({"sponsor"})}, True),
        ({"seats": frozenset({"manager"})}, True),
        ({"seats": frozenset({"evaluator"})}, False),
    ],
)
def test_who_may_create(facts: dict[str, object], allowed: bool) -> None:
    viewer = Viewer(1, "a", "Ada", "ada@example.org", "s", **facts)  # type: ignore[arg-type]
    assert bool(campaigns.may_create(viewer)) is allowed


def test_the_team_and_admins_lead() -> None:
    assert campaigns.leads(ADA, True)
    assert campaigns.leads(ADMIN, False)
    assert campaigns.leads(ADA, False).status == 403


def test_a_company_begins_with_one_box() -> None:
    assert campaigns.may_open_first_box(0)
    assert campaigns.may_open_first_box(1).status == 409


def test_drafts_are_neither_followed_nor_told_of() -> None:
    assert campaigns.may_follow(campaign(DRAFT)).status == 409
    assert campaigns.may_follow(campaign(CLOSED))
    assert campaigns.may_tell(ADA, True, campaign(DRAFT)).status == 409
    assert campaigns.may_tell(ADA, False, campaign(VOTE)).status == 403
    assert campaigns.may_tell(ADA, True, campaign(VOTE))


def test_a_launch_needs_a_whole_brief_and_happens_once() -> None:
    assert campaigns.may_launch(ADA, True, campaign(DRAFT), 0)
    assert campaigns.may_launch(ADA, False, campaign(DRAFT), 0).status == 403
    assert campaigns.may_launch(ADA, True, campaign(SUGGEST), 0).status == 409
    assert "2 things are missing" in str(campaigns.may_launch(ADA, True, campaign(DRAFT), 2).reason)


@pytest.mark.parametrize("to", [IMPROVE, VOTE, EVALUATE, DECIDE, DELIVER, CLOSED])
def test_forward_to_any_phase_with_a_reason(to: str) -> None:
    assert campaigns.may_move(ADA, True, campaign(SUGGEST), to, REASON, 0)
    assert campaigns.may_move(ADA, True, campaign(SUGGEST), to, " too short ", 0).status == 422
    assert campaigns.may_move(ADA, False, campaign(SUGGEST), to, REASON, 0).status == 403


@pytest.mark.parametrize(
    ("before", "to", "votes", "allowed"),
    [
        (IMPROVE, SUGGEST, 0, True),
        (VOTE, IMPROVE, 0, True),
        (VOTE, IMPROVE, 1, False),
        (EVALUATE, VOTE, 0, True),
        (EVALUATE, VOTE, 3, False),
        (DELIVER, SUGGEST, 3, False),
        (DELIVER, DECIDE, 3, True),
        (CLOSED, DELIVER, 3, True),
    ],
)
def test_back_only_where_no_vote_is_lost(before: str, to: str, votes: int, allowed: bool) -> None:
    verdict = campaigns.may_move(ADA, True, campaign(before, vote_count=votes), to, REASON, 0)
    assert bool(verdict) is allowed
    assert allowed or verdict.status == 409


@pytest.mark.parametrize(
    ("before", "to", "facts", "status"),
    [
        (SUGGEST, SUGGEST, {}, 409),
        (DRAFT, SUGGEST, {}, 409),
        (SUGGEST, DRAFT, {}, 422),
        (SUGGEST, "lunch", {}, 422),
        (SUGGEST, VOTE, {"kind": BOX}, 409),
    ],
)
def test_ways_that_do_not_exist(before: str, to: str, facts: dict[str, object], status: int) -> None:
    assert campaigns.may_move(ADA, True, campaign(before, **facts), to, REASON, 0).status == status


def test_nothing_closes_while_an_idea_waits() -> None:
    verdict = campaigns.may_move(ADA, True, campaign(DELIVER), CLOSED, REASON, 3)
    assert verdict.status == 409
    assert "3 ideas have no answer yet" in str(verdict.reason)
    assert campaigns.may_move(ADA, True, campaign(DELIVER), CLOSED, REASON, 0)
    assert campaigns.may_close(0)


def dated(phase: str = SUGGEST, **facts: object) -> Campaign:
    """Suggest opened 10 days ago, improve in 4, vote in 8, decide in 20, close in 60."""
    moments = {"suggest_at": -10, "improve_at": 4, "vote_at": 8, "decide_at": 20, "close_at": 60}
    return campaign(phase, **{name: NOW + days * DAY for name, days in moments.items()} | facts)


@pytest.mark.parametrize(
    ("phase", "after_days", "due"),
    [
        (SUGGEST, 3, None),
        (SUGGEST, 4, IMPROVE),
        (SUGGEST, 9, VOTE),
        (SUGGEST, 400, DECIDE),
        (VOTE, 5, None),
        (DECIDE, 400, None),
        (CLOSED, 400, None),
        (DELIVER, -400, None),
    ],
)
def test_the_calendar_moves_forward_only_and_never_closes(phase: str, after_days: int, due: str | None) -> None:
    assert due_phase(dated(phase), NOW + after_days * DAY) == due
    for other in PHASES:
        assert bool(campaigns.due_now(dated(phase), other, NOW + after_days * DAY)) is (other == due)


def test_a_draft_opens_by_itself_only_once_launched() -> None:
    assert due_phase(dated(DRAFT), NOW) is None
    assert due_phase(dated(DRAFT, launched_at=NOW), NOW) == SUGGEST


def test_a_skipped_phase_is_jumped_over() -> None:
    skipping = dated(SUGGEST, improve_at=None)
    assert ends_at(skipping) == NOW + 8 * DAY
    assert due_phase(skipping, NOW + 5 * DAY) is None
    assert due_phase(skipping, NOW + 8 * DAY) == VOTE


def test_dates_stand_in_order() -> None:
    moments = {SUGGEST: NOW, VOTE: NOW + DAY, IMPROVE: NOW + 2 * DAY, CLOSED: NOW + 9 * DAY}
    assert set(calendar.order_faults(moments, None)) == {"vote_at"}
    assert calendar.order_faults({SUGGEST: NOW, DECIDE: NOW + DAY}, None) == {}
    assert set(calendar.order_faults({SUGGEST: NOW, IMPROVE: NOW}, None)) == {"improve_at"}


@pytest.mark.parametrize(("promise", "faulty"), [(-1, True), (0, False), (9, False), (10, True)])
def test_the_promise_lies_between_opening_and_close(promise: int, faulty: bool) -> None:
    day = (NOW + promise * DAY).date()
    assert bool(calendar.order_faults({SUGGEST: NOW, CLOSED: NOW + 9 * DAY}, day)) is faulty
    assert calendar.order_faults({}, date(2020, 1, 1)) == {}


def test_only_dates_to_come_can_be_set() -> None:
    running = dated(IMPROVE, improve_at=NOW - DAY)
    kept = {phase: getattr(running, column) for phase, column in calendar.OPENS.items()}
    assert calendar.past_faults(running, kept, NOW) == {}
    assert set(calendar.past_faults(running, kept | {VOTE: NOW - DAY}, NOW)) == {"vote_at"}
    assert calendar.past_faults(None, {SUGGEST: NOW - DAY}, NOW) == {}
    assert set(calendar.past_faults(None, {VOTE: NOW}, NOW)) == {"vote_at"}
    assert calendar.past_changed(running, kept) == {}
    assert set(calendar.past_changed(running, kept | {SUGGEST: NOW, VOTE: NOW})) == {"suggest_at"}


def test_moving_forward_by_hand_opens_now_and_empties_what_was_jumped() -> None:
    assert calendar.after_move(dated(SUGGEST), VOTE, NOW) == {"vote_at": NOW, "improve_at": None}


def test_moving_back_by_hand_is_not_undone_by_the_next_tick() -> None:
    late = dated(IMPROVE, improve_at=NOW - DAY)
    stored = calendar.after_move(late, SUGGEST, NOW)
    assert stored == {"suggest_at": NOW, "improve_at": None}
    for column, moment in stored.items():
        setattr(late, column, moment)
    late.phase = SUGGEST
    assert due_phase(late, NOW) is None


def test_after_the_votes_means_what_it_says() -> None:
    assert set(AFTER_VOTE) == {EVALUATE, DECIDE, DELIVER, CLOSED}
