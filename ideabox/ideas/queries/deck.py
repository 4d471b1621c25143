"""Which card comes next, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, case, cast, exists, func, select
from sqlalchemy.orm import aliased

from ideabox.database import db
from ideabox.ideas.models.campaign import VOTE, Campaign
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.models.vote import UNSURE, Ballot, Show, Vote
from ideabox.ideas.queries.ballots import BallotSeen, my_vote, seen
from ideabox.ideas.queries.visible import asked
from ideabox.ideas.rules.shows import DECK
from ideabox.viewer import Viewer

SITTING = 12
#: Ties at the front of the queue among which each voter has an order of their own.
TIES = 32
#: A text up to this many characters is shown whole on its card.
WHOLE = 700
PRIME = 2_147_483_647

ASKED_FOR, BEGUN, FEWEST, AGAIN = "asked_for", "begun", "fewest", "again"
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
class Progress:
    """How far a voter is. `total`: about how many ideas there are to answer; `last_uid`: the idea answered last.

    `asked`: the campaign asks this person at all.
    """

    ballot: BallotSeen
    total: int
    last_uid: str | None = None
    asked: bool = True

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


def progress_of(viewer: Viewer, campaign: Campaign) -> Progress:
    """Ballot and counts in one statement."""
    latest = (
        select(Idea.uid)
        .join(Vote, Vote.idea_id == Idea.id)
        .where(Vote.campaign_id == campaign.id, Vote.voter_id == viewer.id)
        .order_by(Vote.cast_at.desc(), Vote.id.desc())
        .limit(1)
    )
    query = (
        select(Ballot.answers, Ballot.goods, Ballot.bests, _own_in(viewer), latest.scalar_subquery(), asked(viewer))
        .select_from(Campaign)
        .outerjoin(Ballot, and_(Ballot.campaign_id == Campaign.id, Ballot.person_id == viewer.id))
        .where(Campaign.id == campaign.id)
    )
    answers, goods, bests, own, last_uid, is_asked = db.session.execute(query).one()
    ballot = seen(campaign, answers or 0, goods or 0, bests or 0)
    return Progress(ballot, max(campaign.idea_count - own, 0), last_uid, bool(is_asked))


def _own_in(viewer: Viewer) -> ColumnElement[int]:
    mine = select(func.count()).select_from(Idea).where(Idea.campaign_id == Campaign.id, Idea.author_id == viewer.id)
    return mine.where(Idea.stage.in_(LIVE)).correlate(Campaign).scalar_subquery()


def next_card(viewer: Viewer, campaign: Campaign, wanted: str = "") -> Card | None:
    """The card to show: one asked for by uid, else one begun, else one of those least shown, else one left unsure."""
    queues = [(BEGUN, _begun), (FEWEST, _fewest), (AGAIN, _again)]
    if wanted:
        queues.insert(0, (ASKED_FOR, lambda viewer, campaign: _cards(viewer, campaign).where(Idea.uid == wanted)))
    for why, queue in queues:
        row = db.session.execute(queue(viewer, campaign).limit(1)).one_or_none()
        if row is not None:
            return Card(row, why)
    return None


def _cards(viewer: Viewer, campaign: Campaign) -> Select[Any]:
    """Cards of the campaign that this voter may answer: live, not hidden, never one's own."""
    return (
        select(*_CARD, IdeaTally.builds, my_vote(viewer).label("mine"))
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .where(Idea.campaign_id == campaign.id, *_answerable(viewer))
    )


def _answerable(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    return Idea.stage.in_(LIVE), Idea.hidden_at.is_(None), Idea.author_id != viewer.id


def _unanswered(viewer: Viewer, idea_id: Any) -> ColumnElement[bool]:
    return ~exists().where(Vote.idea_id == idea_id, Vote.voter_id == viewer.id)


def _begun(viewer: Viewer, campaign: Campaign) -> Select[Any]:
    """Shown on the deck and left without an answer: it waits, so that leaving and coming back changes nothing."""
    shown = and_(Show.idea_id == Idea.id, Show.person_id == viewer.id, Show.surface == DECK)
    cards = _cards(viewer, campaign).join(Show, shown).where(_unanswered(viewer, Idea.id))
    return cards.order_by(Show.id.desc())


def _fewest(viewer: Viewer, campaign: Campaign) -> Select[Any]:
    """Fewest shows first. Ties go by a shuffle of the voter's own, so that not all see the same card at once."""
    tally, idea = aliased(IdeaTally), aliased(Idea)
    usable = and_(idea.stage.in_(LIVE), idea.hidden_at.is_(None), idea.author_id != viewer.id)
    front = (
        select(tally.idea_id, tally.shows, tally.shuffle)
        .join(idea, and_(idea.id == tally.idea_id, usable))
        .where(tally.campaign_id == campaign.id, _unanswered(viewer, tally.idea_id))
        .order_by(tally.shows, tally.shuffle)
        .limit(TIES)
        .subquery()
    )
    turn = (viewer.id * 48_271 + campaign.seed * 16_807) % (PRIME - 1) + 1
    own_order = (cast(front.c.shuffle, BigInteger) * turn) % PRIME
    return _cards(viewer, campaign).join(front, front.c.idea_id == Idea.id).order_by(front.c.shows, own_order)


def _again(viewer: Viewer, campaign: Campaign) -> Select[Any]:
    """Left unsure the first time: comes back once, when all others have had their answer."""
    mine = and_(Vote.idea_id == Idea.id, Vote.voter_id == viewer.id)
    unsure = _cards(viewer, campaign).join(Vote, mine).where(Vote.value == UNSURE, Vote.previous.is_(None))
    return unsure.order_by(Vote.id)


def decks_for(viewer: Viewer) -> Sequence[tuple[Campaign, Progress]]:
    """Campaigns that ask this person to vote now, with how far they are. One statement."""
    query = (
        select(Campaign, Ballot.answers, Ballot.goods, Ballot.bests, _own_in(viewer))
        .outerjoin(Ballot, and_(Ballot.campaign_id == Campaign.id, Ballot.person_id == viewer.id))
        .where(Campaign.phase == VOTE, asked(viewer))
        .order_by(Campaign.evaluate_at, Campaign.id)
    )
    found = []
    for campaign, answers, goods, bests, own in db.session.execute(query):
        ballot = seen(campaign, answers or 0, goods or 0, bests or 0)
        found.append((campaign, Progress(ballot, max(campaign.idea_count - own, 0))))
    return found
