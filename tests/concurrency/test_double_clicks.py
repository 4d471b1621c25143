"""C8: one form, read once, sent many times at the same moment: one effect, and an answer for everybody that fits it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.models.campaign import SUGGEST
from ideabox.ideas.models.idea import Idea, IdeaFollow, IdeaTally, IdeaVersion
from ideabox.ideas.models.talk import Comment, Report
from tests.concurrency.harness import Caller, at_once, crowd, faults, rounds
from tests.concurrency.races import Arena
from tests.factories import make_campaign, make_idea

WORDS = "Shut the compressors at lunch, for the people of hall B."
Scene = tuple[str, str]

#: name: (page, action, button, values, event, table); {idea} is another's idea, {mine} one's own.
FORMS: dict[str, tuple[str, str, str, dict[str, Any], str, Any]] = {
    "send an idea": (
        "/ideas/new?campaign={campaign}",
        "/ideas/new",
        "do=send",
        {"title": "Shut compressors", "body": WORDS, "privacy": "named"},
        "idea.submitted",
        Idea,
    ),
    "comment": ("/ideas/{idea}", "/comments", "", {"body": WORDS}, "comment.posted", Comment),
    "follow": ("/ideas/{idea}", "/follow", "", {}, "idea.followed", IdeaFollow),
    "report": (
        "/ideas/{idea}/report",
        "/report",
        "",
        {"reason": "insult", "words": WORDS},
        "idea.reported",
        Report,
    ),
    "change the text": ("/ideas/{mine}/edit", "/edit", "", {"body": WORDS}, "idea.edited", IdeaVersion),
    "withdraw": ("/ideas/{mine}/withdraw", "/withdraw", "", {"reason": "It was tried in May."}, "idea.withdrawn", None),
}


@pytest.fixture
def arena(app: Flask, cookie_of: Callable[[Any], tuple[str, str]], served: Callable[..., str]) -> Arena:
    return Arena(app, served(workers=2), cookie_of)


def count(table: Any, *where: Any) -> int:
    found = db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0
    db.session.rollback()
    return found


@pytest.mark.parametrize("parallel", [8, 32])
def test_one_form_sent_many_times_has_one_effect(arena: Arena, parallel: int) -> None:
    found = []
    turns = max(rounds(parallel) // (4 * len(FORMS)), 1)
    for name in FORMS:
        for _ in range(turns):
            found += [f"{name}: {fault}" for fault in _race(arena, parallel, name)]
    assert found == []


def _race(arena: Arena, parallel: int, name: str) -> list[str]:
    page, action, button, values, event, table = FORMS[name]
    (person, cookie), *_ = arena.people(1)
    campaign = make_campaign(phase=SUGGEST)
    places = {
        "campaign": campaign.uid,
        "idea": make_idea(campaign).uid,
        "mine": make_idea(campaign, person).uid,
    }
    person_id = person.id
    db.session.rollback()
    callers = crowd(arena.url, [cookie] * parallel)
    address, sent = callers[0].fill(page.format(**places), action, button, **values)
    before = count(table) if table else 0
    answers = at_once(callers, lambda caller: _send(caller, address, sent))
    found = faults(answers)
    if not any(answer.status == 303 for answer in answers):
        found.append("nobody was told that it was done")
    if (told := count(Event, Event.name == event, Event.actor_id == person_id)) != 1:
        found.append(f"{told} events")
    if table and (more := count(table) - before) != 1:
        found.append(f"{more} new rows")
    return found + _wrong_counts()


def _send(caller: Caller, address: str, sent: dict[str, Any]) -> Any:
    return caller.post(address, **{name: value for name, value in sent.items() if name != "csrf_token"})


def _wrong_counts() -> list[str]:
    """Comments beside an idea are those that are there."""
    comments = select(func.count()).where(Comment.idea_id == IdeaTally.idea_id).scalar_subquery()
    wrong = count(IdeaTally, IdeaTally.comments != comments)
    return [f"{wrong} ideas with a wrong count of comments"] if wrong else []
