"""An idea with all that its page says of it, in few statements."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import MANAGER, SPONSOR, Campaign, Criterion
from ideabox.ideas.models.idea import LIVE, Idea, IdeaFollow, IdeaLink, IdeaTally, IdeaVersion
from ideabox.ideas.queries.campaigns import my_seats
from ideabox.ideas.queries.names import author_known_to
from ideabox.ideas.queries.prepared import run
from ideabox.ideas.queries.visible import asked, idea_visible_to
from ideabox.verdict import Missing
from ideabox.viewer import Face, Viewer

LINKS = 6
#: Columns that no page shows.
_UNSHOWN = {"body", "saved_by", "shuffle", "source_ref", "problem", "who_suffers", "good_looks_like", "in_scope"}
_UNSHOWN |= {"out_of_bounds", "afterwards", "questions_answered", "prizes", "source", "template", "seed"}


def _columns(model: Any, tag: str) -> list[Any]:
    return [getattr(model, name).label(f"{tag}_{name}") for name in _names(model)]


def _names(model: Any) -> list[str]:
    return [column.key for column in model.__table__.columns if column.key not in _UNSHOWN]


IdeaRow: Any = namedtuple("IdeaRow", _names(Idea))  # type: ignore[misc]
CampaignRow: Any = namedtuple("CampaignRow", _names(Campaign))  # type: ignore[misc]
TallyRow: Any = namedtuple("TallyRow", _names(IdeaTally))  # type: ignore[misc]
_CUTS = (len(IdeaRow._fields), len(CampaignRow._fields), len(TallyRow._fields))


@dataclass(frozen=True)
class IdeaSeen:
    """An idea as one viewer sees it. `idea`, `campaign` and `tally` are rows with the columns of their models.

    `author` is None when the viewer may not know it. `asked`: the viewer is of the campaign's audience.
    """

    idea: Any
    campaign: Any
    tally: Any
    author: Face | None
    sponsor: Face | None
    seats: frozenset[str]
    follows: bool
    asked: bool

    @property
    def runs(self) -> bool:
        return bool(self.seats & {SPONSOR, MANAGER})


def seen(viewer: Viewer, uid: str) -> IdeaSeen:
    """The idea of that uid in one statement; Missing when there is none for this viewer."""
    row = run(_seen, viewer, uid=uid).one_or_none()
    if row is None:
        raise Missing
    cuts = (_CUTS[0], _CUTS[0] + _CUTS[1], sum(_CUTS))
    values = tuple(row)
    author_id, author_name, author_unit, sponsor_name, seats, follows, is_asked = values[cuts[2] :]
    idea = IdeaRow(*values[: cuts[0]])
    campaign: Any = CampaignRow(*values[cuts[0] : cuts[1]])
    return IdeaSeen(
        idea,
        campaign,
        TallyRow(*values[cuts[1] : cuts[2]]),
        Face(author_id, author_name, author_unit or "") if author_id else None,
        Face(campaign.sponsor_id, sponsor_name) if sponsor_name else None,
        frozenset((seats or "").split(",")) - {""},
        bool(follows),
        bool(is_asked),
    )


def _seen(viewer: Viewer) -> Any:
    author, sponsor = aliased(Person), aliased(Person)
    follows = exists().where(IdeaFollow.idea_id == Idea.id, IdeaFollow.person_id == viewer.id)
    facts = (author.id, author.name, Unit.name, sponsor.name, my_seats(viewer), follows, asked(viewer))
    return (
        select(*_columns(Idea, "i"), *_columns(Campaign, "c"), *_columns(IdeaTally, "t"))
        .add_columns(*(fact.label(f"f{number}") for number, fact in enumerate(facts)))
        .select_from(Idea)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .outerjoin(author, and_(author.id == Idea.author_id, author_known_to(viewer)))
        .outerjoin(Unit, Unit.id == author.unit_id)
        .outerjoin(sponsor, sponsor.id == Campaign.sponsor_id)
        .where(Idea.uid == bindparam("uid"), idea_visible_to(viewer))
    )


def criteria_of(campaign_id: int) -> Sequence[Any]:
    """(name, weight) of what the answer will look at."""
    return db.session.connection().execute(_CRITERIA, {"campaign": campaign_id}).all()


_CRITERIA = (
    select(Criterion.name, Criterion.weight)
    .where(Criterion.campaign_id == bindparam("campaign"))
    .order_by(Criterion.position)
)


def links_of(viewer: Viewer, idea_id: int) -> Sequence[Any]:
    """Visible ideas that belong with this one: (uid, title, outcome, kind, note, is_from: the link starts here)."""
    return run(_links, viewer, idea_id=idea_id).all()  # type: ignore[no-any-return]


def _links(viewer: Viewer) -> Any:
    idea_id: Any = bindparam("idea_id", type_=Integer)
    other = IdeaLink.from_id + IdeaLink.to_id - idea_id
    touches = or_(IdeaLink.from_id == idea_id, IdeaLink.to_id == idea_id)
    is_from = (IdeaLink.from_id == idea_id).label("is_from")
    return (
        select(Idea.uid, Idea.title, Idea.outcome, IdeaLink.kind, IdeaLink.note, is_from)
        .select_from(IdeaLink)
        .join(Idea, Idea.id == other)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(touches, idea_visible_to(viewer), Idea.stage.in_(LIVE), Idea.hidden_at.is_(None))
        .order_by(IdeaLink.kind, IdeaLink.id)
        .limit(LINKS)
    )


def versions_of(idea_id: int) -> Sequence[Any]:
    """(number, title, body, note, created_at) of each version, the latest first. The caller has seen the idea."""
    columns = (IdeaVersion.number, IdeaVersion.title, IdeaVersion.body, IdeaVersion.note, IdeaVersion.created_at)
    query = select(*columns).where(IdeaVersion.idea_id == idea_id).order_by(IdeaVersion.number.desc())
    return db.session.connection().execute(query).all()
