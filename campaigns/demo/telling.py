"""Notices of what happened of late, given by the product's own reactions and put to their day."""

from __future__ import annotations

from datetime import timedelta

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


def tell(scene: Scene) -> None:
    """The last step of the campaign, and its news."""
    campaign, oldest = scene.campaign, scene.cast.now - TOLD
    if campaign.kind == "campaign" and campaign.phase_since > oldest:
        before = ("draft", *RUNNING)[RUNNING.index(campaign.phase)]
        facts = {"before": before, "after": campaign.phase, "question": campaign.question, "reason": ""}
        event = record(scene, "campaign.phase_moved", None, campaign.phase_since, campaign.uid, **facts)
        db.session.flush()
        tell_of_phase(event)
    mine = select(CampaignUpdate).where(CampaignUpdate.campaign_id == campaign.id, CampaignUpdate.created_at > oldest)
    for news in db.session.scalars(mine.order_by(CampaignUpdate.id)):
        facts = {"news": news.uid, "question": campaign.question, "excerpt": excerpt(news.body, 160)}
        event = record(scene, "campaign.updated", news.author_id, news.created_at, campaign.uid, **facts)
        db.session.flush()
        tell_news(event)


def put_to_their_day(scene: Scene) -> None:
    """A notice is as old as its event, and an old one has been read."""
    db.session.flush()
    at = select(Event.at).where(Event.id == Notice.event_id).scalar_subquery()
    db.session.execute(update(Notice).values(created_at=at).execution_options(synchronize_session=False))
    old = update(Notice).where(Notice.created_at < scene.cast.now - READ)
    db.session.execute(old.values(read_at=Notice.created_at).execution_options(synchronize_session=False))
