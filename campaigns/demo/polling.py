"""Let the demo's people read and vote: milder and stricter ones, units that see things their own way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from campaigns.demo.script import Row
from campaigns.demo.stage import Scene
from ideabox import bulk
from ideabox.accounts.models import Person
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.vote import BEST, GOOD, NOT_FOR_US, UNSURE, Ballot, Show, Vote
from ideabox.ideas.rules.shows import DECK, PAGE

#: What is felt of an idea: its worth, how mild the voter is, what the unit thinks, and a mood. In the same unit.
MILDNESS, UNIT, MOOD = 0.45, 0.25, 0.95
GOOD_FROM, DOUBT, BEST_FROM = 0.15, 0.7, 1.0
#: What is felt of the first of the ideas that the script has somebody like; each next one a unit less.
LIKED = 5.0
#: An idea whose worth is not written is worth about this.
USUAL = 0.2


@dataclass
class Poll:
    """Rows to be written at once, and what is needed to make them."""

    scene: Scene
    worth: dict[int, float]
    views: dict[tuple[int, str], float]
    shown: dict[int, int]
    seen: set[tuple[int, int]] = field(default_factory=set)
    votes: list[dict[str, Any]] = field(default_factory=list)
    ballots: list[dict[str, Any]] = field(default_factory=list)
    shows: list[dict[str, Any]] = field(default_factory=list)


def open_poll(scene: Scene) -> Poll:
    """What each idea is worth, and what each unit thinks of it beside that."""
    rows = {row["title"]: row for row in scene.script.ideas}
    ideas = {title: idea for title, idea in scene.ideas.items() if title in rows}
    codes = sorted(unit.code for unit in scene.cast.units.values())
    views = {
        (idea.id, code): rows[title].get("units", {}).get(code, 0.0) + scene.chance.gauss(0, UNIT)
        for title, idea in ideas.items()
        for code in codes
    }
    worth = {idea.id: rows[title].get("worth", USUAL) for title, idea in ideas.items()}
    return Poll(scene, worth, views, dict.fromkeys(worth, 0))


def vote(poll: Poll) -> None:
    """A ballot of everybody who takes part; those whom the script names vote as it says."""
    scene, brief = poll.scene, poll.scene.script.brief
    named = {row["by"]: row for row in scene.script.listed("ballot")}
    people = sorted(scene.cast.people.values(), key=lambda person: person.id)
    free = [person for person in people if person.name not in {*named, scene.sponsor}]
    for person in scene.chance.sample(free, k=min(brief["voters"], len(free))):
        _ballot(poll, person, scene.chance.randint(*brief["answers"]), scene.campaign.good_limit, None)
    for name, row in named.items():
        _ballot(poll, scene.cast.named(name), row["answers"], row["goods"], row)


def _ballot(poll: Poll, person: Person, answers: int, goods: int, row: Row | None) -> None:
    """Cards as the deck deals them, answered within the budget: the best liked get what there is to give."""
    scene = poll.scene
    bests = row["bests"] if row else scene.campaign.best_limit
    mild = scene.chance.gauss(scene.script.brief.get("milder", 0.0), MILDNESS)
    cards = _dealt(poll, person, answers)
    felt = {idea_id: _felt(poll, person, idea_id, mild) for idea_id in cards}
    felt |= {scene.ideas[title].id: LIKED - place for place, title in enumerate((row or {}).get("likes", ()))}
    felt = {idea_id: felt[idea_id] for idea_id in cards}
    values = _values(felt, goods, bests)
    for slot, (idea_id, at) in enumerate(zip(cards, _moments(poll, len(cards)), strict=True)):
        _show(poll, person, idea_id, DECK, at, slot % 12 + 1)
        whose = {"campaign_id": scene.campaign.id, "idea_id": idea_id, "voter_id": person.id}
        poll.votes.append({**whose, "value": values[idea_id], "surface": DECK, "cast_at": at})
    if cards:
        _close(poll, person, list(values.values()))


def _dealt(poll: Poll, person: Person, answers: int) -> list[int]:
    own = {idea.id for idea in poll.scene.ideas.values() if idea.author_id == person.id}
    cards = sorted((poll.shown[one], poll.scene.chance.random(), one) for one in poll.shown if one not in own)
    return [idea_id for _shows, _order, idea_id in cards[:answers]]


def _felt(poll: Poll, person: Person, idea_id: int, mild: float) -> float:
    view = poll.views[idea_id, poll.scene.cast.code(person)]
    return poll.worth[idea_id] + mild + view + poll.scene.chance.gauss(0, MOOD)


def _values(felt: dict[int, float], goods: int, bests: int) -> dict[int, int]:
    liked = sorted((idea_id for idea_id in felt if felt[idea_id] > GOOD_FROM), key=lambda one: -felt[one])[:goods]
    left = max(GOOD_FROM, felt[liked[-1]]) if len(liked) == goods and liked else GOOD_FROM
    values = {one: NOT_FOR_US if felt[one] < left - DOUBT else UNSURE for one in felt} | dict.fromkeys(liked, GOOD)
    return values | {one: BEST for one in liked[:bests] if felt[one] > BEST_FROM}


def _moments(poll: Poll, cards: int) -> list[datetime]:
    """Some half a minute a card, within the time of voting."""
    opened, closed = poll.scene.moment("vote"), poll.scene.moment("evaluate")
    latest = closed - timedelta(minutes=45)
    start = opened + (latest - opened) * poll.scene.chance.betavariate(0.8, 1.3)
    seconds = 0
    moments = []
    for _card in range(cards):
        moments.append(start + timedelta(seconds=seconds))
        seconds += poll.scene.chance.randint(12, 55)
    return moments


def _show(poll: Poll, person: Person, idea_id: int, surface: str, at: datetime, slot: int = 0) -> None:
    tally = poll.scene.tallies[idea_id]
    tally.shows += 1
    tally.readers += surface == PAGE
    poll.shown[idea_id] += 1
    poll.seen.add((person.id, idea_id))
    where = {"campaign_id": tally.campaign_id, "idea_id": idea_id, "person_id": person.id}
    poll.shows.append({**where, "surface": surface, "slot": slot, "at": at})


def _close(poll: Poll, person: Person, values: list[int]) -> None:
    scene = poll.scene
    used = {"answers": len(values), "goods": sum(v >= GOOD for v in values), "bests": values.count(BEST)}
    last = poll.votes[-1]["cast_at"]
    poll.ballots.append({"campaign_id": scene.campaign.id, "person_id": person.id, **used, "changed_at": last})
    scene.campaign.voter_count += 1
    scene.campaign.vote_count += len(values)


def read(poll: Poll) -> None:
    """Pages opened: each idea by a few who are not its author; the latest ones by the fewest."""
    scene = poll.scene
    people = sorted(scene.cast.people.values(), key=lambda person: person.id)
    rows = {row["title"]: row for row in scene.script.ideas}
    named = {scene.cast.named(row["by"]).id for row in scene.script.listed("ballot")}
    for title, row in rows.items():
        idea = scene.ideas[title]
        free = [person for person in people if person.id not in named and person.id != idea.author_id]
        most = row.get("readers", scene.chance.randint(3, 26))
        for person in scene.chance.sample(free, k=most):
            _show(poll, person, idea.id, PAGE, _looked(scene, idea))
    for row in scene.script.listed("ballot"):
        _read_more(poll, scene.cast.named(row["by"]), row["read"])


def _read_more(poll: Poll, person: Person, count: int) -> None:
    counted = {row["title"] for row in poll.scene.script.ideas if "readers" in row}
    unread = [
        idea
        for idea in poll.scene.ideas.values()
        if idea.id in poll.shown
        and (person.id, idea.id) not in poll.seen
        and idea.author_id != person.id
        and idea.title not in counted
    ]
    for idea in poll.scene.chance.sample(unread, k=min(count, len(unread))):
        _show(poll, person, idea.id, PAGE, _looked(poll.scene, idea))


def _looked(scene: Scene, idea: Idea) -> datetime:
    sent = idea.submitted_at or scene.cast.now
    latest = max(scene.moment("evaluate"), sent)
    return sent + (latest - sent) * scene.chance.random()


def write(poll: Poll) -> None:
    """Everything at once, with the counts beside the ideas."""
    counters = {NOT_FOR_US: ("disagrees",), UNSURE: ("passes",), GOOD: ("agrees",), BEST: ("agrees", "bests")}
    for row in poll.votes:
        tally = poll.scene.tallies[row["idea_id"]]
        for counter in counters[row["value"]]:
            setattr(tally, counter, getattr(tally, counter) + 1)
    bulk.insert(Vote, poll.votes)
    bulk.insert(Ballot, poll.ballots)
    bulk.insert(Show, poll.shows)
