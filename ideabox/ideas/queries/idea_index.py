"""All ideas one may read, of every campaign, the newest first; and one's own, drafts too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, case, exists, func, select

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import CLOSED, DRAFT, Campaign
from ideabox.ideas.models.idea import LIVE, OUTCOMES, WITHDRAWN, Idea, IdeaTally
from ideabox.ideas.models.vote import Show, Vote
from ideabox.ideas.queries import prepared
from ideabox.ideas.queries.names import author_known_to
from ideabox.ideas.queries.visible import campaigns_for, idea_visible_to
from ideabox.viewer import Viewer

WAITING = "waiting"
ANSWERS = (WAITING, *OUTCOMES)


@dataclass(frozen=True)
class Shape:
    """What decides the SQL, its values aside."""

    show: str
    words: bool
    campaign: bool
    answer: str


@dataclass(frozen=True)
class Asked:
    """What is asked for. `campaign`: a uid; `answer`: an outcome or 'waiting'; `after`: id of the last idea before."""

    show: str = ""
    words: str = ""
    campaign: str = ""
    answer: str = ""
    after: int | None = None
    many: int = 12


def ideas_asked_for(viewer: Viewer, asked: Asked) -> Sequence[Any]:
    """One row more than asked for when there are others. One statement."""
    shape = Shape(asked.show, bool(asked.words), bool(asked.campaign), asked.answer)
    words = asked.words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {"words": f"%{words}%", "campaign": asked.campaign, "after": asked.after or 2**31 - 1}
    rows: Sequence[Any] = prepared.run(_builder(shape), viewer, **values, many=asked.many + 1).all()
    return rows


@lru_cache(maxsize=128)
def _builder(shape: Shape) -> prepared.Build:
    def build(viewer: Viewer) -> Any:
        known = author_known_to(viewer)
        facts = (Idea.id, Idea.uid, Idea.title, Idea.excerpt, Idea.cost_low, Idea.cost_high, Idea.privacy)
        more = (Idea.author_id, Idea.outcome, Idea.stage, Campaign.phase, Campaign.currency, Campaign.question)
        return (
            select(
                *facts,
                *more,
                Campaign.uid.label("campaign_uid"),
                case((known, Person.name)).label("author_name"),
                # Where there is one person to a unit, the unit is a name.
                case((known, Unit.name)).label("unit_name"),
                IdeaTally.builds,
                Vote.value.label("vote"),
                exists().where(Show.idea_id == Idea.id, Show.person_id == viewer.id).label("read"),
            )
            .join(Campaign, Campaign.id == Idea.campaign_id)
            .join(Person, Person.id == Idea.author_id)
            .outerjoin(Unit, Unit.id == Person.unit_id)
            .outerjoin(IdeaTally, IdeaTally.idea_id == Idea.id)
            .outerjoin(Vote, and_(Vote.idea_id == Idea.id, Vote.voter_id == viewer.id))
            .where(idea_visible_to(viewer), Idea.id < bindparam("after", type_=BigInteger), *_conditions(shape, viewer))
            .order_by(Idea.id.desc())
            .limit(bindparam("many"))
        )

    return build


def _conditions(shape: Shape, viewer: Viewer) -> list[Any]:
    mine = Idea.author_id == viewer.id
    # One's drafts are one's own affair: they stand under "Yours" only.
    found = [and_(mine, Idea.stage != WITHDRAWN) if shape.show == "mine" else Idea.stage.in_(LIVE)]
    if shape.show == "unread":
        found += [~exists().where(Show.idea_id == Idea.id, Show.person_id == viewer.id), ~mine]
    if shape.show == "voted":
        found.append(Vote.value.is_not(None))
    if shape.words:
        found.append(func.lower(Idea.title).like(bindparam("words"), escape="\\"))
    if shape.campaign:
        found.append(Campaign.uid == bindparam("campaign"))
    if shape.answer:
        found.append(Idea.outcome.is_(None) if shape.answer == WAITING else Idea.outcome == shape.answer)
    return found


def campaigns_to_choose(viewer: Viewer) -> Sequence[Any]:
    """(uid, question) of the campaigns one may read, the latest first, for a menu."""
    query = campaigns_for(viewer).with_only_columns(Campaign.uid, Campaign.question)
    running = query.where(Campaign.phase != DRAFT).order_by(Campaign.phase == CLOSED, Campaign.phase_since.desc())
    return db.session.execute(running.limit(12)).all()
