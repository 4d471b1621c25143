"""What the database's helpers answer on both back ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask import template_rendered
from sqlalchemy import delete, event, select, update

from ideabox.database import changed, upsert
from ideabox.ideas.models.campaign import Campaign
from ideabox.ticks import LONG_AGO, Turn
from tests.factories import make_campaign, make_person

if TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.usefixtures("app")


def test_each_write_tells_how_many_rows_it_touched(db: Any) -> None:
    rows = [{"name": name, "at": LONG_AGO} for name in ("one", "two")]
    taken = [*rows, {"name": "three", "at": LONG_AGO}]
    insert = upsert(Turn.__table__)
    assert changed(insert.values(rows[0]).on_conflict_do_nothing()) == 1
    assert changed(insert.values(rows[0]).on_conflict_do_nothing()) == 0
    assert changed(insert.values(taken).on_conflict_do_nothing()) == 2
    assert changed(update(Turn).where(Turn.name == "none").values(at=LONG_AGO)) == 0
    assert changed(delete(Turn)) == 3


def test_a_page_ends_by_a_commit_and_keeps_nothing_that_it_touched(app: Flask, db: Any, sign_in: Any) -> None:
    campaign, person = make_campaign(question="Before"), make_person()
    client, campaign_id, address = sign_in(person), campaign.id, f"/campaigns/{campaign.uid}"
    ended: list[str] = []
    for name in ("commit", "rollback"):
        event.listen(db.engine, name, lambda _connection, name=name: ended.append(name))

    def touch(**_facts: Any) -> None:
        db.session.get_one(Campaign, campaign_id).question = "After"

    with template_rendered.connected_to(lambda _sender, **facts: touch(**facts), app):
        db.session.rollback()
        ended.clear()
        assert client.get(address).status_code == 200
    assert ended == ["commit"]
    assert db.session.scalar(select(Campaign.question)) == "Before"
