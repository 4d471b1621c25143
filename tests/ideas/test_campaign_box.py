"""The open box: there from the first day, once, and answered idea by idea."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideabox import events
from ideabox.database import db
from ideabox.ideas.actions.campaign_box import open_first_box
from ideabox.ideas.models.campaign import Campaign, Seat
from ideabox.verdict import Refused
from tests.factories import make_campaign, make_organisation, make_person
from tests.ideas.test_campaign_phases import together

pytestmark = pytest.mark.usefixtures("app")


def test_founding_a_company_opens_its_box() -> None:
    make_organisation(lang="fr")
    founder = make_person(roles=["admin"])
    events.record("organisation.founded", actor_id=founder.id, subject=founder.uid)
    db.session.commit()
    while events.deliver_pending():
        pass
    box = db.session.scalars(select(Campaign)).one()
    assert (box.kind, box.phase, box.lang, box.sponsor_id) == ("box", "suggest", "fr", founder.id)
    seat = db.session.scalars(select(Seat)).one()
    assert (seat.campaign_id, seat.person_id, seat.role) == (box.id, founder.id, "sponsor")
    assert not events.troubled()


def test_there_is_no_second() -> None:
    make_campaign(kind="box")
    with pytest.raises(Refused):
        open_first_box(make_person().id, "en")


def test_asked_for_by_six_at_once_it_is_one(app: Flask) -> None:
    person_id = make_person().id
    db.session.rollback()
    together(app, *[lambda: open_first_box(person_id, "en") and None] * 6)
    assert db.session.scalar(select(func.count()).select_from(Campaign)) == 1
    assert db.session.scalar(select(func.count()).select_from(Seat)) == 1
