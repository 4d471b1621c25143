"""Freeze what the votes say, note objections, confirm a shortlist, write and send letters: by the product's actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, update

from campaigns.actions import letter as letters
from campaigns.actions import shortlist
from campaigns.demo.script import Row
from campaigns.demo.stage import Scene
from campaigns.models.shortlist import Choice, LetterDraft, Objection, Shortlist
from campaigns.queries.letters import addressees
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.actions import answer as answers
from ideabox.ideas.actions import standing
from ideabox.ideas.models.answer import FollowUp, Letter, Standing, StandingRow
from ideabox.ideas.models.campaign import DELIVER
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.notices_answers import tell_of_follow_up, tell_of_letter
from ideabox.ideas.rules.answer import ACCEPTED, NEEDS_CLARIFICATION, Answer
from ideabox.mail import Mail

PARTS = ("understood", "spoke_for", "reason", "would_change", "next_step")


def freeze(scene: Scene) -> None:
    """The order at the end of voting, and what the team noted against the ideas at its top."""
    frozen = standing.freeze(scene.campaign.id)
    if frozen is None:
        return
    frozen.computed_at = scene.moment("evaluate") + timedelta(minutes=1)
    _backdate("standing.frozen", frozen.uid, frozen.computed_at)
    viewer, at = scene.cast.viewer(scene.sponsor), scene.moment("decide") + timedelta(hours=16)
    for title, words in scene.script.brief.get("objections", {}).items():
        idea = scene.ideas[title]
        shortlist.object_to(viewer, scene.seen_by_sponsor(), idea.uid, words)
        db.session.execute(update(Objection).where(Objection.idea_id == idea.id).values(at=at))
        _backdate("shortlist.objection", idea.uid, at)
    if scene.campaign.phase == DELIVER:
        _confirm(scene, frozen)


def _confirm(scene: Scene, frozen: Standing) -> None:
    """The shortlist of a campaign that has gone on: its accepted ideas, the choices that the votes left told apart."""
    sponsor, at = scene.cast.named(scene.sponsor), scene.moment("decide") + timedelta(days=3)
    accepted = {scene.ideas[row["idea"]].id for row in scene.script.letters if row["outcome"] == ACCEPTED}
    bands = db.session.execute(
        select(StandingRow.idea_id, StandingRow.band).where(StandingRow.standing_id == frozen.id)
    )
    for idea_id, band in bands:
        if (idea_id in accepted) != (band == "A"):
            said = {"reason": "Bjørn walked there with its author and saw what the votes could not tell.", "at": at}
            chosen = {"chosen": idea_id in accepted, "actor_id": sponsor.id}
            db.session.add(Choice(campaign_id=scene.campaign.id, idea_id=idea_id, **chosen, **said))
    done = {"standing_id": frozen.id, "actor_id": sponsor.id, "confirmed_at": at}
    db.session.add(Shortlist(campaign_id=scene.campaign.id, **done))


def _backdate(name: str, subject: str, at: datetime) -> Event:
    """The event an action has just recorded, put to its day, and no longer waiting for its reactions."""
    db.session.flush()
    query = select(Event).where(Event.name == name, Event.subject == subject).order_by(Event.id.desc()).limit(1)
    event = db.session.scalars(query).one()
    event.at = event.delivered_at = at
    return event


def send(scene: Scene) -> None:
    """Every letter of the script, in the order in which they left; those of the last weeks are told."""
    for row in sorted(scene.script.letters, key=lambda row: float(row["day"])):
        at = scene.cast.past(row["day"], scene.chance)
        letter = _send_one(scene, row, at)
        for note in row.get("after", ()):
            _go_on(scene, scene.ideas[row["idea"]], note)
        if row["day"] > -30:
            scene.untold.append((at, partial(_tell, letter, at)))
        else:
            letter.seen_at = at + timedelta(hours=scene.chance.randint(2, 60))
        _hear(scene, row, letter, at)
    for row in scene.script.drafted:
        _draft(scene, row)


def _answer(scene: Scene, row: Row) -> Answer:
    parked = scene.cast.at(row["parked"]).date() if "parked" in row else None
    words = {part: row.get(part, "") for part in PARTS}
    return Answer(outcome=row["outcome"], parked_until=parked, **words)


def _send_one(scene: Scene, row: Row, at: datetime) -> Letter:
    viewer, idea = scene.cast.viewer(scene.sponsor), scene.ideas[row["idea"]]
    to = addressees(viewer, scene.campaign, [idea.uid])
    [letter] = letters.send(viewer, scene.seen_by_sponsor(), to, _answer(scene, row), numbers={idea.uid: 0})
    letter.sent_at = at
    decided = {} if row["outcome"] == NEEDS_CLARIFICATION else {"decided_at": at}
    first = min(idea.first_answer_at or at, at)
    db.session.execute(update(Idea).where(Idea.id == idea.id).values(first_answer_at=first, **decided))
    _backdate("letter.sent", letter.uid, at)
    return letter


def _tell(letter: Letter, at: datetime) -> None:
    event = db.session.scalars(select(Event).where(Event.subject == letter.uid, Event.name == "letter.sent")).one()
    tell_of_letter(event)
    db.session.flush()
    sent = update(Mail).where(Mail.unique_key == f"letter:{letter.uid}")
    db.session.execute(sent.values(created_at=at, sent_at=at, tries=1))


def _hear(scene: Scene, row: Row, letter: Letter, at: datetime) -> None:
    """What the author said to it."""
    idea, read_at = scene.ideas[row["idea"]], min(at + timedelta(hours=5), scene.cast.now)
    author = next(person.name for person in scene.cast.people.values() if person.id == idea.author_id)
    if "clear" in row:
        answers.rate(scene.cast.viewer(author), letter, idea, row["clear"])
        _backdate("letter.rated", letter.uid, read_at)
    if "reply" in row:
        answers.reply(scene.cast.viewer(author), letter, idea, row["reply"])
        event = _backdate("letter.replied", letter.uid, read_at)
        event.delivered_at = read_at
        old = {"reply_seen_at": read_at + timedelta(days=1)} if row["day"] < -30 else {}
        changed = update(Letter).where(Letter.id == letter.id)
        db.session.execute(changed.values(replied_at=read_at, **old))
    if "clear" in row or "reply" in row:
        db.session.execute(update(Letter).where(Letter.id == letter.id).values(seen_at=read_at))


def _go_on(scene: Scene, idea: Idea, note: Row) -> None:
    viewer, at = scene.cast.viewer(scene.sponsor), scene.cast.past(note["day"], scene.chance)
    db.session.expire(idea)
    written = letters.follow_up(viewer, scene.seen_by_sponsor(), idea, note["stage"], note["words"])
    db.session.execute(update(FollowUp).where(FollowUp.id == written.id).values(created_at=at))
    event = _backdate("idea.followed_up", written.uid, at)
    if note["day"] > -100:
        scene.untold.append((at, partial(tell_of_follow_up, event)))


def _draft(scene: Scene, row: Row) -> None:
    idea = scene.ideas[row["idea"]]
    letters.draft(scene.cast.viewer(scene.sponsor), scene.seen_by_sponsor(), idea, _answer(scene, row))
    at = scene.cast.past(row["day"], scene.chance)
    db.session.execute(update(LetterDraft).where(LetterDraft.idea_id == idea.id).values(saved_at=at))
