"""What the home page shows beside what needs one: one's ideas, what is open, what nobody has read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select, union_all

from ideabox import clock
from ideabox.database import db
from ideabox.ideas.models.campaign import BOX, IMPROVE, SUGGEST, VOTE, Campaign, Seat
from ideabox.ideas.models.idea import LIVE, OPEN, WITHDRAWN, Idea, IdeaTally
from ideabox.ideas.models.vote import Show
from ideabox.ideas.queries.visible import campaigns_for, idea_visible_to
from ideabox.viewer import Viewer

MINE, OPEN_NOW, UNSEEN = 6, 4, 3
WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Answers:
    """How a sponsor has answered of late: hours to the first answer at the median, over how many ideas."""

    hours: float
    ideas: int


def my_ideas(viewer: Viewer) -> Sequence[Any]:
    """One's latest ideas and drafts: (idea columns, phase, question)."""
    columns = (Idea.uid, Idea.title, Idea.stage, Idea.outcome, Idea.saved_at, Campaign.phase, Campaign.promise_on)
    query = (
        select(*columns, Campaign.uid.label("campaign_uid"))
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Idea.author_id == viewer.id, Idea.stage != WITHDRAWN)
        .order_by(Idea.saved_at.desc())
        .limit(MINE)
    )
    return db.session.execute(query).all()


def open_now(viewer: Viewer) -> Sequence[Campaign]:
    """Campaigns in which this person can do something, the soonest end first."""
    query = campaigns_for(viewer).where(Campaign.phase.in_((SUGGEST, IMPROVE, VOTE)), Campaign.kind != BOX)
    return db.session.scalars(query.order_by(Campaign.phase_since.desc()).limit(OPEN_NOW)).all()


def worth_seeing(viewer: Viewer, campaigns: Sequence[Campaign]) -> Sequence[Any]:
    """Open ideas of others in these campaigns that this person has not seen, those shown to the fewest first.

    One short read of each campaign's queue: adding up readers over all ideas would cost more than the page.
    """
    ids = [campaign.id for campaign in campaigns if campaign.phase in (SUGGEST, IMPROVE)]
    if not ids:
        return []
    parts = [_least_shown(viewer, campaign_id).subquery() for campaign_id in ids]
    found = union_all(*(select(part) for part in parts)).subquery()
    return db.session.execute(select(found).order_by(found.c.shows, found.c.shuffle).limit(UNSEEN)).all()


def _least_shown(viewer: Viewer, campaign_id: int) -> Any:
    seen = exists().where(Show.idea_id == Idea.id, Show.person_id == viewer.id)
    return (
        select(Idea.uid, Idea.title, IdeaTally.readers, IdeaTally.shows, IdeaTally.shuffle)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .where(IdeaTally.campaign_id == campaign_id, Idea.stage == OPEN, Idea.author_id != viewer.id)
        .where(idea_visible_to(viewer), ~seen)
        .order_by(IdeaTally.shows, IdeaTally.shuffle)
        .limit(UNSEEN)
    )


def answering(viewer: Viewer) -> Answers | None:
    """The median wait for a first answer in the campaigns this person runs, over 90 days; None without answers."""
    if not viewer.seats & {"sponsor", "manager"}:
        return None
    mine = select(Seat.campaign_id).where(Seat.person_id == viewer.id, Seat.role.in_(("sponsor", "manager")))
    query = select(Idea.submitted_at, Idea.first_answer_at).where(
        Idea.campaign_id.in_(mine), Idea.stage.in_(LIVE), Idea.first_answer_at > clock.now() - WINDOW
    )
    waits = sorted((given - sent).total_seconds() / 3600 for sent, given in db.session.execute(query) if sent and given)
    return Answers(waits[len(waits) // 2], len(waits)) if waits else None
