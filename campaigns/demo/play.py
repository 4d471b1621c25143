"""Put on the whole demo, in the running transaction. The caller commits."""

from __future__ import annotations

from campaigns.demo import answering, links, polling, script, stage, talking, telling
from campaigns.demo.cast import Cast, gather
from ideabox import events
from ideabox.accounts import demo
from ideabox.accounts.models import Organisation
from ideabox.accounts.queries import person_by_email
from ideabox.database import db
from ideabox.ideas.models.campaign import AFTER_VOTE

KEY = "demo company"
ADMIN = "Yusuf Demir"


def is_on() -> bool:
    """Whether the demo was put on before."""
    admin = person_by_email(next(login.email for login in demo.DEMO_LOGINS if login.name == ADMIN))
    return admin is not None and events.already(admin.id, KEY) is not None


def somebody_elses() -> str:
    """The name of the company whose database this is, when it is not the demo's; else empty."""
    here = db.session.get(Organisation, 1)
    return here.name if here is not None and here.name != demo.COMPANY else ""


def fill() -> int:
    """All people and campaigns; returns the id of the person whose key marks that it was done."""
    cast = gather()
    scenes = [_put_on(name, cast) for name in script.NAMES]
    telling.tell_all(scenes)
    admin = cast.named(ADMIN)
    events.record("demo.filled", actor_id=admin.id, client_key=KEY)
    return admin.id


def _put_on(name: str, cast: Cast) -> stage.Scene:
    scene = stage.open_scene(script.read(name), cast)
    stage.add_ideas(scene)
    stage.add_followers(scene)
    links.link(scene)
    poll = polling.open_poll(scene)
    polling.read(poll)
    if "voters" in scene.script.brief:
        polling.vote(poll)
    talking.talk(scene)
    talking.follow(scene)
    polling.write(poll)
    db.session.flush()
    telling.prepare(scene)
    if scene.campaign.phase in AFTER_VOTE:
        answering.freeze(scene)
    answering.send(scene)
    return scene
