"""Who takes part, unit by unit, with nothing said of fewer than five people."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select, union

from ideabox.accounts.models import Person, Unit
from ideabox.database import db
from ideabox.ideas.models.campaign import Campaign, CampaignUnit
from ideabox.ideas.models.idea import LIVE, Idea
from ideabox.ideas.models.talk import Comment
from ideabox.ideas.models.vote import Ballot

FEWEST = 5


@dataclass(frozen=True)
class Share:
    """People of one unit. `part` is None where it would tell of fewer than five people."""

    name: str
    people: int
    part: int | None

    @property
    def percent(self) -> int | None:
        return None if self.part is None else round(100 * self.part / self.people)


def participation_of(campaign: Campaign) -> list[Share]:
    """How many people of each unit asked have sent, voted or talked; the largest units first."""
    part = _taking_part(campaign).subquery()
    query = (
        select(Unit.name, func.count(Person.id), func.count(part.c.person_id))
        .join(Person, Person.unit_id == Unit.id)
        .outerjoin(part, part.c.person_id == Person.id)
        .where(Person.active)
        .group_by(Unit.id, Unit.name)
        .order_by(func.count(Person.id).desc(), Unit.name)
    )
    asked = _asked_units(campaign)
    rows = db.session.execute(query.where(Unit.id.in_(asked)) if asked is not None else query)
    return hide_few([(name, people, took_part) for name, people, took_part in rows])


def hide_few(units: list[tuple[str, int, int]]) -> list[Share]:
    """Hide counts of under five people; and a second unit when only one is hidden, since a sum would give it away."""
    hidden = {name for name, people, part in units if people < FEWEST or part < FEWEST}
    if len(hidden) == 1:
        shown = sorted((part, name) for name, _people, part in units if name not in hidden)
        hidden |= {name for _part, name in shown[:1]}
    return [Share(name, people, None if name in hidden else part) for name, people, part in units]


def _asked_units(campaign: Campaign) -> Select[int] | None:
    """The units asked and those below them; None when everybody is."""
    if campaign.audience == "all":
        return None
    root = select(Unit.path).join(CampaignUnit, CampaignUnit.unit_id == Unit.id)
    roots = root.where(CampaignUnit.campaign_id == campaign.id).subquery()
    return select(Unit.id).join(roots, Unit.path.startswith(roots.c.path))


def _taking_part(campaign: Campaign) -> Select[int]:
    ideas = (Idea.campaign_id == campaign.id, Idea.stage.in_(LIVE))
    people = union(
        select(Ballot.person_id.label("person_id")).where(Ballot.campaign_id == campaign.id),
        select(Idea.author_id).where(*ideas),
        select(Comment.author_id).join(Idea, Idea.id == Comment.idea_id).where(*ideas, Comment.deleted_at.is_(None)),
    ).subquery()
    return select(people.c.person_id)
