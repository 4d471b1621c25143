"""C3 and C4: ideas sent while the phase moves, versions saved at the same moment; what is told is what is stored."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import OPEN, Idea, IdeaVersion
from ideabox.ids import new_uid
from tests.concurrency.harness import Answer, Caller, at_once, crowd, faults
from tests.factories import make_campaign, make_idea, make_person

PARALLEL, ROUNDS = 6, 6
SPREAD = 0.15


@pytest.fixture
def url(app: Flask, served: Callable[..., str]) -> str:
    return served(workers=2)


def idea_sent(caller: Caller, campaign: str) -> Answer:
    fields = {"title": "Shut compressors", "body": "At lunch.", "privacy": "named", "do": "send", "base": "0"}
    return caller.post(f"/ideas/new?campaign={campaign}", **fields, draft=new_uid(), client_key=new_uid())


def close(app: Flask, campaign_id: int, wait: float) -> int:
    """Move the phase, and return how many ideas that transaction saw."""
    time.sleep(wait)
    with app.app_context():
        moved = update(Campaign).where(Campaign.id == campaign_id).values(phase="improve")
        db.session.execute(moved)
        seen = select(func.count()).select_from(Idea).where(Idea.campaign_id == campaign_id, Idea.stage == OPEN)
        found = db.session.scalar(seen) or 0
        db.session.commit()
        return found


def test_no_idea_slips_in_once_the_phase_has_moved(app: Flask, url: str, cookie_of: Any) -> None:
    callers = crowd(url, [cookie_of(make_person()) for _ in range(PARALLEL)])
    chance, answers = random.Random(3), []
    for _ in range(ROUNDS):
        campaign = make_campaign()
        uid, campaign_id = campaign.uid, campaign.id
        acts: list[Any] = [lambda caller=caller, uid=uid: idea_sent(caller, uid) for caller in callers]
        wait = chance.random() * SPREAD
        moving = partial(close, app, campaign_id, wait)
        *given, seen = at_once([*acts, moving], lambda act: act())
        answers += given
        db.session.expire_all()
        stored = db.session.scalar(select(func.count()).select_from(Idea).where(Idea.campaign_id == campaign_id))
        counted = db.session.get_one(Campaign, campaign_id).idea_count
        db.session.rollback()
        assert seen == stored == counted == sum(answer.status == 303 for answer in given)
    assert not faults(answers)
    assert {answer.status for answer in answers} == {303, 409}, "the move met no ideas: the race proves nothing"


def test_of_many_edits_at_once_one_is_the_next_version(app: Flask, url: str, cookie_of: Any) -> None:
    author = make_person()
    callers = crowd(url, [cookie_of(author)] * PARALLEL)
    idea = make_idea(make_campaign(), author, body="As it was.")
    uid, idea_id = idea.uid, idea.id
    for round_ in range(1, ROUNDS):
        acts = list(enumerate(callers))
        answers = at_once(acts, lambda act, base=round_: _edit(act[1], uid, base, f"Text of {act[0]}"))
        assert sorted(answer.status for answer in answers) == [303] + [409] * (PARALLEL - 1)
        kept = next(place for place, answer in enumerate(answers) if answer.status == 303)
        db.session.expire_all()
        stored = db.session.get_one(Idea, idea_id)
        assert (stored.version, stored.body) == (round_ + 1, f"Text of {kept}")
        assert all(f"Text of {place}" in answer.text for place, answer in enumerate(answers) if place != kept)
        db.session.rollback()
    numbers = db.session.scalars(select(IdeaVersion.number).order_by(IdeaVersion.number)).all()
    assert numbers == list(range(1, ROUNDS + 1))


def _edit(caller: Caller, uid: str, base: int, body: str) -> Answer:
    return caller.post(f"/ideas/{uid}/edit", title="T", body=body, base=base, client_key=new_uid())
