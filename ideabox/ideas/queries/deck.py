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
    bindparam,
    case,
    cast,
    exists,
    func,
    null,
    select,
)

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
    mine = (_own_ideas(viewer), asked(viewer).label("asked"), _latest(viewer), _begun(viewer))
    query = select(*_CAMPAIGN, *COUNTS, *mine).outerjoin_from(Campaign, Ballot, own_ballot(viewer))
    return query.where(Campaign.uid == bindparam("uid"), campaign_visible_to(viewer))


def _latest(viewer: Viewer) -> Any:
    """The uid of the idea answered last."""
    answered = select(Idea.uid).join(Vote, Vote.idea_id == Idea.id)
    mine = answered.where(Vote.campaign_id == Campaign.id, Vote.voter_id == viewer.id)
    last = mine.order_by(Vote.cast_at.desc(), Vote.id.desc()).limit(1)
    return last.correlate(Campaign).scalar_subquery().label("last_uid")


def _begun(viewer: Viewer) -> Any:
    """The uid of the card shown last and left without an answer, so that leaving and coming back changes nothing."""
    shown = select(Idea.uid).join(Show, Show.idea_id == Idea.id)
    mine = shown.where(Show.campaign_id == Campaign.id, Show.person_id == viewer.id, Show.surface == DECK)
    # By time, not by id: the planner would walk the primary key backwards to the voter's few rows.
    last = mine.where(_unanswered(viewer), *_usable(viewer)).order_by(Show.at.desc()).limit(1)
    return last.correlate(Campaign).scalar_subquery().label("begun_uid")


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
    queues = [(ASKED_FOR, _named, wanted), (BEGUN, _named, campaign.begun_uid)]
    for why, queue, uid in [*queues, (FEWEST, _fewest, "-"), (AGAIN, _again, "-")]:
        if not uid:
            continue
        row = run(queue, viewer, campaign_id=campaign.id, wanted=uid, turn=turn).one_or_none()
        if row is not None:
            return Card(row, why)
    return None


def _cards(viewer: Viewer, *more: Any) -> Select[Any]:
    """Cards of the campaign that this voter may answer, whether answered or not."""
    cards = select(*_CARD, IdeaTally.builds, *more).join(IdeaTally, IdeaTally.idea_id == Idea.id)
    return cards.where(Idea.campaign_id == _campaign_id, *_usable(viewer))


def _usable(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Live, not hidden, never one's own."""
    return Idea.stage.in_(LIVE), Idea.hidden_at.is_(None), Idea.author_id != viewer.id


def _unanswered(viewer: Viewer) -> ColumnElement[bool]:
    return ~exists().where(Vote.idea_id == Idea.id, Vote.voter_id == viewer.id)


def _named(viewer: Viewer) -> Select[Any]:
    return _cards(viewer, my_vote(viewer).label("mine")).where(Idea.uid == bindparam("wanted"))


def _fewest(viewer: Viewer) -> Select[Any]:
    """Fewest shows first. Ties go by a shuffle of the voter's own, so that not all see the same card at once."""
    cards = _cards(viewer, null().label("mine"), IdeaTally.shows, IdeaTally.shuffle)
    least = cards.where(IdeaTally.campaign_id == _campaign_id, _unanswered(viewer))
    front = least.order_by(IdeaTally.shows, IdeaTally.shuffle).limit(TIES).subquery()
    own_order = (cast(front.c.shuffle, BigInteger) * bindparam("turn", type_=BigInteger)) % PRIME
    return select(front).order_by(front.c.shows, own_order).limit(1)


def _again(viewer: Viewer) -> Select[Any]:
    """Left unsure the first time: comes back once, when all others have had their answer."""
    mine = select(Vote.cast_at, Vote.idea_id).where(Vote.campaign_id == _campaign_id, Vote.voter_id == viewer.id)
    unsure = mine.where(Vote.value == UNSURE, Vote.previous.is_(None)).order_by(Vote.cast_at).limit(TIES).subquery()
    cards = _cards(viewer, my_vote(viewer).label("mine")).join(unsure, unsure.c.idea_id == Idea.id)
    return cards.order_by(unsure.c.cast_at).limit(1)


def decks_for(viewer: Viewer) -> Sequence[Deck]:
    """Decks of the campaigns that ask this person to vote now, the soonest end first. One statement."""
    return [Deck(row, _ballot(row), _total(row)) for row in run(_decks, viewer)]


def _decks(viewer: Viewer) -> Any:
    query = select(*_CAMPAIGN, *COUNTS, _own_ideas(viewer)).outerjoin_from(Campaign, Ballot, own_ballot(viewer))
    voting = query.where(Campaign.phase == VOTE, asked(viewer))
    return voting.order_by(Campaign.evaluate_at, Campaign.id)
