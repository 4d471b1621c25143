"""Do it: begin a campaign, change it, clone it, throw a draft away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from campaigns.queries.panel import criteria_of, edition, last_editor, open_boxes, team_of, units_of
from campaigns.queries.panel_templates import Template
from campaigns.rules import panel as rules
from ideabox import clock, events
from ideabox.database import db
from ideabox.ideas.models.campaign import CAMPAIGN, SPONSOR, Campaign, CampaignUnit, Criterion, Seat
from ideabox.ideas.models.idea import new_shuffle
from ideabox.ideas.queries.campaign_state import lock
from ideabox.ideas.queries.campaigns import Seen
from ideabox.ideas.rules.phases import OPENS
from ideabox.locale import zone_named
from ideabox.verdict import YES, Verdict, no
from ideabox.viewer import Viewer

#: What a clone takes over; dates are moved, ideas and votes stay where they are.
COPIED = (
    "kind template lang question problem who_suffers good_looks_like in_scope out_of_bounds afterwards"
    " questions_answered prizes leading_key audience budget currency good_limit best_limit places"
).split()
CLONE_OPENS_IN = timedelta(days=7)
WEEK = timedelta(days=7)
EDITED = "campaign.edited"


def begin(
    viewer: Viewer, kind: str, lang: str, question: str, template: Template | None, *, client_key: str | None = None
) -> Campaign:
    """A draft, filled from a template (whose question stands then), sponsored by the viewer until another is named."""
    rules.may_open(viewer, kind, open_boxes()).enforce()
    campaign = Campaign(
        **{"question": question, **_from_template(template, viewer)},
        kind=kind,
        lang=lang,
        sponsor_id=viewer.id,
        created_by_id=viewer.id,
        seed=new_shuffle(),
    )
    _add(viewer, campaign)
    db.session.add(Seat(campaign_id=campaign.id, person_id=viewer.id, role=SPONSOR))
    if template:
        rows = ({**row, "low_anchor": row["low"], "high_anchor": row["high"]} for row in template.criteria)
        _write_criteria(campaign, rows)
    _record("campaign.created", viewer, campaign, client_key, template=template.name if template else "")
    return campaign


def _add(viewer: Viewer, campaign: Campaign) -> None:
    """Insert it; of two open boxes made at the same moment the second is refused by the database."""
    db.session.add(campaign)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        rules.may_open(viewer, campaign.kind, open_boxes()).enforce()
        raise


def _from_template(template: Template | None, viewer: Viewer) -> dict[str, Any]:
    if template is None:
        return {}
    return {
        **template.texts,
        **proposed_dates(template.days, zone_named(viewer.timezone)),
        "template": template.name,
        "leading_key": template.leading_key,
    }


def proposed_dates(days: Mapping[str, int], zone: ZoneInfo) -> dict[str, Any]:
    """Opening on Monday in a week at 9:00 on the viewer's clocks, then each phase as long as the template says."""
    today = clock.now().astimezone(zone).date()
    opening = today + timedelta(days=14 - today.weekday())
    dates: dict[str, Any] = {}
    for phase, lasting in days.items():
        wall = datetime(opening.year, opening.month, opening.day, 9, tzinfo=zone)
        dates[OPENS[phase]] = wall
        if phase == "deliver":
            dates["promise_on"] = opening
        opening += timedelta(days=lasting)
    return {**dates, "close_at": datetime(opening.year, opening.month, opening.day, 18, tzinfo=zone)}


def change(
    viewer: Viewer,
    seen: Seen,
    columns: Mapping[str, Any],
    criteria: list[dict[str, Any]] | None,
    units: set[int] | None,
    *,
    base: str = "",
    client_key: str | None = None,
) -> list[str]:
    """Write what differs, and nothing that is locked; returns the names of what was changed. None: leave as it is.

    Refused with 409 when `base`, the edition that the writer has seen, is no longer the latest.
    """
    campaign = lock(seen.campaign.id)
    same_edition(campaign, EDITED, base).enforce()
    changed = [name for name, value in columns.items() if getattr(campaign, name) != value]
    new_criteria = criteria is not None and criteria != _criteria_data(campaign)
    new_units = units is not None and units != units_of(campaign)
    changed += ["criteria"] * new_criteria + ["units"] * new_units
    rules.may_change(viewer, seen.runs, campaign, changed).enforce()
    for name in changed:
        if name in columns:
            setattr(campaign, name, columns[name])
    if new_criteria:
        _write_criteria(campaign, criteria or [])
    if new_units:
        _write_units(campaign, units or set())
    _record(EDITED, viewer, campaign, client_key, changed=changed)
    return changed


def same_edition(campaign: Campaign, event: str, base: str) -> Verdict:
    """Whether nobody has saved since the writer opened the page. An empty `base` asks nothing."""
    if base in ("", edition(campaign, event)):
        return YES
    who = last_editor(campaign, event)
    return no(
        _(
            "%(who)s has saved this page since you opened it. What you typed is here; saving again keeps yours.",
            who=who,
        ),
        status=409,
    )


def _criteria_data(campaign: Campaign) -> list[dict[str, Any]]:
    names = ("name", "low_anchor", "high_anchor", "weight")
    return [{name: getattr(row, name) for name in names} for row in criteria_of(campaign)]


def _write_criteria(campaign: Campaign, rows: Iterable[Mapping[str, Any]]) -> None:
    db.session.execute(delete(Criterion).where(Criterion.campaign_id == campaign.id))
    names = ("name", "low_anchor", "high_anchor", "weight")
    values = [{name: row[name] for name in names} | {"position": place} for place, row in enumerate(rows)]
    if values:
        db.session.execute(insert(Criterion), [{"campaign_id": campaign.id, **each} for each in values])


def _write_units(campaign: Campaign, units: Iterable[int]) -> None:
    db.session.execute(delete(CampaignUnit).where(CampaignUnit.campaign_id == campaign.id))
    rows = [{"campaign_id": campaign.id, "unit_id": unit_id} for unit_id in sorted(units)]
    if rows:
        db.session.execute(insert(CampaignUnit), rows)


def clone(viewer: Viewer, seen: Seen, *, client_key: str | None = None) -> Campaign:
    """A new draft with the same brief, criteria, audience and team; its dates moved by whole weeks into the future."""
    rules.may_clone(viewer, seen.runs).enforce()
    source = seen.campaign
    copied = {name: getattr(source, name) for name in COPIED}
    dates = shifted_dates(source, clock.now(), zone_named(viewer.timezone)) if source.kind == CAMPAIGN else {}
    made = {"sponsor_id": source.sponsor_id, "created_by_id": viewer.id, "seed": new_shuffle()}
    campaign = Campaign(**copied, **dates, **made)
    rules.may_open(viewer, campaign.kind, open_boxes()).enforce()
    _add(viewer, campaign)
    _write_criteria(campaign, _criteria_data(source))
    _write_units(campaign, units_of(source))
    seats = {(member.id, member.role) for member in team_of(source)} or {(viewer.id, SPONSOR)}
    db.session.add_all(Seat(campaign_id=campaign.id, person_id=person, role=role) for person, role in sorted(seats))
    _record("campaign.created", viewer, campaign, client_key, cloned_from=source.uid)
    return campaign


def shifted_dates(source: Campaign, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The dates of a campaign moved by the whole weeks that bring its opening a week ahead: same weekday, same hour.

    Moved on the viewer's wall clock, so that 9:00 stays 9:00 through summer time.
    """
    if source.suggest_at is None:
        return {}
    weeks = -(-(now + CLONE_OPENS_IN - source.suggest_at) // WEEK)
    by = max(weeks, 0) * WEEK
    moments = {column: getattr(source, column) for column in OPENS.values()}
    dates: dict[str, Any] = {column: _later(moment, by, zone) for column, moment in moments.items() if moment}
    return {**dates, "promise_on": source.promise_on + by if source.promise_on else None}


def _later(moment: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    wall = moment.astimezone(zone).replace(tzinfo=None) + by
    return wall.replace(tzinfo=zone)


def discard(viewer: Viewer, seen: Seen) -> None:
    """Throw away a draft that was never launched, with what hangs on it."""
    campaign = lock(seen.campaign.id)
    rules.may_discard(viewer, seen.runs, campaign).enforce()
    _record("campaign.discarded", viewer, campaign, None, question=campaign.question)
    for table in (Criterion, CampaignUnit, Seat):
        db.session.execute(delete(table).where(table.campaign_id == campaign.id))
    db.session.execute(delete(Campaign).where(Campaign.id == campaign.id))


def _record(name: str, viewer: Viewer, campaign: Campaign, client_key: str | None, **data: Any) -> None:
    facts: dict[str, Any] = {"actor_id": viewer.id, "campaign_id": campaign.id, "subject": campaign.uid}
    events.record(name, **facts, client_key=client_key, **data)
