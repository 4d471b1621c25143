"""Notices of what happened of late, given by the product's own reactions and put to their day."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import select, update

from campaigns.demo.stage import Scene, record
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.models.campaign import RUNNING, CampaignUpdate
from ideabox.ideas.notices_campaign import tell_news, tell_of_phase
from ideabox.markdown import excerpt
from ideabox.notifications.models import Notice

#: Phases opened, and news, of so many days ago are told.
TOLD = timedelta(days=12)
#: What is older has been read.
READ = timedelta(days=2)


def prepare(scene: Scene) -> None:
    """The last step of the campaign, and its news, are to be told."""
    campaign, oldest = scene.campaign, scene.cast.now - TOLD
    if campaign.kind == "campaign" and campaign.phase_since > oldest:
        before = ("draft", *RUNNING)[RUNNING.index(campaign.phase)]
        facts = {"before": before, "after": campaign.phase, "question": campaign.question, "reason": ""}
        event = record(scene, "campaign.phase_moved", None, campaign.phase_since, campaign.uid, **facts)
        scene.untold.append((event.at, partial(tell_of_phase, event)))
    mine = select(CampaignUpdate).where(CampaignUpdate.campaign_id == campaign.id, CampaignUpdate.created_at > oldest)
    for news in db.session.scalars(mine.order_by(CampaignUpdate.id)):
        facts = {"news": news.uid, "question": campaign.question, "excerpt": excerpt(news.body, 160)}
        event = record(scene, "campaign.updated", news.author_id, news.created_at, campaign.uid, **facts)
        scene.untold.append((event.at, partial(tell_news, event)))


def tell_all(scenes: list[Scene]) -> None:
    """Everything untold in the order in which it happened. A notice is as old as its event; old ones have been read."""
    db.session.flush()
    untold = [each for scene in scenes for each in scene.untold]
    for _at, told in sorted(untold, key=lambda each: each[0]):
        told()
    db.session.flush()
    at = select(Event.at).where(Event.id == Notice.event_id).scalar_subquery()
    db.session.execute(update(Notice).values(created_at=at).execution_options(synchronize_session=False))
    old = update(Notice).where(Notice.created_at < scenes[0].cast.now - READ)
    db.session.execute(old.values(read_at=Notice.created_at).execution_options(synchronize_session=False))
