"""What must hold in the database at every moment, checked by counting everything again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from ideabox.database import db
from ideabox.events import GIVE_UP_AFTER, Event
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.models.talk import Comment
from ideabox.ideas.models.vote import BEST, GOOD, NOT_FOR_US, UNSURE, Ballot, Show, Vote
from ideabox.ideas.rules.shows import PAGE

MOST = 20


def double_votes() -> list[str]:
    """One live answer per person and idea."""
    query = select(Vote.idea_id, Vote.voter_id, func.count()).group_by(Vote.idea_id, Vote.voter_id)
    rows = db.session.execute(query.having(func.count() > 1).limit(MOST))
    return [f"person {voter} has {count} votes on idea {idea}" for idea, voter, count in rows]


def votes_out_of_place() -> list[str]:
    """No vote on one's own idea, and each in the campaign of its idea."""
    query = select(Vote.id, Vote.idea_id).join(Idea, Idea.id == Vote.idea_id)
    wrong = or_(Vote.voter_id == Idea.author_id, Vote.campaign_id != Idea.campaign_id)
    rows = db.session.execute(query.where(wrong, Idea.source_ref.is_(None)).limit(MOST))
    return [f"vote {vote} on idea {idea} is the author's own, or in another campaign" for vote, idea in rows]


def wrong_tallies() -> list[str]:
    """The counts beside each idea equal a recount of its votes and shows."""
    votes = _sums(Vote.idea_id, _answers()).subquery()
    shows = _sums(Show.idea_id, {"shows": func.count(), "readers": _when(Show.surface == PAGE)}).subquery()
    counted = {**{name: votes.c[name] for name in _answers()}, "shows": shows.c.shows, "readers": shows.c.readers}
    wrong = or_(*(getattr(IdeaTally, name) != func.coalesce(count, 0) for name, count in counted.items()))
    query = (
        select(IdeaTally.idea_id, *(getattr(IdeaTally, name) for name in counted), *counted.values())
        .outerjoin(votes, votes.c.key == IdeaTally.idea_id)
        .outerjoin(shows, shows.c.key == IdeaTally.idea_id)
        .join(Idea, Idea.id == IdeaTally.idea_id)
        .where(wrong, Idea.source_ref.is_(None))
    )
    half = len(counted) + 1
    rows = db.session.execute(query.limit(MOST))
    return [
        f"idea {row[0]}: counted {_zeros(row[half:])}, kept {_zeros(row[1:half])} of {', '.join(counted)}"
        for row in rows
    ]


def wrong_ballots() -> list[str]:
    """What a ballot has used equals a recount of its votes, and is there if they are (imports keep no ballots)."""
    goods, bests = _when(Vote.value >= GOOD), _when(Vote.value == BEST)
    counts = {"answers": func.count(), "goods": goods, "bests": bests}
    columns = {name: count.label(name) for name, count in counts.items()}
    used = (
        select(Vote.campaign_id, Vote.voter_id, *columns.values()).group_by(Vote.campaign_id, Vote.voter_id).subquery()
    )
    same = and_(Ballot.campaign_id == used.c.campaign_id, Ballot.person_id == used.c.voter_id)
    wrong = or_(*(func.coalesce(getattr(Ballot, name), 0) != used.c[name] for name in counts))
    from_votes = select(used.c.campaign_id, used.c.voter_id).outerjoin(Ballot, same)
    query = from_votes.join(Campaign, Campaign.id == used.c.campaign_id).where(wrong, Campaign.source.is_(None))
    empty = select(Ballot.campaign_id, Ballot.person_id).outerjoin(used, same)
    left_over = empty.where(used.c.voter_id.is_(None), Ballot.answers + Ballot.goods + Ballot.bests != 0)
    rows = [*db.session.execute(query.limit(MOST)), *db.session.execute(left_over.limit(MOST))]
    return [
        f"the ballot of person {person} in campaign {campaign} does not equal their votes" for campaign, person in rows
    ]


def over_budget() -> list[str]:
    """Nobody has given more than the campaign allows, counted from the votes themselves."""
    goods, bests = _when(Vote.value >= GOOD), _when(Vote.value == BEST)
    query = (
        select(Vote.campaign_id, Vote.voter_id, goods, bests)
        .join(Campaign, Campaign.id == Vote.campaign_id)
        .where(Campaign.source.is_(None))
        .group_by(Vote.campaign_id, Vote.voter_id, Campaign.good_limit, Campaign.best_limit)
        .having(or_(goods > Campaign.good_limit, bests > Campaign.best_limit))
    )
    rows = db.session.execute(query.limit(MOST))
    return [f"person {row[1]} gave {row[2]} good, {row[3]} best in campaign {row[0]}" for row in rows]


def wrong_campaign_counts() -> list[str]:
    """The ideas and answers that a campaign counts equal a recount of what can be read in it."""
    shown = (Idea.campaign_id == Campaign.id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
    ideas = select(func.count()).select_from(Idea).where(*shown)
    found = [ideas.scalar_subquery(), ideas.where(Idea.outcome.is_not(None)).scalar_subquery()]
    query = select(Campaign.id, Campaign.idea_count, Campaign.answered_count, *found)
    wrong = query.where(or_(Campaign.idea_count != found[0], Campaign.answered_count != found[1]))
    return [
        f"campaign {row[0]}: kept {row[1]} ideas, {row[2]} answered; counted {row[3]}, {row[4]}"
        for row in db.session.execute(wrong.limit(MOST))
    ]


def wrong_talk_counts() -> list[str]:
    """The comments and open questions kept beside each idea equal a recount of those that can be read."""
    shown = (Comment.idea_id == IdeaTally.idea_id, Comment.deleted_at.is_(None), Comment.hidden_at.is_(None))
    comments = select(func.count()).select_from(Comment).where(*shown)
    questions = comments.where(Comment.is_question, Comment.answered_at.is_(None)).scalar_subquery()
    total = comments.scalar_subquery()
    query = select(IdeaTally.idea_id, IdeaTally.comments, IdeaTally.questions, total, questions)
    wrong = query.where(or_(IdeaTally.comments != total, IdeaTally.questions != questions))
    return [
        f"idea {row[0]}: kept {row[1]} comments, {row[2]} open questions; counted {row[3]}, {row[4]}"
        for row in db.session.execute(wrong.limit(MOST))
    ]


def stuck_events() -> list[str]:
    """Each event is delivered, or still waits; none was given up."""
    stuck = (Event.delivered_at.is_(None), Event.tries >= GIVE_UP_AFTER)
    rows = db.session.execute(select(Event.id, Event.name).where(*stuck).limit(MOST))
    return [f"event {event} ({name}) failed {GIVE_UP_AFTER} times" for event, name in rows]


CHECKS: dict[str, Callable[[], list[str]]] = {
    "one live vote per person and idea": double_votes,
    "no vote on one's own idea": votes_out_of_place,
    "tallies equal a recount": wrong_tallies,
    "ballots equal a recount": wrong_ballots,
    "no budget exceeded": over_budget,
    "campaigns count their ideas": wrong_campaign_counts,
    "ideas count their talk": wrong_talk_counts,
    "events delivered or waiting": stuck_events,
}


def violations() -> dict[str, list[str]]:
    """What each check found, at most 20 of each; empty lists when all is well."""
    return {name: check() for name, check in CHECKS.items()}


def _answers() -> dict[str, Any]:
    values = {"agrees": Vote.value >= GOOD, "bests": Vote.value == BEST}
    values |= {"passes": Vote.value == UNSURE, "disagrees": Vote.value == NOT_FOR_US}
    return {name: _when(condition) for name, condition in values.items()}


def _when(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _sums(key: Any, counts: dict[str, Any]) -> Any:
    return select(key.label("key"), *(count.label(name) for name, count in counts.items())).group_by(key)


def _zeros(row: Any) -> str:
    return "/".join(str(int(count or 0)) for count in row)
