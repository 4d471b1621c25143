"""Which card comes next, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    select,
)
from sqlalchemy.orm import aliased

from ideabox.ideas.models.campaign import VOTE, Campaign
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.models.vote import UNSURE, Ballot, Show, Vote
from ideabox.ideas.queries.ballots import COUNTS, BallotSeen, my_vote, own_ballot, seen
from ideabox.ideas.queries.prepared import run
from ideabox.ideas.queries.visible import asked, campaign_visible_to
from ideabox.ideas.rules.shows import DECK
from ideabox.verdict import Missing
from ideabox.viewer import Viewer

SITTING = 12
#: Ties at the front of the queue among which each voter has an order of their own.
TIES = 32
#: A text up to this many characters is shown whole on its card.
WHOLE = 700
PRIME = 2_147_483_647

_campaign_id: Any = bindparam("campaign_id")
ASKED_FOR, BEGUN, FEWEST, AGAIN = "asked_for", "begun", "fewest", "again"
_CAMPAIGN = (
    Campaign.id,
    Campaign.uid,
    Campaign.question,
    Campaign.kind,
    Campaign.phase,
    Campaign.currency,
    Campaign.seed,
    Campaign.idea_count,
    Campaign.good_limit,
    Campaign.best_limit,
    Campaign.evaluate_at,
    Campaign.decide_at,
    Campaign.deliver_at,
    Campaign.close_at,
)
_CARD = (
    Idea.id,
    Idea.uid,
    Idea.title,
    Idea.excerpt,
    Idea.difference,
    Idea.cost_low,
    Idea.cost_high,
    Idea.cost_note,
    Idea.tried_where,
    case((func.length(Idea.body) <= WHOLE, Idea.body_html), else_="").label("html"),
)


@dataclass(frozen=True)
class Deck:
    """A campaign's cards for one voter. `campaign`: columns in `_CAMPAIGN`; `total`: about how many ideas to answer.

    `last_uid`: the idea answered last. `asked`: the campaign asks this person at all.
    """

    campaign: Any
    ballot: BallotSeen
    total: int
    asked: bool = True
    last_uid: str | None = None

    @property
    def left(self) -> int:
        return max(self.total - self.ballot.answers, 0)

    @property
    def sitting(self) -> int:
        """How many cards this sitting has: about a dozen, fewer when fewer are left."""
        begun = self.ballot.answers % SITTING
        return min(SITTING, begun + max(self.left, 1))

    @property
    def place(self) -> int:
        """The place of the next card in its sitting, from 1."""
        return self.ballot.answers % SITTING + 1


@dataclass(frozen=True)
class Card:
    """One idea to answer: its columns, the answer it has had so far, and why it is this one."""

    idea: Row[Any]
    why: str


def deck_of(viewer: Viewer, uid: str) -> Deck:
    """The deck of the campaign of that uid in one statement; Missing when there is none for this viewer."""
    row = run(_deck, viewer, uid=uid).one_or_none()
    if row is None:
        raise Missing
    return Deck(row, _ballot(row), _total(row), bool(row.asked), row.last_uid)


def _deck(viewer: Viewer) -> Any:
    latest = (
        select(Idea.uid)
        .join(Vote, Vote.idea_id == Idea.id)
        .where(Vote.campaign_id == Campaign.id, Vote.voter_id == viewer.id)
        .order_by(Vote.cast_at.desc(), Vote.id.desc())
        .limit(1)
        .correlate(Campaign)
        .scalar_subquery()
    )
    mine = (_own_ideas(viewer), asked(viewer).label("asked"), latest.label("last_uid"))
    query = select(*_CAMPAIGN, *COUNTS, *mine).outerjoin_from(Campaign, Ballot, own_ballot(viewer))
    return query.where(Campaign.uid == bindparam("uid"), campaign_visible_to(viewer))


def _ballot(row: Any) -> BallotSeen:
    return seen(row, row.answers, row.goods, row.bests)


def _total(row: Any) -> int:
    return max(row.idea_count - row.own, 0)


def _own_ideas(viewer: Viewer) -> Any:
    """How many live ideas of this campaign the viewer wrote; found by author, of whose ideas there are few."""
    here = func.count().filter(Idea.campaign_id == Campaign.id)
    own = select(here).where(Idea.author_id == viewer.id, Idea.stage.in_(LIVE)).correlate(Campaign)
    return own.scalar_subquery().label("own")


def next_card(viewer: Viewer, campaign: Any, wanted: str = "") -> Card | None:
    """The card to show: one asked for by uid, else one begun, else one of those least shown, else one left unsure."""
    turn = (viewer.id * 48_271 + campaign.seed * 16_807) % (PRIME - 1) + 1
    for why, queue in QUEUES:
        if why == ASKED_FOR and not wanted:
            continue
        row = run(queue, viewer, campaign_id=campaign.id, wanted=wanted, turn=turn).one_or_none()
        if row is not None:
            return Card(row, why)
    return None


def _cards(viewer: Viewer) -> Select[Any]:
    """One card of the campaign that this voter may answer: live, not hidden, never one's own."""
    usable = (Idea.stage.in_(LIVE), Idea.hidden_at.is_(None), Idea.author_id != viewer.id)
    return (
        select(*_CARD, IdeaTally.builds, my_vote(viewer).label("mine"))
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .where(Idea.campaign_id == _campaign_id, *usable)
        .limit(1)
    )


def _unanswered(viewer: Viewer, idea_id: Any) -> ColumnElement[bool]:
    return ~exists().where(Vote.idea_id == idea_id, Vote.voter_id == viewer.id)


def _asked_for(viewer: Viewer) -> Select[Any]:
    return _cards(viewer).where(Idea.uid == bindparam("wanted"))


def _begun(viewer: Viewer) -> Select[Any]:
    """Shown on the deck and left without an answer: it waits, so that leaving and coming back changes nothing."""
    front = (
        select(Show.at, Show.idea_id)
        .where(Show.campaign_id == _campaign_id, Show.person_id == viewer.id, Show.surface == DECK)
        .where(_unanswered(viewer, Show.idea_id))
        .order_by(Show.at.desc())
        .limit(TIES)
        .subquery()
    )
    return _cards(viewer).join(front, front.c.idea_id == Idea.id).order_by(front.c.at.desc())


def _fewest(viewer: Viewer) -> Select[Any]:
    """Fewest shows first. Ties go by a shuffle of the voter's own, so that not all see the same card at once."""
    tally, idea = aliased(IdeaTally), aliased(Idea)
    usable = and_(idea.stage.in_(LIVE), idea.hidden_at.is_(None), idea.author_id != viewer.id)
    front = (
        select(tally.idea_id, tally.shows, tally.shuffle)
        .join(idea, and_(idea.id == tally.idea_id, usable))
        .where(tally.campaign_id == _campaign_id, _unanswered(viewer, tally.idea_id))
        .order_by(tally.shows, tally.shuffle)
        .limit(TIES)
        .subquery()
    )
    own_order = (cast(front.c.shuffle, BigInteger) * bindparam("turn", type_=BigInteger)) % PRIME
    return _cards(viewer).join(front, front.c.idea_id == Idea.id).order_by(front.c.shows, own_order)


def _again(viewer: Viewer) -> Select[Any]:
    """Left unsure the first time: comes back once, when all others have had their answer."""
    unsure = (Vote.value == UNSURE, Vote.previous.is_(None))
    front = (
        select(Vote.cast_at, Vote.idea_id)
        .where(Vote.campaign_id == _campaign_id, Vote.voter_id == viewer.id, *unsure)
        .order_by(Vote.cast_at)
        .limit(TIES)
        .subquery()
    )
    return _cards(viewer).join(front, front.c.idea_id == Idea.id).order_by(front.c.cast_at)


#: Why a card comes, and where from, in the order in which they are asked. The inner LIMITs also keep planners from
#: starting at all ideas of the campaign; sorting by time, not by id, from walking a primary key to the voter's few rows.
QUEUES = ((ASKED_FOR, _asked_for), (BEGUN, _begun), (FEWEST, _fewest), (AGAIN, _again))


def decks_for(viewer: Viewer) -> Sequence[Deck]:
    """Decks of the campaigns that ask this person to vote now, the soonest end first. One statement."""
    return [Deck(row, _ballot(row), _total(row)) for row in run(_decks, viewer)]


def _decks(viewer: Viewer) -> Any:
    query = select(*_CAMPAIGN, *COUNTS, _own_ideas(viewer)).outerjoin_from(Campaign, Ballot, own_ballot(viewer))
    voting = query.where(Campaign.phase == VOTE, asked(viewer))
    return voting.order_by(Campaign.evaluate_at, Campaign.id)
