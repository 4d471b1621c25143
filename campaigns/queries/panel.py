"""What the sponsor's team sees of its campaign, and what it prepares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_, select

from campaigns.queries.panel_templates import left_to_fill
from campaigns.rules.panel import Gap, gaps
from ideabox import clock
from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.models.campaign import (
    BOX,
    CLOSED,
    DRAFT,
    EVALUATOR,
    MANAGER,
    SPONSOR,
    Campaign,
    CampaignUnit,
    Criterion,
    Seat,
)
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.queries.campaign_state import unanswered
from ideabox.ideas.queries.campaigns import Seen, campaign_for
from ideabox.ideas.queries.visible import campaign_visible_to
from ideabox.ideas.rules.campaigns import leads
from ideabox.verdict import Missing
from ideabox.viewer import Viewer

TEXTS = ("question", "problem", "who_suffers", "good_looks_like", "in_scope", "out_of_bounds", "afterwards")
MORE_TEXTS = ("questions_answered", "prizes")


def led_campaign(viewer: Viewer, uid: str) -> Seen:
    """A campaign that this viewer runs; for everybody else it does not exist here."""
    seen = campaign_for(viewer, uid)
    if not leads(viewer, seen.runs):
        raise Missing
    return seen


def run_by(viewer: Viewer) -> Sequence[Campaign]:
    """The campaigns this viewer sits in as sponsor or manager; for admins all. Drafts first, closed ones last."""
    mine = select(Seat.campaign_id).where(Seat.person_id == viewer.id, Seat.role.in_((SPONSOR, MANAGER)))
    query = select(Campaign).where(campaign_visible_to(viewer))
    if not viewer.is_admin:
        query = query.where(Campaign.id.in_(mine))
    order = ((Campaign.phase != DRAFT), (Campaign.phase == CLOSED), Campaign.phase_since.desc())
    return db.session.scalars(query.order_by(*order).limit(200)).all()


def edition(campaign: Campaign, event: str) -> str:
    """What tells whether something was saved meanwhile: the number of the last event of that name, 0 at first."""
    query = select(func.max(Event.id)).where(Event.campaign_id == campaign.id, Event.name == event)
    return str(db.session.scalar(query) or 0)


def last_editor(campaign: Campaign, event: str) -> str:
    """Who saved it last; empty when nobody has."""
    query = select(Person.name).join(Event, Event.actor_id == Person.id)
    query = query.where(Event.campaign_id == campaign.id, Event.name == event).order_by(Event.id.desc())
    return db.session.scalar(query.limit(1)) or ""


def open_boxes() -> int:
    """How many open boxes there are, drafts included."""
    query = select(func.count()).select_from(Campaign).where(Campaign.kind == BOX, Campaign.phase != CLOSED)
    return db.session.scalar(query) or 0


def criteria_of(campaign: Campaign) -> Sequence[Criterion]:
    query = select(Criterion).where(Criterion.campaign_id == campaign.id).order_by(Criterion.position)
    return db.session.scalars(query).all()


def units_of(campaign: Campaign) -> set[int]:
    query = select(CampaignUnit.unit_id).where(CampaignUnit.campaign_id == campaign.id)
    return set(db.session.scalars(query))


def unit_tree() -> Sequence[Any]:
    """Every unit (id, uid, name, path), each below the one it belongs to."""
    return db.session.execute(select(Unit.id, Unit.uid, Unit.name, Unit.path).order_by(Unit.path)).all()


@dataclass(frozen=True)
class Member:
    """Somebody of the team."""

    id: int
    name: str
    email: str
    role: str
    unit_name: str
    last_seen_on: date | None

    @property
    def line(self) -> str:
        """As it stands in the form: a name that can be read and an address that cannot be mistaken."""
        return f"{self.name} <{self.email}>" if self.email else self.name


def team_of(campaign: Campaign) -> list[Member]:
    """The seats of a campaign: sponsor, managers, evaluators, each by name."""
    columns = (Person.id, Person.name, Person.email, Seat.role, Unit.name.label("unit_name"), Person.last_seen_on)
    query = (
        select(*columns)
        .join(Seat, Seat.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(Seat.campaign_id == campaign.id)
    )
    order = {SPONSOR: 0, MANAGER: 1, EVALUATOR: 2}
    rows = sorted(db.session.execute(query), key=lambda row: (order[row.role], row.name))
    return [Member(row.id, row.name, row.email or "", row.role, row.unit_name or "", row.last_seen_on) for row in rows]


def people_called(words: str) -> Sequence[Person]:
    """Active people with that e-mail or that exact name; `Name <address>` looks for the address. At most 6."""
    address = words.rsplit("<", 1)[-1].strip("<> ").lower()
    same = or_(func.lower(Person.email) == address, func.lower(Person.name) == words.strip().lower())
    query = select(Person).where(Person.active, Person.email.is_not(None), same).order_by(Person.name, Person.id)
    return db.session.scalars(query.limit(6)).all()


def gaps_of(campaign: Campaign) -> list[Gap]:
    """What is missing before this draft can be launched."""
    to_fill = {field: len(left_to_fill(getattr(campaign, field))) for field in (*TEXTS, *MORE_TEXTS)}
    sponsored = select(func.count()).select_from(Seat)
    sponsors = db.session.scalar(sponsored.where(Seat.campaign_id == campaign.id, Seat.role == SPONSOR))
    return gaps(
        campaign,
        sponsored=bool(sponsors),
        weights=[criterion.weight for criterion in criteria_of(campaign)],
        units=len(units_of(campaign)),
        to_fill={field: passages for field, passages in to_fill.items() if passages},
        now=clock.now(),
    )


@dataclass(frozen=True)
class Pile:
    """What waits. `unseen`: ideas nobody but their author has been shown; `oldest`: the first of the unanswered."""

    ideas: int
    unanswered: int
    unseen: int
    oldest: Sequence[Row[Any]]


def pile_of(campaign: Campaign) -> Pile:
    live = (Idea.campaign_id == campaign.id, Idea.stage.in_(LIVE))
    unseen = select(func.count()).select_from(Idea).join(IdeaTally, IdeaTally.idea_id == Idea.id)
    waiting = select(func.count()).select_from(Idea).where(unanswered(campaign.id))
    counts = db.session.execute(
        select(
            select(func.count()).select_from(Idea).where(*live).scalar_subquery(),
            waiting.scalar_subquery(),
            unseen.where(*live, IdeaTally.shows == 0).scalar_subquery(),
        )
    ).one()
    oldest: Any = (
        select(Idea.uid, Idea.title, Idea.submitted_at)
        .where(unanswered(campaign.id))
        .order_by(Idea.submitted_at, Idea.id)
        .limit(8)
    )
    return Pile(counts[0], counts[1], counts[2], db.session.execute(oldest).all())
