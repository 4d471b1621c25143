"""How one's ballot in a campaign stands, and what one answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Row, ScalarSelect, and_, select

from ideabox.database import db
from ideabox.ideas.models.campaign import DRAFT, IMPROVE, SUGGEST, VOTE, Campaign
from ideabox.ideas.models.idea import LIVE, Idea
from ideabox.ideas.models.vote import Ballot, Vote
from ideabox.ideas.rules import phases
from ideabox.locale import in_until
from ideabox.viewer import Viewer

BEFORE_VOTE = (DRAFT, SUGGEST, IMPROVE)


@dataclass(frozen=True)
class BallotSeen:
    """What a person has used of the budget of a campaign. `goods` counts good and best answers, `bests` the best only."""

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
        return _("Change until %(moment)s.", moment=in_until(self.until)) if self.until else _("Change until voting ends.")

    @property
    def sentence(self) -> str:
        """Up to 10 good, 3 of them best. Change until Friday 18:00."""
        return f"{self.rule} {self.deadline}".strip()


def ballot_of(viewer: Viewer, campaign: Campaign) -> BallotSeen:
    """The viewer's ballot in that campaign, empty when there is none. One statement."""
    query = select(Ballot.answers, Ballot.goods, Ballot.bests)
    row = db.session.execute(query.where(Ballot.campaign_id == campaign.id, Ballot.person_id == viewer.id)).one_or_none()
    return seen(campaign, *(row or (0, 0, 0)))


def seen(campaign: Any, answers: int, goods: int, bests: int) -> BallotSeen:
    """A ballot with these counts. `campaign` is a Campaign, or a row with the same columns."""
    limits = (campaign.good_limit, campaign.best_limit)
    return BallotSeen(answers, goods, bests, *limits, campaign.phase, phases.ends_at(campaign))


def my_vote(viewer: Viewer) -> ScalarSelect[int]:
    """Scalar subquery on Idea: what the viewer answered (-1, 0, 1, 2), NULL when not."""
    return select(Vote.value).where(Vote.idea_id == Idea.id, Vote.voter_id == viewer.id).correlate(Idea).scalar_subquery()


def answers_of(viewer: Viewer, campaign: Campaign) -> Sequence[Row[Any]]:
    """All the viewer's answers in a campaign as rows (uid, title, excerpt, value, cast_at), best first, then latest."""
    query = (
        select(Idea.uid, Idea.title, Idea.excerpt, Vote.value, Vote.cast_at)
        .join(Vote, and_(Vote.idea_id == Idea.id, Vote.voter_id == viewer.id))
        .where(Vote.campaign_id == campaign.id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
        .order_by(Vote.value.desc(), Vote.cast_at.desc(), Vote.id.desc())
    )
    return db.session.execute(query).all()
