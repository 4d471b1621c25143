"""Write a campaign of the demo with its team, criteria, phases, news and ideas."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from campaigns.demo.cast import Cast
from campaigns.demo.script import BRIEF, Row, Script
from ideabox import events, markdown
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.actions.similar import index_many
from ideabox.ideas.models.campaign import (
    EVALUATOR,
    MANAGER,
    PHASES,
    SPONSOR,
    Campaign,
    CampaignFollow,
    CampaignUpdate,
    Criterion,
    PhaseChange,
    Seat,
)
from ideabox.ideas.models.idea import DRAFT, NAMED, OPEN, SEALED, SHUFFLE_RANGE, Idea, IdeaTally, IdeaVersion
from ideabox.ideas.queries.campaigns import Seen
from ideabox.ideas.rules.phases import OPENS
from ideabox.ids import LENGTH

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass
class Scene:
    """One campaign while it is put on. Its chance is seeded by its name: each demo is the same but for the dates."""

    script: Script
    cast: Cast
    campaign: Campaign
    chance: random.Random
    ideas: dict[str, Idea] = field(default_factory=dict)
    tallies: dict[int, IdeaTally] = field(default_factory=dict)
    #: What is still to be told, and of which moment: notices are read by when they came.
    untold: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    @property
    def sponsor(self) -> str:
        name: str = self.script.brief["sponsor"]
        return name

    @property
    def team(self) -> set[str]:
        return {self.sponsor, *self.script.brief["managers"]}

    def seen_by_sponsor(self) -> Seen:
        return Seen(self.campaign, frozenset({SPONSOR}), self.cast.named(self.sponsor))

    def moment(self, phase: str) -> datetime:
        """When that phase opened; now when it has not."""
        opened: datetime | None = getattr(self.campaign, OPENS[phase])
        return min(opened, self.cast.now) if opened else self.cast.now


def uid(chance: random.Random) -> str:
    """Like ids.new_uid, but by seed: the draws of a standing are dealt by the ideas' uids."""
    return "".join(chance.choices(LETTERS, k=LENGTH))


def open_scene(script: Script, cast: Cast) -> Scene:
    """The campaign itself with all that stands on its page before the first idea."""
    chance = random.Random(f"halden {script.name}")  # noqa: S311 - a play's chance, no secret
    brief, days = script.brief, script.brief["days"]
    dates: dict[str, Any] = {OPENS[phase]: cast.at(day, 9 if phase == "suggest" else 18) for phase, day in days.items()}
    campaign = Campaign(
        **{name: brief[name] for name in BRIEF if name in brief},
        **dates,
        kind=brief.get("kind", "campaign"),
        leading_key=brief["key"],
        uid=uid(chance),
        sponsor_id=cast.named(brief["sponsor"]).id,
        created_by_id=cast.named("Marta Kowalska").id,
        created_at=cast.at(days["suggest"] - 12, 11),
        launched_at=dates["suggest_at"],
        phase_since=dates[OPENS[brief["phase"]]],
        promise_on=cast.at(brief["promise"]).date() if "promise" in brief else None,
        seed=chance.randrange(2**31),
    )
    db.session.add(campaign)
    db.session.flush()
    scene = Scene(script, cast, campaign, chance)
    _seats(scene)
    _steps(scene)
    _news(scene)
    return scene


def _seats(scene: Scene) -> None:
    brief, campaign = scene.script.brief, scene.campaign
    names = ((SPONSOR, [brief["sponsor"]]), (MANAGER, brief["managers"]), (EVALUATOR, brief["evaluators"]))
    seats = ((scene.cast.named(name), role) for role, some in names for name in some)
    db.session.add_all(
        Seat(campaign_id=campaign.id, person_id=person.id, role=role, created_at=campaign.created_at)
        for person, role in seats
    )
    for place, row in enumerate(scene.script.listed("criteria")):
        words = {"name": row["name"], "low_anchor": row["low"], "high_anchor": row["high"], "weight": row["weight"]}
        db.session.add(Criterion(campaign_id=campaign.id, position=place, **words))
    made = scene.cast.named("Marta Kowalska").id
    record(scene, "campaign.created", made, campaign.created_at, campaign.uid)


def _steps(scene: Scene) -> None:
    """The phases gone through: the first by hand, the others by the calendar."""
    gone = [phase for phase in PHASES if phase in OPENS and PHASES.index(phase) <= PHASES.index(scene.campaign.phase)]
    before = "draft"
    for phase in (phase for phase in gone if phase in scene.script.brief["days"]):
        actor = scene.cast.named("Marta Kowalska").id if before == "draft" else None
        step = {"before": before, "after": phase, "actor_id": actor, "at": scene.moment(phase)}
        db.session.add(PhaseChange(campaign_id=scene.campaign.id, **step))
        before = phase


def _news(scene: Scene) -> None:
    for row in scene.script.listed("news"):
        words = {"body": row["text"], "body_html": markdown.render(row["text"])}
        author, at = scene.cast.named(scene.sponsor), scene.cast.past(row["day"], scene.chance)
        db.session.add(CampaignUpdate(campaign_id=scene.campaign.id, author_id=author.id, created_at=at, **words))


def record(scene: Scene, name: str, actor_id: int | None, at: datetime, subject: str, **facts: Any) -> Event:
    """An event of the past, whose reactions are run here or not at all."""
    event = events.record(name, actor_id=actor_id, campaign_id=scene.campaign.id, subject=subject, **facts)
    event.at = event.delivered_at = at
    return event


def add_ideas(scene: Scene) -> None:
    """All ideas in the order in which they were sent, with their versions, index and empty counts."""
    rows = sorted(((_sent(scene, row), row) for row in scene.script.ideas), key=lambda pair: pair[0])
    for at, row in rows:
        scene.ideas[row["title"]] = _idea(scene, row, at, OPEN)
    for row in scene.script.listed("draft"):
        scene.ideas[row["title"]] = _idea(scene, row, scene.cast.past(row["day"], scene.chance), DRAFT)
    db.session.add_all(scene.ideas.values())
    db.session.flush()
    for idea in scene.ideas.values():
        scene.tallies[idea.id] = IdeaTally(idea_id=idea.id, campaign_id=idea.campaign_id, **_zero(scene.chance))
    db.session.add_all(scene.tallies.values())
    for at, row in rows:
        _versions(scene, row, scene.ideas[row["title"]], at)
    sent = [scene.ideas[row["title"]] for _at, row in rows]
    index_many((idea.id, idea.title, idea.body) for idea in sent)
    scene.campaign.idea_count = len(sent)


def _zero(chance: random.Random) -> dict[str, int]:
    counts = (
        "agrees",
        "bests",
        "passes",
        "disagrees",
        "shows",
        "readers",
        "comments",
        "questions",
        "builds",
        "follows",
    )
    return dict.fromkeys(counts, 0) | {"shuffle": chance.randrange(2**31)}


def _sent(scene: Scene, row: Row) -> datetime:
    """On its day, or on some day of the suggest phase: many at once, then fewer, a last few before it ends."""
    if "day" in row:
        return scene.cast.past(row["day"], scene.chance)
    opened, closed = scene.moment("suggest"), scene.moment("improve")
    share = scene.chance.betavariate(0.8, 1.1)
    at = opened + share * (closed - opened - timedelta(hours=2)) + timedelta(minutes=40)
    return min(at, scene.cast.now - timedelta(hours=3))


def _idea(scene: Scene, row: Row, at: datetime, stage: str) -> Idea:
    low, high = row.get("cost", (None, None))
    sent = stage == OPEN
    return Idea(
        uid=uid(scene.chance),
        campaign_id=scene.campaign.id,
        author_id=_author(scene, row).id,
        privacy=SEALED if row.get("sealed") else NAMED,
        stage=stage,
        title=row["title"],
        body=row["text"],
        body_html=markdown.render(row["text"]) if sent else "",
        excerpt=markdown.excerpt(row["text"]) if sent else "",
        cost_low=low,
        cost_high=high,
        cost_note=row.get("note", ""),
        who_could_help=row.get("who_could_help", ""),
        tried_where=row.get("tried", ""),
        tags=row.get("tags", ""),
        version=len(row.get("before", ())) + 1,
        shuffle=scene.chance.randrange(SHUFFLE_RANGE),
        created_at=at - timedelta(minutes=35),
        saved_at=at,
        submitted_at=at if sent else None,
    )


def _author(scene: Scene, row: Row) -> Person:
    """Who is named, or somebody of the unit who neither runs the campaign nor asks about this very idea."""
    if "by" in row:
        return scene.cast.named(row["by"])
    speak = {turn["by"] for turn in scene.script.talk if turn["idea"] == row["title"]}
    free = [person for person in _of(scene, row["from"]) if person.name not in speak | scene.team]
    spoken = [person for person in free if person.lang == scene.campaign.lang] or free
    return scene.chance.choice(spoken)


def _of(scene: Scene, code: str) -> list[Person]:
    """The unit's own people; for a site or the like with one alone, those of the units below it too."""
    own = scene.cast.extras.get(code, [])
    if len(own) > 1:
        return own
    path = next(unit.path for unit in scene.cast.units.values() if unit.code == code)
    below = [unit.code for unit in scene.cast.units.values() if unit.path.startswith(path)]
    return own + [person for one in sorted(below) if one != code for person in scene.cast.extras.get(one, [])]


def _versions(scene: Scene, row: Row, idea: Idea, at: datetime) -> None:
    """Each text as it stood, the last as it stands."""
    texts = [*row.get("before", ()), {"title": row["title"], "text": row["text"], **row.get("last", {})}]
    moments = [at, *sorted(scene.cast.past(text["day"], scene.chance) for text in texts[1:])]
    for number, (text, moment) in enumerate(zip(texts, moments, strict=True), start=1):
        words = {"title": text["title"], "body": text["text"], "note": text.get("note", ""), "created_at": moment}
        db.session.add(IdeaVersion(idea_id=idea.id, number=number, editor_id=idea.author_id, **words))
    idea.saved_at = moments[-1]
    record(scene, "idea.submitted", idea.author_id, at, idea.uid, idea_id=idea.id)


def add_followers(scene: Scene) -> None:
    """Some who want to hear of the campaign."""
    people = sorted(scene.cast.people.values(), key=lambda person: person.id)
    some = scene.chance.sample([person for person in people if person.name not in scene.team], k=14)
    ada = scene.cast.named("Ada Lindqvist")
    for person in {one.id: one for one in [*some, ada]}.values():
        db.session.add(CampaignFollow(campaign_id=scene.campaign.id, person_id=person.id))
