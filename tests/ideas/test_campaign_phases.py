"""Phases by the calendar, by two ticks at once, by a clock that jumps; and closing against a new idea."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from ideabox import clock, events
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.actions import campaign_phases
from ideabox.ideas.jobs.campaign_phases import move_due_phases
from ideabox.ideas.models.campaign import Campaign, CampaignFollow, PhaseChange
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.queries.campaign_state import rules_digest
from ideabox.ideas.queries.campaign_steps import phase_steps
from ideabox.ideas.queries.campaigns import Seen
from ideabox.notifications.models import Notice
from ideabox.verdict import Refused
from ideabox.viewer import Viewer
from tests.factories import make_campaign, make_idea, make_person, make_seat, make_unit

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
REASON = "The halls are closed next week."


def dated(phase: str = "suggest", **facts: Any) -> Campaign:
    days = {"suggest_at": -5, "improve_at": 5, "vote_at": 10, "evaluate_at": 15, "decide_at": 20, "close_at": 60}
    moments = {name: NOW + count * DAY for name, count in days.items()}
    return make_campaign(phase=phase, **{"phase_since": NOW - 5 * DAY, **moments, **facts})


def phase_of(campaign: Campaign) -> str:
    db.session.rollback()
    return db.session.scalars(select(Campaign.phase).where(Campaign.id == campaign.id)).one()


def changes(campaign: Campaign) -> list[tuple[str, str]]:
    query = select(PhaseChange.before, PhaseChange.after).where(PhaseChange.campaign_id == campaign.id)
    return [tuple(row) for row in db.session.execute(query.order_by(PhaseChange.id))]


def tick_at(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        move_due_phases()


def seen_by(person: Person, campaign: Campaign) -> tuple[Viewer, Seen]:
    viewer = Viewer(person.id, person.uid, person.name, person.email or "", "session")
    return viewer, Seen(db.session.get_one(Campaign, campaign.id), frozenset({"sponsor"}), person)


@pytest.mark.usefixtures("app")
def test_each_phase_opens_once_at_its_moment() -> None:
    campaign, other = dated(), dated(improve_at=None, vote_at=None, evaluate_at=None, decide_at=None, close_at=None)
    tick_at(NOW + 4 * DAY)
    assert phase_of(campaign) == "suggest"
    for _ in range(3):
        tick_at(NOW + 5 * DAY)
    assert phase_of(campaign) == "improve"
    tick_at(NOW + 10 * DAY)
    assert phase_of(campaign) == "vote"
    assert changes(campaign) == [("suggest", "improve"), ("improve", "vote")]
    assert changes(other) == []
    moved = db.session.scalars(select(Event).where(Event.name == "campaign.phase_moved").order_by(Event.id)).all()
    assert [(each.data["before"], each.data["after"], each.actor_id) for each in moved] == [
        ("suggest", "improve", None),
        ("improve", "vote", None),
    ]
    assert moved[1].data["rules"] == rules_digest(db.session.get_one(Campaign, campaign.id))


@pytest.mark.usefixtures("app")
def test_a_clock_that_jumps_moves_forward_once_and_never_back() -> None:
    campaign = dated()
    tick_at(NOW + 5 * DAY + timedelta(hours=1))
    tick_at(NOW + 5 * DAY - timedelta(hours=1))
    tick_at(NOW - 400 * DAY)
    assert phase_of(campaign) == "improve"
    tick_at(NOW + 400 * DAY)
    tick_at(NOW)
    tick_at(NOW + 401 * DAY)
    assert phase_of(campaign) == "decide", "closing waits for the answers, whatever the date"
    assert changes(campaign) == [("suggest", "improve"), ("improve", "decide")]


@pytest.mark.usefixtures("app")
def test_drafts_open_only_when_launched_and_boxes_never_move() -> None:
    draft, ready = dated("draft"), dated("draft", launched_at=NOW - DAY)
    box = dated(kind="box")
    tick_at(NOW)
    assert (phase_of(draft), phase_of(ready), phase_of(box)) == ("draft", "suggest", "suggest")


@pytest.mark.usefixtures("app")
def test_one_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = dated(), dated()
    real = campaign_phases.move_by_calendar

    def fail(campaign_id: int, to: str, now: datetime) -> None:
        if campaign_id == first.id:
            raise RuntimeError("a poisonous row")
        real(campaign_id, to, now)

    monkeypatch.setattr("ideabox.ideas.jobs.campaign_phases.move_by_calendar", fail)
    tick_at(NOW + 5 * DAY)
    assert (phase_of(first), phase_of(second)) == ("suggest", "improve")


def together(app: Flask, *deeds: Callable[[], None]) -> list[BaseException | None]:
    """Run these at the same moment, each in a thread with an app context and a transaction of its own."""
    start, faults = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable[[], None]) -> None:
        with app.app_context():
            start.wait()
            try:
                deed()
                db.session.commit()
            except BaseException as fault:
                db.session.rollback()
                faults[place] = fault  # type: ignore[call-overload]
            finally:
                db.session.remove()

    runs = [
        threading.Thread(target=contextvars.Context().run, args=(run, place, deed)) for place, deed in enumerate(deeds)
    ]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join(timeout=60)
    return faults


def test_eight_ticks_at_once_move_each_campaign_once(app: Flask) -> None:
    campaigns = [dated() for _ in range(4)]
    with time_machine.travel(NOW + 5 * DAY, tick=False):
        assert together(app, *[move_due_phases] * 8) == [None] * 8
    for campaign in campaigns:
        assert changes(campaign) == [("suggest", "improve")]
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name == "campaign.phase_moved")) == 4


def send_idea(campaign_id: int, author_id: int) -> None:
    """An idea as it is sent: counted by a guarded update of its campaign, in the same transaction."""
    db.session.add(
        Idea(campaign_id=campaign_id, author_id=author_id, stage="open", title="Late", submitted_at=clock.now())
    )
    db.session.flush()
    guarded = update(Campaign).where(Campaign.id == campaign_id, Campaign.phase == "suggest")
    if db.session.execute(guarded.values(idea_count=Campaign.idea_count + 1)).rowcount != 1:
        raise Refused("closed meanwhile", status=409)


@pytest.mark.parametrize("round_", range(10))
def test_closing_against_a_new_idea(app: Flask, round_: int) -> None:
    remi, author = make_person(), make_person()
    campaign = make_campaign(sponsor=remi, phase="suggest")
    number, writer = campaign.id, author.id

    def close() -> None:
        viewer, seen = seen_by(db.session.get_one(Person, remi.id), campaign)
        campaign_phases.move(viewer, seen, "closed", REASON)

    remi, campaign = db.session.merge(remi), db.session.merge(campaign)
    db.session.rollback()
    faults = together(app, close, lambda: send_idea(number, writer))
    assert all(fault is None or isinstance(fault, Refused) for fault in faults), faults
    waiting = db.session.scalar(select(func.count()).select_from(Idea).where(Idea.campaign_id == number)) or 0
    assert (phase_of(campaign), waiting) in {("closed", 0), ("suggest", 1)}
    assert sum(fault is not None for fault in faults) == 1


def test_two_moves_by_hand_at_once_are_one(app: Flask) -> None:
    remi = make_person()
    campaign = make_campaign(sponsor=remi, phase="suggest")

    def move() -> None:
        viewer, seen = seen_by(db.session.get_one(Person, remi.id), campaign)
        campaign_phases.move(viewer, seen, "vote", REASON)

    number = campaign.id
    faults = together(app, *[move] * 6)
    refused = [fault for fault in faults if fault is not None]
    assert len(refused) == 5 and all(isinstance(fault, Refused) and fault.status == 409 for fault in refused), faults
    assert changes(db.session.get_one(Campaign, number)) == [("suggest", "vote")]


@pytest.mark.usefixtures("app")
def test_the_guard_of_closing_holds_without_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    remi = make_person()
    campaign = make_campaign(sponsor=remi, phase="deliver")
    make_idea(campaign)
    monkeypatch.setattr("ideabox.ideas.actions.campaign_phases.unsettled_count", lambda _campaign: 0)
    viewer, seen = seen_by(remi, campaign)
    with pytest.raises(Refused):
        campaign_phases.move(viewer, seen, "closed", REASON)
    assert phase_of(campaign) == "deliver"


@pytest.mark.usefixtures("app")
def test_ideas_hidden_by_moderators_keep_no_campaign_open() -> None:
    remi = make_person()
    campaign = make_campaign(sponsor=remi, phase="deliver")
    make_idea(campaign, hidden_at=NOW)
    make_idea(campaign, stage="withdrawn")
    make_idea(campaign, outcome="parked")
    viewer, seen = seen_by(remi, campaign)
    campaign_phases.move(viewer, seen, "closed", REASON)
    db.session.commit()
    assert phase_of(campaign) == "closed"


@pytest.mark.usefixtures("app")
def test_who_hears_of_a_phase() -> None:
    top = make_unit("Top")
    hall, elsewhere = make_unit("Hall", parent=top), make_unit("Elsewhere")
    sponsor, inside, outside = make_person(), make_person(unit=hall), make_person(unit=elsewhere)
    gone, imported = make_person(unit=hall, active=False), make_person(unit=hall, email=None)
    campaign = dated("draft", launched_at=NOW - DAY, sponsor=sponsor, units=[top])
    follower, evaluator = make_person(unit=hall), make_person(unit=elsewhere)
    make_seat(campaign, evaluator)
    db.session.add(CampaignFollow(campaign_id=campaign.id, person_id=follower.id))
    db.session.commit()
    tick_at(NOW)
    while events.deliver_pending():
        pass
    told = {(row.person_id, row.kind) for row in db.session.scalars(select(Notice))}
    assert told == {
        (sponsor.id, "campaign.team"),
        (inside.id, "campaign.opened"),
        (follower.id, "campaign.opened"),
    }
    assert not {outside.id, gone.id, imported.id} & {person for person, _kind in told}
    tick_at(NOW + 5 * DAY)
    while events.deliver_pending():
        pass
    later = db.session.scalars(select(Notice.person_id).where(Notice.kind == "campaign.moved")).all()
    assert list(later) == [follower.id]


@pytest.mark.parametrize(
    ("phase", "states"),
    [
        ("draft", ["next"] * 6),
        ("suggest", ["now", *["next"] * 5]),
        ("vote", ["done", "done", "now", "next", "next", "next"]),
        ("closed", ["done"] * 6),
    ],
)
def test_the_strip_has_six_steps(app: Flask, phase: str, states: list[str]) -> None:
    with app.test_request_context(), time_machine.travel(NOW + 12 * DAY, tick=False):
        steps = phase_steps(dated(phase, phase_since=NOW + 10 * DAY), clock.now())
    assert [step.state for step in steps] == states
    now = [step for step in steps if step.state == "now"]
    assert all(0 <= step.share <= 1 for step in steps)
    if phase == "vote":
        assert now[0].share == pytest.approx(0.4)
        assert now[0].date_label.startswith("3 days left")
        assert steps[3].date_label == "25 to 30 June"
        assert steps[0].date_label == "until 15 June"
