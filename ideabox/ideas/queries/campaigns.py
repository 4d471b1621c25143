"""A campaign as one viewer sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased

from ideabox.accounts.models import Person
from ideabox.ideas.models.campaign import MANAGER, SPONSOR, Campaign, Seat
from ideabox.ideas.queries import prepared
from ideabox.ideas.queries.campaign_steps import Step, phase_steps
from ideabox.ideas.queries.visible import campaign_visible_to
from ideabox.verdict import Missing
from ideabox.viewer import Viewer

__all__ = ["Seen", "Step", "campaign_for", "my_seats", "phase_steps"]


@dataclass(frozen=True)
class Seen:
    """A campaign, the seats this viewer holds in it, and who sponsors it."""

    campaign: Campaign
    seats: frozenset[str]
    sponsor: Person | None

    @property
    def runs(self) -> bool:
        """Whether the viewer is of the sponsor's team."""
        return bool(self.seats & {SPONSOR, MANAGER})


def my_seats(viewer: Viewer):  # type: ignore[no-untyped-def]
    """Scalar subquery: the viewer's seats in Campaign, joined by commas."""
    roles = func.aggregate_strings(Seat.role, ",")
    return select(roles).where(Seat.campaign_id == Campaign.id, Seat.person_id == viewer.id).scalar_subquery()


def campaign_for(viewer: Viewer, uid: str) -> Seen:
    """The campaign of that uid in one statement; Missing when there is none for this viewer."""
    row = prepared.load(_seen_by, viewer, uid=uid).one_or_none()
    if row is None:
        raise Missing
    return Seen(row[0], frozenset((row[1] or "").split(",")) - {""}, row[2])


def _seen_by(viewer: Viewer) -> Select[Any]:
    sponsor = aliased(Person)
    return (
        select(Campaign, my_seats(viewer), sponsor)
        .outerjoin(sponsor, sponsor.id == Campaign.sponsor_id)
        .where(Campaign.uid == bindparam("uid"), campaign_visible_to(viewer))
    )
