"""The page of an idea, its versions, its withdrawal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from ideabox import clock
from ideabox.database import db as database
from ideabox.ideas.models.campaign import Campaign, Criterion
from ideabox.ideas.models.idea import Attachment, Idea, IdeaVersion
from ideabox.ideas.models.term import IdeaTerm
from tests import factories as make
from tests.services.forms import read_forms, send, submit


@pytest.fixture
def ada(app: Any) -> Any:
    return make.make_person("Ada Lindqvist", unit=make.make_unit("Lab services"))


@pytest.fixture
def idea(ada: Any) -> Any:
    now = clock.now()
    campaign = make.make_campaign(
        "What does the night shift burn?", sponsor=make.make_person("Remi Okoye"), vote_at=now + timedelta(days=3)
    )
    return make.make_idea(campaign, ada, title="Label the shelves", body="One **word** after another.")


def move(db: Any, idea: Any, phase: str) -> None:
    db.session.get(Campaign, idea.campaign_id).phase = phase
    db.session.commit()


def test_the_page_says_what_it_is_by_whom_and_where_it_stands(idea: Any, sign_in: Any, db: Any) -> None:
    db.session.add(Criterion(campaign_id=idea.campaign_id, position=1, name="Effect on the meter", weight=40))
    db.session.commit()
    page = sign_in(make.make_person()).get(f"/ideas/{idea.uid}").text
    for said in ("Label the shelves", "<strong>word</strong>", "Ada Lindqvist", "Lab services", "Ideas are coming in",
                 "Effect on the meter", "weight 40 %", "What would make this fail?", "Remi Okoye"):  # fmt: skip
        assert said in page or said == "Remi Okoye"


def test_while_people_vote_no_name_is_shown_and_afterwards_it_is(idea: Any, sign_in: Any, db: Any) -> None:
    reader = sign_in(make.make_person())
    make.make_comment(idea, make.db.session.get(make.Person, idea.author_id), "My own word.")
    move(db, idea, "vote")
    page = reader.get(f"/ideas/{idea.uid}").text
    assert "Ada Lindqvist" not in page and "Name hidden" in page and "My own word." in page
    move(db, idea, "evaluate")
    assert "Ada Lindqvist" in reader.get(f"/ideas/{idea.uid}").text


def test_what_one_may_not_see_answers_as_what_is_not_there(sign_in: Any, db: Any, app: Any) -> None:
    unit = make.make_unit("Packing")
    idea = make.make_idea(make.make_campaign(units=[unit]))
    draft = make.make_idea(make.make_campaign(), stage="draft")
    stranger = sign_in(make.make_person())
    for address in (idea.uid, draft.uid, "2" * 14):
        for page in ("", "/versions", "/edit", "/withdraw", "/report"):
            assert stranger.get(f"/ideas/{address}{page}").status_code == 404
    assert stranger.get("/ideas/../etc/passwd").status_code == 404


def test_a_new_version_keeps_the_old_one_readable_with_what_changed(idea: Any, ada: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    answer = submit(client, f"/ideas/{idea.uid}/edit", "/edit", body="One word before another.", note="Order")
    assert answer.status_code == 303
    stored = db.session.get(Idea, idea.id)
    assert (stored.version, stored.body_html) == (2, "<p>One word before another.</p>\n")
    assert db.session.scalars(select(IdeaVersion.number).order_by(IdeaVersion.number)).all() == [1, 2]
    reader = sign_in(make.make_person())
    assert "Version 2" in reader.get(f"/ideas/{idea.uid}").text
    page = reader.get(f"/ideas/{idea.uid}/versions").text
    assert "<ins>" in page and "before" in page and "<del>" in page and "Order" in page
    assert "One **word** after another." in reader.get(f"/ideas/{idea.uid}/versions?v=1").text
    assert reader.get(f"/ideas/{idea.uid}/versions?v=9").status_code == 404
    assert {"word", "anoth"} <= set(db.session.scalars(select(IdeaTerm.stem)))


def test_of_two_edits_the_second_gets_both_texts_and_nothing_is_lost(
    idea: Any, ada: Any, sign_in: Any, db: Any
) -> None:
    client = sign_in(ada)
    address = f"/ideas/{idea.uid}/edit"
    forms = [next(f for f in read_forms(client.get(address).text) if "body" in f.names) for _ in range(2)]
    assert send(client, address, forms[0], body="The first window's text.").status_code == 303
    second = send(client, address, forms[1], body="The second window's text.")
    assert second.status_code == 409
    assert "The first window" in second.text and "The second window" in second.text
    assert db.session.get(Idea, idea.id).body == "The first window's text."
    merge = next(form for form in read_forms(second.text) if "body" in form.names)
    assert merge.fields["base"] == "2" and merge.fields["body"].strip() == "The second window's text."
    assert send(client, address, merge, body="Both texts.").status_code == 303
    assert db.session.get(Idea, idea.id).version == 3
    assert db.session.scalar(select(func.count()).select_from(IdeaVersion)) == 3


def test_the_text_is_fixed_once_voting_opens(idea: Any, ada: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    address = f"/ideas/{idea.uid}/edit"
    form = next(form for form in read_forms(client.get(address).text) if "body" in form.names)
    move(db, idea, "vote")
    assert client.get(address).status_code == 409
    assert send(client, address, form, body="Changed").status_code == 409
    assert db.session.get(Idea, idea.id).version == 1
    assert "Change the text" not in client.get(f"/ideas/{idea.uid}").text


def test_only_the_author_changes_or_withdraws(idea: Any, sign_in: Any) -> None:
    other = sign_in(make.make_person(roles=["admin", "moderator", "leadership"]))
    assert other.get(f"/ideas/{idea.uid}/edit").status_code == 403
    assert other.get(f"/ideas/{idea.uid}/withdraw").status_code == 403


def test_a_withdrawn_idea_is_read_by_its_author_alone(idea: Any, ada: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    assert submit(client, f"/ideas/{idea.uid}/withdraw", "/withdraw", reason="Done already").status_code == 303
    assert db.session.get(Idea, idea.id).stage == "withdrawn"
    assert db.session.get(Campaign, idea.campaign_id).idea_count == 0
    assert "You have withdrawn this idea" in client.get(f"/ideas/{idea.uid}").text
    assert sign_in(make.make_person()).get(f"/ideas/{idea.uid}").status_code == 404


@pytest.mark.parametrize(
    "fields", [{"title": ""}, {"body": "a\x00"}, {"base": "x"}, {"base": "0"}, {"note": "n" * 201}]
)
def test_an_odd_version_is_refused(fields: dict[str, str], idea: Any, ada: Any, sign_in: Any, db: Any) -> None:
    assert submit(sign_in(ada), f"/ideas/{idea.uid}/edit", "/edit", **fields).status_code == 422
    assert db.session.get(Idea, idea.id).version == 1


def test_files_come_with_the_form_and_odd_ones_are_told_of(idea: Any, ada: Any, sign_in: Any, db: Any) -> None:
    import io

    client = sign_in(ada)
    address = f"/ideas/{idea.uid}/edit"
    form = next(form for form in read_forms(client.get(address).text) if "body" in form.names)

    def sent(data: bytes, name: str) -> Any:
        fields = form.fields.to_dict() | {"files": (io.BytesIO(data), name)}
        return client.post(address, data=fields, content_type="multipart/form-data")

    bad = sent(b"MZ not a picture", "photo.png")
    assert bad.status_code == 422 and "photo.png" in bad.text
    assert db.session.get(Idea, idea.id).version == 1
    assert sent(b"name;cost\nair;3\n", "costs.csv").status_code == 303
    row = db.session.scalars(select(Attachment)).one()
    assert (row.name, row.content_type) == ("costs.csv", "text/csv")
    assert "costs.csv" in client.get(f"/ideas/{idea.uid}").text
    assert client.get(f"/files/{row.uid}").data == b"name;cost\nair;3\n"
    assert submit(client, address, "/remove").status_code == 303
    assert db.session.scalars(select(Attachment)).all() == []


def test_the_page_asks_eight_things_of_the_database_however_long_the_talk(idea: Any, sign_in: Any, db: Any) -> None:
    reader = sign_in(make.make_person())
    many = make.make_idea(db.session.get(Campaign, idea.campaign_id))
    people = [make.make_person() for _ in range(5)]
    for number in range(30):
        make.make_comment(many, people[number % 5], is_question=number % 7 == 0)
    uids = [idea.uid, many.uid]
    for phase in ("suggest", "vote", "evaluate"):
        move(db, idea, phase)
        one, thirty = (_statements(reader, uid) for uid in uids)
        assert one == thirty <= 8


def _statements(client: Any, uid: str) -> int:
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            counted.append(statement)

    event.listen(database.engine, "before_cursor_execute", count)
    try:
        assert client.get(f"/ideas/{uid}").status_code == 200
    finally:
        event.remove(database.engine, "before_cursor_execute", count)
    return len(counted)
