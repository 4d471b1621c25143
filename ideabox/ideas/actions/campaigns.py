"""Do it: follow a campaign, tell its news."""

from __future__ import annotations

from sqlalchemy import delete

from ideabox import events, markdown
from ideabox.database import db, upsert
from ideabox.ideas.models.campaign import CampaignFollow, CampaignUpdate
from ideabox.ideas.queries.campaigns import Seen
from ideabox.ideas.rules import campaigns as rules
from ideabox.viewer import Viewer


def follow(viewer: Viewer, seen: Seen, wanted: bool) -> None:
    """Follow, or stop; doing either twice is doing it once."""
    rules.may_follow(seen.campaign).enforce()
    pair = {"campaign_id": seen.campaign.id, "person_id": viewer.id}
    if wanted:
        db.session.execute(upsert(CampaignFollow.__table__).values(**pair).on_conflict_do_nothing())
    else:
        db.session.execute(delete(CampaignFollow).filter_by(**pair))
    name = "campaign.followed" if wanted else "campaign.unfollowed"
    events.record(name, actor_id=viewer.id, campaign_id=seen.campaign.id, subject=seen.campaign.uid)


def tell(viewer: Viewer, seen: Seen, body: str, *, client_key: str | None = None) -> CampaignUpdate:
    """Post news in Markdown; those who follow hear of it."""
    rules.may_tell(viewer, seen.runs, seen.campaign).enforce()
    news = CampaignUpdate(campaign_id=seen.campaign.id, author_id=viewer.id, body=body, body_html=markdown.render(body))
    db.session.add(news)
    db.session.flush()
    events.record(
        "campaign.updated",
        actor_id=viewer.id,
        campaign_id=seen.campaign.id,
        subject=seen.campaign.uid,
        client_key=client_key,
        news=news.uid,
        question=seen.campaign.question,
        excerpt=markdown.excerpt(body, 160),
    )
    return news
