"""Do it: open the box that every company has from its first day."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from ideabox import clock, events
from ideabox.database import db, upsert
from ideabox.ideas.models.campaign import BOX, SPONSOR, SUGGEST, Campaign, Seat
from ideabox.ideas.rules.campaigns import may_open_first_box

#: The unique source of the first box: however often it is asked for, there is one.
FIRST = "open box"


def open_first_box(sponsor_id: int, lang: str) -> Campaign:
    """The always-open box, answered by this person until another is named. Refused (409) when there is one already."""
    boxes = db.session.scalar(select(func.count()).select_from(Campaign).where(Campaign.kind == BOX)) or 0
    may_open_first_box(boxes).enforce()
    db.session.execute(upsert(Campaign.__table__).values(_row(sponsor_id, lang)).on_conflict_do_nothing())
    box = db.session.scalars(select(Campaign).where(Campaign.source == FIRST)).one()
    seat = {"campaign_id": box.id, "person_id": sponsor_id, "role": SPONSOR}
    db.session.execute(upsert(Seat.__table__).values(**seat).on_conflict_do_nothing())
    events.record("campaign.created", actor_id=sponsor_id, campaign_id=box.id, subject=box.uid, template="box")
    return box


def _row(sponsor_id: int, lang: str) -> dict[str, object]:
    now = clock.now()
    with force_locale(lang):
        words = {"question": str(_("The open box")), "problem": str(_("Any idea, any day, no question needed."))}
    moments = {"created_at": now, "phase_since": now, "launched_at": now, "suggest_at": now}
    people = {"sponsor_id": sponsor_id, "created_by_id": sponsor_id}
    return {"kind": BOX, "phase": SUGGEST, "source": FIRST, "lang": lang, **words, **moments, **people}
