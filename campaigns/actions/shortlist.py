"""Do it: choose at the cut with a reason, note an objection, confirm the shortlist."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from campaigns.models.shortlist import Choice, Objection, Shortlist
from campaigns.queries.standing import standing_with_shortlist, taken_ids
from campaigns.rules import shortlist as rules
from ideabox import clock, events
from ideabox.database import db, upsert
from ideabox.ideas.models.answer import Standing, StandingRow
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import LIVE, OPEN, SHORTLISTED, Idea
from ideabox.ideas.queries.campaign_state import lock
from ideabox.ideas.queries.campaigns import Seen
from ideabox.verdict import Missing
from ideabox.viewer import Viewer


@dataclass(frozen=True)
class Candidate:
    """An idea with its band in the standing that is chosen from."""

    idea: Idea
    band: str


def candidate(standing: Standing, uid: str) -> Candidate:
    """The idea of that uid in this standing; Missing when it has no place there or is gone."""
    query = (
        select(Idea, StandingRow.band)
        .join(StandingRow, StandingRow.idea_id == Idea.id)
        .where(Idea.uid == uid, Idea.stage.in_(LIVE), StandingRow.standing_id == standing.id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise Missing
    return Candidate(row[0], row[1])


def choose(viewer: Viewer, seen: Seen, uid: str, chosen: bool, reason: str, *, client_key: str | None = None) -> Idea:
    """Put an idea on the shortlist, or take it off. One campaign's choices are made one after the other."""
    campaign = seen.campaign
    rules.may_choose(viewer, seen.runs, campaign.phase, False).enforce()
    # Held, so that two people who fill the last place at once fill it once.
    lock(campaign.id)
    standing, confirmed = standing_with_shortlist(campaign.id)
    rules.may_choose(viewer, seen.runs, campaign.phase, confirmed is not None).enforce()
    if standing is None:
        raise Missing
    found = candidate(standing, uid)
    taken = taken_ids(standing) - {found.idea.id}
    rules.choice_holds(found.band, chosen, reason, len(taken), standing.parameters["places"]).enforce()
    _store(viewer, campaign, found, chosen, reason)
    events.record(
        "shortlist.chosen" if chosen else "shortlist.taken_off",
        actor_id=viewer.id,
        campaign_id=campaign.id,
        idea_id=found.idea.id,
        subject=found.idea.uid,
        client_key=client_key,
        band=found.band,
        reason=reason,
    )
    return found.idea


def _store(viewer: Viewer, campaign: Campaign, found: Candidate, chosen: bool, reason: str) -> None:
    """A choice that says what the votes say is no choice: its row goes."""
    if chosen == (found.band == "A"):
        mine = delete(Choice).where(Choice.campaign_id == campaign.id, Choice.idea_id == found.idea.id)
        db.session.execute(mine)
        return
    values = {"chosen": chosen, "reason": reason, "actor_id": viewer.id, "at": clock.now()}
    row = upsert(Choice.__table__).values(campaign_id=campaign.id, idea_id=found.idea.id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["campaign_id", "idea_id"], set_=values))


def object_to(viewer: Viewer, seen: Seen, uid: str, words: str, *, client_key: str | None = None) -> Idea:
    """Note the main thing said against an idea; empty words take the note away."""
    rules.may_object(viewer, seen.runs).enforce()
    standing, _confirmed = standing_with_shortlist(seen.campaign.id)
    if standing is None:
        raise Missing
    idea = candidate(standing, uid).idea
    if words:
        values = {"words": words, "actor_id": viewer.id, "at": clock.now()}
        row = upsert(Objection.__table__).values(idea_id=idea.id, **values)
        db.session.execute(row.on_conflict_do_update(index_elements=["idea_id"], set_=values))
    else:
        db.session.execute(delete(Objection).where(Objection.idea_id == idea.id))
    names = {"campaign_id": seen.campaign.id, "idea_id": idea.id, "subject": idea.uid, "client_key": client_key}
    events.record("shortlist.objection", actor_id=viewer.id, words=words, **names)  # type: ignore[arg-type]
    return idea


def confirm(viewer: Viewer, seen: Seen, *, client_key: str | None = None) -> Shortlist:
    """Confirm the shortlist: its ideas are shortlisted for everybody to see. Once per campaign."""
    campaign = lock(seen.campaign.id)
    standing, confirmed = standing_with_shortlist(campaign.id)
    if standing is None:
        raise Missing
    ids = taken_ids(standing)
    places = standing.parameters["places"]
    rules.may_confirm(viewer, seen.seats, campaign.phase, confirmed is not None, len(ids), places).enforce()
    shortlist = Shortlist(campaign_id=campaign.id, standing_id=standing.id, actor_id=viewer.id)
    db.session.add(shortlist)
    db.session.execute(update(Idea).where(Idea.id.in_(ids), Idea.stage == OPEN).values(stage=SHORTLISTED))
    uids = db.session.scalars(select(Idea.uid).where(Idea.id.in_(ids)).order_by(Idea.uid)).all()
    events.record(
        "shortlist.confirmed",
        actor_id=viewer.id,
        campaign_id=campaign.id,
        subject=campaign.uid,
        client_key=client_key,
        ideas=list(uids),
        standing=standing.uid,
        digest=standing.digest,
    )
    return shortlist
