"""What a vote must know before it is cast."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, exists, or_, select

from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.vote import Vote
from ideabox.ideas.queries.prepared import run
from ideabox.ideas.queries.visible import asked, idea_visible_to
from ideabox.ideas.rules.vote import Votable
from ideabox.verdict import Missing
from ideabox.viewer import Viewer

_IDEA = (Idea.id, Idea.uid, Idea.author_id, Idea.stage, Idea.hidden_at.is_not(None).label("hidden"))
_CAMPAIGN = (
    Campaign.id.label("campaign_id"),
    Campaign.uid.label("campaign_uid"),
    Campaign.kind,
    Campaign.phase,
    Campaign.good_limit,
    Campaign.best_limit,
    Campaign.evaluate_at,
    Campaign.decide_at,
    Campaign.deliver_at,
    Campaign.close_at,
)


def votable(viewer: Viewer, uid: str) -> Votable:
    """The idea of that uid as a vote sees it, in one statement; Missing when there is none for this viewer.

    The campaign's row is shared-locked until the transaction ends: whoever moves the phase waits for votes that have
    begun, and a vote that comes later sees the new phase. (SQLite has one writer at a time and needs no such lock.)
    """
    row = run(_votable, viewer, uid=uid).one_or_none()
    if row is None:
        raise Missing
    return Votable(**row._mapping)


def _votable(viewer: Viewer) -> Any:
    # An answer to an idea that was hidden since still fills a place of the ballot: it can be taken back.
    answered = exists().where(Vote.idea_id == Idea.id, Vote.voter_id == viewer.id)
    return (
        select(*_IDEA, *_CAMPAIGN, asked(viewer).label("asked"))
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Idea.uid == bindparam("uid"), or_(idea_visible_to(viewer), answered))
        .with_for_update(read=True, of=Campaign)
    )
