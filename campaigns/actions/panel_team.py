"""Do it: name a campaign's team."""

from __future__ import annotations

from sqlalchemy import delete

from campaigns.actions.panel import same_edition
from campaigns.queries.panel import team_of
from campaigns.rules import panel as rules
from ideabox import events
from ideabox.database import db, upsert
from ideabox.ideas.models.campaign import SPONSOR, Campaign, Seat
from ideabox.ideas.queries.campaign_state import lock
from ideabox.ideas.queries.campaigns import Seen
from ideabox.viewer import Viewer

SEATED = "campaign.seated"


def seat(
    viewer: Viewer, seen: Seen, team: set[tuple[int, str]], *, base: str = "", client_key: str | None = None
) -> None:
    """Make these the seats of the campaign: (person id, role). One sponsor; those who are new are told.

    `base`: the edition that the writer has seen, as for `panel.change`.
    """
    campaign = lock(seen.campaign.id)
    same_edition(campaign, SEATED, base).enforce()
    sponsors = [person_id for person_id, role in team if role == SPONSOR]
    rules.may_seat(viewer, seen.runs, campaign, len(sponsors) == 1).enforce()
    before = {(member.id, member.role) for member in team_of(campaign)}
    for person_id, role in before - team:
        db.session.execute(
            delete(Seat).where(Seat.campaign_id == campaign.id, Seat.person_id == person_id, Seat.role == role)
        )
    _add(campaign, team - before)
    campaign.sponsor_id = sponsors[0]
    events.record(
        SEATED,
        actor_id=viewer.id,
        campaign_id=campaign.id,
        subject=campaign.uid,
        client_key=client_key,
        question=campaign.question,
        added=sorted(team - before),
        removed=sorted(before - team),
    )


def _add(campaign: Campaign, seats: set[tuple[int, str]]) -> None:
    for person_id, role in sorted(seats):
        row = {"campaign_id": campaign.id, "person_id": person_id, "role": role}
        db.session.execute(upsert(Seat.__table__).values(**row).on_conflict_do_nothing())
