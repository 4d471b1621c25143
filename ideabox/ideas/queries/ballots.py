"""How one's ballot in a campaign stands, and what one answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, case, func, select, true

from ideabox.database import db
from ideabox.ideas.models.answer import Standing, StandingRow
from ideabox.ideas.models.campaign import DRAFT, IMPROVE, SUGGEST, VOTE, Campaign
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.models.vote import GOOD, Ballot, Vote
from ideabox.ideas.queries.prepared import run
from ideabox.ideas.queries.visible import asked
from ideabox.ideas.rules import phases
from ideabox.ideas.rules.vote import WORDS, Votable, may_see_tally, may_vote
from ideabox.locale import in_until
from ideabox.verdict import Verdict
from ideabox.viewer import Viewer

COUNTS = (Ballot.answers, Ballot.goods, Ballot.bests)
_of_campaign = Campaign.id == bindparam("campaign_id")
BEFORE_VOTE = (DRAFT, SUGGEST, IMPROVE)


@dataclass(frozen=True)
class BallotSeen:
    """What a person has used of a campaign's budget. `goods` counts good and best answers, `bests` the best only."""

    answers: int
    goods: int
    bests: int
    good_limit: int
    best_limit: int
    phase: str
    until: datetime | None

    @property
    def is_open(self) -> bool:
        return self.phase == VOTE

    @property
    def counts(self) -> bool:
        """A ballot counts from its first answer on; nothing has to be used up."""
        return self.answers > 0

    @property
    def goods_left(self) -> int:
        return max(self.good_limit - self.goods, 0)

    @property
    def bests_left(self) -> int:
        """How many more ideas may be one of the best."""
        return max(self.best_limit - self.bests, 0)

    @property
    def good_note(self) -> str:
        return _("%(left)s of %(limit)s left", left=self.goods_left, limit=self.good_limit)

    @property
    def best_note(self) -> str:
        return _("%(left)s of %(limit)s left", left=self.bests_left, limit=self.best_limit)

    @property
    def standing(self) -> str:
        """Whether the ballot counts, in a few words."""
        if self.counts:
            return _("Your ballot counts as it stands") if self.is_open else _("Your ballot was counted")
        if self.is_open:
            return _("Your ballot does not count yet: answer one card")
        return "" if self.phase in BEFORE_VOTE else _("You did not vote in this campaign")

    @property
    def rule(self) -> str:
        """The whole rule: how many of what."""
        if self.best_limit:
            return _("Up to %(good)s good, %(best)s of them best.", good=self.good_limit, best=self.best_limit)
        return ngettext("Up to %(num)s good.", "Up to %(num)s good.", self.good_limit)

    @property
    def deadline(self) -> str:
        """Until when it may be changed."""
        if self.phase in BEFORE_VOTE:
            return ""
        if not self.is_open:
            return _("Voting is over.")
        if self.until is None:
            return _("Change until voting ends.")
        return _("Change until %(moment)s.", moment=in_until(self.until))

    @property
    def sentence(self) -> str:
        """Up to 10 good, 3 of them best. Change until Friday 18:00."""
        return f"{self.rule} {self.deadline}".strip()


@dataclass(frozen=True)
class VoteSeen:
    """What the page of an idea needs to offer a vote, or to say how it went.

    `choice`: the viewer's answer as a word (no, unsure, good, best), '' when none. `tally` only once it may be seen.
    """

    uid: str
    campaign_uid: str
    choice: str
    ballot: BallotSeen
    verdict: Verdict
    tally: IdeaTally | None = None

    @property
    def answers(self) -> int:
        """How many people answered good, or not for us, or best; the unsure are left out."""
        return self.tally.agrees + self.tally.disagrees if self.tally else 0


def vote_on(viewer: Viewer, idea: Idea, campaign: Campaign, tally: IdeaTally | None = None) -> VoteSeen | None:
    """The vote of this viewer on this idea, in one statement; None before voting. `tally`: shown once it may be."""
    if campaign.phase in BEFORE_VOTE:
        return None
    row = run(_vote_on, viewer, campaign_id=campaign.id, idea_id=idea.id).one()
    ballot = seen(campaign, *row[:3])
    facts = Votable(
        id=idea.id,
        uid=idea.uid,
        author_id=idea.author_id,
        stage=idea.stage,
        hidden=idea.hidden_at is not None,
        campaign_id=campaign.id,
        campaign_uid=campaign.uid,
        kind=campaign.kind,
        phase=campaign.phase,
        asked=row[4],
        good_limit=campaign.good_limit,
        best_limit=campaign.best_limit,
    )
    return VoteSeen(
        idea.uid,
        campaign.uid,
        WORDS.get(row[3], ""),
        ballot,
        may_vote(viewer.id, facts),
        tally if may_see_tally(campaign.phase) else None,
    )


def _vote_on(viewer: Viewer) -> Any:
    mine = select(Vote.value).where(Vote.idea_id == bindparam("idea_id"), Vote.voter_id == viewer.id).scalar_subquery()
    return select(*COUNTS, mine, asked(viewer)).outerjoin_from(Campaign, Ballot, own_ballot(viewer)).where(_of_campaign)


def own_ballot(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Ballot joined to Campaign: it is the viewer's."""
    return and_(Ballot.campaign_id == Campaign.id, Ballot.person_id == viewer.id)


def ballot_of(viewer: Viewer, campaign: Campaign) -> BallotSeen:
    """The viewer's ballot in that campaign, empty when there is none. One statement."""
    return seen(campaign, *run(_ballot, viewer, campaign_id=campaign.id).one())


def _ballot(viewer: Viewer) -> Any:
    return select(*COUNTS).outerjoin_from(Campaign, Ballot, own_ballot(viewer)).where(_of_campaign)


def seen(campaign: Any, answers: int | None, goods: int | None, bests: int | None) -> BallotSeen:
    """A ballot with these counts (None: none). `campaign` is a Campaign, or a row with the same columns."""
    limits = (campaign.good_limit, campaign.best_limit)
    until = phases.ends_at(campaign) if campaign.phase == VOTE else None
    return BallotSeen(answers or 0, goods or 0, bests or 0, *limits, campaign.phase, until)


def my_vote(viewer: Viewer) -> ScalarSelect[int]:
    """Scalar subquery on Idea: what the viewer answered (-1, 0, 1, 2), NULL when not."""
    mine = select(Vote.value).where(Vote.idea_id == Idea.id, Vote.voter_id == viewer.id)
    return mine.correlate(Idea).scalar_subquery()


def answers_of(viewer: Viewer, campaign: Campaign) -> Sequence[Any]:
    """All the viewer's answers in a campaign as rows (uid, title, value, cast_at, gone), best first, then latest.

    `gone`: moderators have hidden the idea since; its title is empty. The answer still fills a place of the ballot.
    """
    gone = Idea.hidden_at.is_not(None)
    query = (
        select(
            Idea.uid, case((gone, ""), else_=Idea.title).label("title"), Vote.value, Vote.cast_at, gone.label("gone")
        )
        .join(Vote, and_(Vote.idea_id == Idea.id, Vote.voter_id == viewer.id))
        .where(Vote.campaign_id == campaign.id, Idea.stage.in_(LIVE))
        .order_by(Vote.value.desc(), Vote.cast_at.desc(), Vote.id.desc())
    )
    return db.session.execute(query).all()


@dataclass(frozen=True)
class Met:
    """How one's ballot met the result: of `mine` ideas called good or best, `chosen` are among the first `places`."""

    mine: int
    chosen: int
    places: int


def result_met(viewer: Viewer, campaign: Campaign) -> Met | None:
    """One's good and best answers beside the standing frozen when voting closed; None while there is none."""
    latest = (
        select(Standing.id, Standing.places)
        .where(Standing.campaign_id == campaign.id, Standing.frozen)
        .order_by(Standing.id.desc())
        .limit(1)
        .subquery()
    )
    placed = and_(StandingRow.idea_id == Vote.idea_id, StandingRow.standing_id == latest.c.id)
    query = (
        select(func.count(), func.sum(case((StandingRow.position <= latest.c.places, 1), else_=0)), latest.c.places)
        .select_from(Vote)
        .join(latest, true())
        .join(StandingRow, placed)
        .where(Vote.campaign_id == campaign.id, Vote.voter_id == viewer.id, Vote.value >= GOOD)
        .group_by(latest.c.places)
    )
    row = db.session.execute(query).one_or_none()
    return Met(*row) if row else None
