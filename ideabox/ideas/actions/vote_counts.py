"""Keep the votes and voters counted on each campaign up to date, apart from the votes themselves.

All voters share their campaign's row: counting on it within a vote would make them wait for one another, and two votes
holding it shared would each wait for the other to let go. So the counts follow within half a minute.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func, or_, select, update

from ideabox.database import db
from ideabox.ideas.models.campaign import EVALUATE, VOTE, Campaign
from ideabox.ideas.models.vote import Ballot


def count_votes() -> None:
    """Tick: add up the ballots of campaigns that vote, or just did; none without ballots is touched. Idempotent."""
    _count(Campaign.phase.in_((VOTE, EVALUATE)))


def count_votes_of(campaign_id: int) -> None:
    """Add up one campaign's ballots, in the transaction that holds its row and moves its phase: none is missed."""
    _count(Campaign.id == campaign_id)


def _count(which: ColumnElement[bool]) -> None:
    votes = func.coalesce(func.sum(Ballot.answers), 0)
    voters = func.coalesce(func.sum(case((Ballot.answers > 0, 1), else_=0)), 0)
    query = (
        select(Campaign.id, votes, voters)
        .join(Ballot, Ballot.campaign_id == Campaign.id)
        .where(which)
        .group_by(Campaign.id, Campaign.vote_count, Campaign.voter_count)
        .having(or_(Campaign.vote_count != votes, Campaign.voter_count != voters))
    )
    for campaign_id, vote_count, voter_count in db.session.execute(query).all():
        counted = {"vote_count": vote_count, "voter_count": voter_count}
        db.session.execute(update(Campaign).where(Campaign.id == campaign_id).values(counted))
