"""The races: each is run and counted here, and returns what it found wrong, as sentences. Empty means sound."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.models.campaign import EVALUATE, VOTE, Campaign
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.vote import Vote
from ideabox.ideas.queries.campaign_state import lock
from ideabox.ideas.queries.invariants import violations
from tests.concurrency.harness import Answer, Caller, at_once, crowd, faults
from tests.factories import make_idea, make_person, voting_campaign

GIVEN, TOO_LATE = 303, 409
CLOSING_SPREAD = 0.03


@dataclass(frozen=True)
class Arena:
    """A running server over the test's database, and how to sign in there."""

    app: Flask
    url: str
    cookie_of: Callable[[Any], tuple[str, str]]

    def people(self, count: int) -> list[tuple[Person, tuple[str, str]]]:
        people = [make_person() for _ in range(count)]
        return [(person, self.cookie_of(person)) for person in people]


def race_same_vote(arena: Arena, parallel: int, rounds: int) -> list[str]:
    """C1, C8: one person sends the same vote many times at once, in every other round mixed with other answers."""
    campaign = voting_campaign(good_limit=rounds + 1, best_limit=rounds)
    ideas = _uids(campaign, rounds)
    (_person, cookie), *_ = arena.people(1)
    answers: list[Answer] = []
    callers = crowd(arena.url, [cookie] * parallel)
    for turn, uid in enumerate(ideas):
        choices = ["good"] if turn % 2 == 0 else ["good", "best", "no", "none"]
        sent = [(caller, uid, choice) for caller, choice in zip(callers, _cycled(choices, parallel), strict=True)]
        answers += at_once(sent, lambda call: _vote(*call))
    return [*faults(answers, allowed=[GIVEN]), *_broken(), *_same_count(ideas)]


def race_budget(arena: Arena, parallel: int, rounds: int) -> list[str]:
    """C2: one person calls more ideas good, at once, than the campaign allows (3, of them 1 best)."""
    campaign = voting_campaign(good_limit=3, best_limit=1)
    ideas = _uids(campaign, parallel)
    found: list[str] = []
    answers: list[Answer] = []
    for person, cookie in arena.people(rounds):
        callers = crowd(arena.url, [cookie] * parallel)
        sent = list(zip(callers, ideas, _cycled(["good", "best"], parallel), strict=True))
        given = at_once(sent, lambda call: _vote(*call))
        answers += given
        kept = sum(answer.status == GIVEN for answer in given)
        stored = _count(Vote.voter_id == person.id)
        if not kept == stored == 3:
            found.append(f"of a budget of 3, {kept} were said to be kept and {stored} were stored")
    return [*found, *faults(answers), *_broken()]


def race_closing(arena: Arena, parallel: int, rounds: int) -> list[str]:
    """C3: many people vote while the phase is moved; what the move saw is all there may be afterwards."""
    campaign = voting_campaign(good_limit=rounds + 1)
    campaign_id = campaign.id
    crowd_of = [cookie for _person, cookie in arena.people(parallel)]
    found: list[str] = []
    answers: list[Answer] = []
    chance = random.Random(parallel)
    callers = crowd(arena.url, crowd_of)
    for uid in _uids(campaign, rounds):
        wait = chance.random() * CLOSING_SPREAD
        acts = [lambda caller=caller, uid=uid: _vote(caller, uid, "good") for caller in callers]
        *given, seen = at_once([*acts, lambda wait=wait: _close(arena, campaign_id, wait)], lambda act: act())
        answers += given
        found += _crossed(campaign_id, uid, seen, sum(answer.status == GIVEN for answer in given))
        db.session.execute(update(Campaign).values(phase=VOTE))
        db.session.commit()
    if {answer.status for answer in answers} < {GIVEN, TOO_LATE}:
        found.append("the closing met no votes: the race proves nothing")
    return [*found, *faults(answers), *_broken()]


def _crossed(campaign_id: int, uid: str, seen: int, told: int) -> list[str]:
    """`seen`: votes that the closing counted. `told`: voters of this round who were told that theirs was kept."""
    found = []
    stored = _count(Vote.campaign_id == campaign_id)
    if stored != seen:
        found.append(f"{stored - seen} votes came in after voting had been closed over {seen}")
    here = _count(Vote.idea_id == select(Idea.id).where(Idea.uid == uid).scalar_subquery())
    if here != told:
        found.append(f"{told} votes were said to be kept, {here} were")
    return found


def _close(arena: Arena, campaign_id: int, wait: float) -> int:
    """Move the phase as the product does, and return how many votes that transaction saw: what would be frozen."""
    time.sleep(wait)
    with arena.app.app_context():
        campaign = lock(campaign_id)
        campaign.phase = EVALUATE
        db.session.flush()
        seen = db.session.scalar(select(func.count()).select_from(Vote).where(Vote.campaign_id == campaign_id)) or 0
        db.session.commit()
        return seen


def _vote(caller: Caller, uid: str, choice: str) -> Answer:
    return caller.post(f"/ideas/{uid}/vote", choice=choice, back="ballot")


def _cycled(choices: Sequence[str], length: int) -> list[str]:
    return [choices[place % len(choices)] for place in range(length)]


def _uids(campaign: Campaign, count: int) -> list[str]:
    author = make_person()
    return [make_idea(campaign, author).uid for _ in range(count)]


def _count(*where: Any) -> int:
    count = db.session.scalar(select(func.count()).select_from(Vote).where(*where)) or 0
    db.session.rollback()
    return count


def _same_count(ideas: Sequence[str]) -> list[str]:
    """Rounds of one answer only must have left exactly one vote each."""
    lone = select(Idea.id).where(Idea.uid.in_(ideas[::2]))
    stored = _count(Vote.idea_id.in_(lone))
    return [] if stored == len(ideas[::2]) else [f"{stored} votes on {len(ideas[::2])} ideas"]


def _broken() -> list[str]:
    found = [f"{name}: {fault}" for name, faults_of in violations().items() for fault in faults_of]
    db.session.rollback()
    return found
