"""The composer by its own form: drafts, close ideas, sending, and what it does with odd input."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from ideabox import clock, events, files
from ideabox.events import Event
from ideabox.files import folder
from ideabox.ideas.actions.similar import index
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Attachment, Idea, IdeaLink, IdeaTally, IdeaVersion
from ideabox.ideas.models.term import IdeaTerm
from tests import factories as make
from tests.services.forms import read_forms, send, submit


@pytest.fixture
def ada(app: Any) -> Any:
    make.make_organisation("Halden Foods")
    return make.make_person("Ada Lindqvist")


@pytest.fixture
def campaign(ada: Any) -> Any:
    return make.make_campaign("How might we halve what the night shift burns?")


def composer(campaign: Any, **more: str) -> str:
    return f"/ideas/new?campaign={campaign.uid}" + "".join(f"&{name}={value}" for name, value in more.items())


def the_form(client: Any, campaign: Any) -> Any:
    page = client.get(composer(campaign))
    return next(form for form in read_forms(page.text) if "title" in form.names)


def test_an_idea_is_sent_with_all_it_needs(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    sent = {
        "title": "Shut compressors at lunch",
        "body": "Nobody draws **lab air** then.",
        "tags": "energy; air, energy",
    }
    answer = submit(client, composer(campaign), "/ideas/new", **sent, cost_low="200", button="do=send")
    assert answer.status_code == 303
    idea = db.session.scalars(select(Idea)).one()
    assert answer.location.endswith(f"/ideas/{idea.uid}")
    assert (idea.stage, idea.version, idea.author_id, idea.privacy) == ("open", 1, ada.id, "named")
    assert idea.submitted_at is not None and idea.tags == "energy, air" and idea.cost_low == 200
    assert idea.body_html == "<p>Nobody draws <strong>lab air</strong> then.</p>\n"
    assert db.session.scalars(select(IdeaVersion.number)).all() == [1]
    assert db.session.get(IdeaTally, idea.id).campaign_id == campaign.id
    assert db.session.get(Campaign, campaign.id).idea_count == 1
    assert "compressor" in db.session.scalars(select(IdeaTerm.stem)).all()
    event = db.session.scalars(select(Event).where(Event.name == "idea.submitted")).one()
    assert (event.actor_id, event.subject, event.idea_id) == (ada.id, idea.uid, idea.id)
    page = client.get(answer.location)
    assert page.status_code == 200 and "<strong>lab air</strong>" in page.text


def test_sending_the_same_form_twice_sends_one_idea(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    form = the_form(client, campaign)
    answers = [
        send(client, composer(campaign), form, title="Once", body="And only once.", button="do=send") for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert db.session.scalar(select(func.count()).select_from(Idea)) == 1
    assert db.session.get(Campaign, campaign.id).idea_count == 1


@pytest.mark.parametrize("fields", [{"title": "", "body": "x"}, {"title": "x", "body": "  "}])
def test_what_is_missing_is_said_and_what_was_typed_stays(
    fields: dict[str, str], ada: Any, campaign: Any, sign_in: Any, db: Any
) -> None:
    client = sign_in(ada)
    answer = submit(client, composer(campaign), "/ideas/new", **fields, cost_note="pumps & <b>pipes", button="do=send")
    assert answer.status_code == 422
    assert "error-summary" in answer.text and 'value="pumps &amp; &lt;b&gt;pipes"' in answer.text
    assert db.session.scalar(select(func.count()).select_from(Idea)) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"cost_low": "10", "cost_high": "5"},
        {"cost_low": str(10**30)},
        {"cost_low": "NaN"},
        {"cost_high": "-1"},
        {"tags": "a,b,c,d,e,f"},
        {"tags": "x" * 31},
        {"title": "x" * 201},
        {"body": "x" * 20_001},
        {"privacy": "anonymous"},
        {"draft": "../etc"},
        {"differs_from": "'; DROP TABLE idea;--"},
    ],
)
def test_values_outside_their_limits_are_refused(
    fields: dict[str, str], ada: Any, campaign: Any, sign_in: Any, db: Any
) -> None:
    client = sign_in(ada)
    page = send(
        client,
        composer(campaign),
        the_form(client, campaign),
        **{"title": "T", "body": "B", **fields},
        button="do=send",
    )
    assert page.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Idea)) == 0


def save(client: Any, campaign: Any, form: Any, **fields: str) -> Any:
    return client.post(f"/ideas/drafts?campaign={campaign.uid}", data=form.fill(fields))


def test_a_draft_is_kept_as_one_types_and_comes_back(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    form = the_form(client, campaign)
    assert save(client, campaign, form, title="Shut").status_code == 200
    answer = save(client, campaign, form, title="Shut compressors", body="At lunch.")
    assert answer.status_code == 200 and re.match(r"\d{4}-\d\d-\d\dT", answer.json["saved_at"])
    draft = db.session.scalars(select(Idea)).one()
    assert (draft.stage, draft.title, draft.body, draft.version) == ("draft", "Shut compressors", "At lunch.", 2)
    assert db.session.get(Campaign, campaign.id).idea_count == 0
    again = the_form(client, campaign)
    assert (again.fields["title"], again.fields["draft"]) == ("Shut compressors", draft.uid)
    other = sign_in(make.make_person())
    assert the_form(other, campaign).fields["title"] == ""


def test_a_second_window_is_told_and_may_choose(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    first = the_form(client, campaign)
    save(client, campaign, first, title="First words")
    second = the_form(client, campaign)
    assert save(client, campaign, second, title="Second words").status_code == 200
    assert save(client, campaign, first, title="First words, longer").status_code == 409
    assert db.session.scalars(select(Idea.title)).all() == ["Second words"]
    choice = send(client, composer(campaign), first, title="First words, longer", button="do=save")
    assert choice.status_code == 409
    assert "Second words" in choice.text and 'value="First words, longer"' in choice.text
    form = next(form for form in read_forms(choice.text) if "title" in form.names)
    kept = send(client, composer(campaign), form, button="do=save")
    assert kept.status_code == 303
    assert db.session.scalars(select(Idea.title)).all() == ["First words, longer"]


def test_a_draft_of_somebody_else_is_out_of_reach(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    mine = sign_in(ada)
    form = the_form(mine, campaign)
    save(mine, campaign, form, title="Mine")
    thief = sign_in(make.make_person())
    theirs = the_form(thief, campaign)
    taken = theirs.fill({"title": "Stolen"})
    taken.setlist("draft", [form.fields["draft"]])
    assert thief.post(f"/ideas/drafts?campaign={campaign.uid}", data=taken).status_code == 404
    assert thief.get(f"/ideas/{form.fields['draft']}").status_code == 404
    assert thief.post(f"/ideas/drafts/{form.fields['draft']}/discard").status_code in (400, 404)
    assert db.session.scalars(select(Idea.title)).all() == ["Mine"]


def test_a_draft_is_thrown_away(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    save(client, campaign, the_form(client, campaign), title="Not this")
    assert submit(client, composer(campaign), "/discard").status_code == 303
    assert db.session.scalars(select(Idea.id)).all() == []


def test_close_ideas_are_shown_without_scripts_and_the_difference_is_kept(
    ada: Any, campaign: Any, sign_in: Any, db: Any
) -> None:
    twin = make.make_idea(campaign, title="Turn off lab air at noon", body="Nobody draws it during lunch.")
    index(twin.id, twin.title, twin.body)
    db.session.commit()
    client = sign_in(ada)
    looked = submit(
        client, composer(campaign), "/ideas/new", title="Shut the lab air at lunch", body="It hisses.", button="do=look"
    )
    assert looked.status_code == 200
    assert "<mark>lab</mark>" in looked.text and twin.uid in looked.text
    form = next(form for form in read_forms(looked.text) if "title" in form.names)
    chosen = send(client, composer(campaign), form, button=f"differs={twin.uid}")
    form = next(form for form in read_forms(chosen.text) if "difference" in form.names)
    assert form.fields["differs_from"] == twin.uid
    sent = send(client, composer(campaign), form, difference="It shuts the whole hall.", button="do=send")
    assert sent.status_code == 303
    idea = db.session.scalars(select(Idea).where(Idea.author_id == ada.id)).one()
    assert (idea.difference, idea.differs_from_id) == ("It shuts the whole hall.", twin.id)
    links = db.session.execute(select(IdeaLink.kind, IdeaLink.to_id).order_by(IdeaLink.kind)).all()
    assert links == [("differs", twin.id), ("near", twin.id)]
    page = client.get(sent.location)
    assert "It shuts the whole hall." in page.text and "Turn off lab air at noon" in page.text
    assert "This idea differs from it" in page.text
    assert "Says it differs from this one" in client.get(f"/ideas/{twin.uid}").text


def test_joining_a_close_idea_keeps_the_draft_and_follows(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    twin = make.make_idea(campaign, title="Turn off lab air at noon")
    index(twin.id, twin.title, twin.body)
    db.session.commit()
    client = sign_in(ada)
    looked = submit(client, composer(campaign), "/ideas/new", title="Lab air off at noon", button="do=look")
    form = next(form for form in read_forms(looked.text) if "title" in form.names)
    joined = send(client, composer(campaign), form, button=f"join={twin.uid}")
    assert joined.status_code == 303 and joined.location.endswith(f"/ideas/{twin.uid}#say")
    assert db.session.get(IdeaTally, twin.id).follows == 1
    assert db.session.scalars(select(Idea.title).where(Idea.stage == "draft")).all() == ["Lab air off at noon"]


def test_preview_shows_it_as_readers_will_and_saves(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    page = submit(
        client, composer(campaign), "/ideas/new", title="T", body="**bold** <script>x</script>", button="do=preview"
    )
    assert page.status_code == 200
    assert "<strong>bold</strong>" in page.text and "<script>x" not in page.text
    assert db.session.scalars(select(Idea.stage)).all() == ["draft"]


def test_after_the_phase_has_closed_the_text_stays_a_draft(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    form = the_form(client, campaign)
    save(client, campaign, form, title="Late", body="Too late.")
    row = db.session.get(Campaign, campaign.id)
    row.phase = "improve"
    db.session.commit()
    answer = send(client, composer(campaign), form, title="Late", body="Too late.", button="do=send")
    assert answer.status_code == 409 and "Too late." in answer.text
    assert db.session.scalars(select(Idea.stage)).all() == ["draft"]
    assert db.session.get(Campaign, campaign.id).idea_count == 0


def test_only_those_asked_may_send(sign_in: Any, ada: Any) -> None:
    unit = make.make_unit("Packing")
    closed = make.make_campaign(units=[unit])
    assert sign_in(ada).get(composer(closed)).status_code == 404
    leader = sign_in(make.make_person(roles=["leadership"]))
    assert leader.get(composer(closed)).status_code == 403
    assert sign_in(make.make_person(unit=unit)).get(composer(closed)).status_code == 200


def test_one_chooses_among_the_questions_that_are_open(ada: Any, campaign: Any, sign_in: Any) -> None:
    client = sign_in(ada)
    assert client.get("/ideas/new").location.endswith(campaign.uid)
    make.make_campaign("Anything", kind="box")
    make.make_campaign("Closed already", phase="vote")
    page = client.get("/ideas/new")
    assert page.status_code == 200 and "the open box" in page.text and "Closed already" not in page.text


def test_who_will_see_it_is_said_before_sending(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    assert "everyone at Halden Foods" in client.get(composer(campaign)).text
    unit = make.make_unit("Packing")
    narrow = make.make_campaign(units=[unit], vote_at=clock.now() + timedelta(days=3))
    page = sign_in(make.make_person(unit=unit)).get(composer(narrow)).text
    assert "the people of Packing" in page and "You may edit until voting opens on" in page


def test_a_visitor_is_asked_to_sign_in(client: Any, campaign: Any) -> None:
    assert client.get(composer(campaign)).status_code == 302
    assert "/sign-in" in client.get(composer(campaign)).location


HOSTILE = {
    "nul": "a\x00b",
    "right to left": "abc\u202egpj.exe",
    "isolate": "x\u2066y",
    "marks": "e" + "\u0301\u0300" * 250,
    "escape": "a\x1b[31mred",
    "five megabytes": "x" * 5_000_000,
}


@pytest.mark.parametrize("name", ["title", "body", "cost_note", "who_could_help", "tried_where", "tags", "difference"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_are_refused_with_a_reason(
    name: str, hostile: str, ada: Any, campaign: Any, sign_in: Any, db: Any
) -> None:
    client = sign_in(ada)
    form = the_form(client, campaign)
    form.names.add(name)
    fields = {"title": "T", "body": "B", name: HOSTILE[hostile]}
    for address in (composer(campaign), f"/ideas/drafts?campaign={campaign.uid}", "/ideas/near"):
        answer = client.post(address, data=form.fill(fields) | {"do": "send"})
        assert answer.status_code in (413, 422) or (address == "/ideas/near" and answer.status_code == 200)
    assert db.session.scalar(select(func.count()).select_from(Idea)) == 0


@pytest.mark.parametrize(
    "text", ["{{ 7*7 }}", "{% raw %}", "${7*7}", "' OR 1=1 --", "\u200bzero\u200b", "Ϻixed Аcme", "log\nline"]
)
def test_odd_but_harmless_texts_are_kept_as_they_are(text: str, ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    answer = submit(client, composer(campaign), "/ideas/new", title="Odd", body=text, cost_note=text, button="do=send")
    assert answer.status_code == 303
    assert db.session.scalars(select(Idea.body)).one() == text.strip()
    assert client.get(answer.location).status_code == 200


def test_half_a_character_in_a_multipart_form_is_refused(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    form = the_form(client, campaign)
    fields = {
        **{k: form.fields[k] for k in ("client_key", "draft", "base")},
        "title": "T",
        "privacy": "named",
        "do": "send",
    }
    edge = "----edge"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()
    ]
    parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="body"\r\n\r\n'.encode() + b"half \xed\xa0\x80\r\n")
    body = b"".join(parts) + f"--{edge}--\r\n".encode()
    answer = client.post(composer(campaign), data=body, content_type=f"multipart/form-data; boundary={edge}")
    assert answer.status_code in (303, 400, 422)
    for stored in db.session.scalars(select(Idea.body)):
        stored.encode("utf-8")


def test_extra_and_doubled_fields_change_nothing(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    form = the_form(client, campaign)
    other = make.make_person()
    sent = form.fill({"title": "T", "body": "B"})
    sent.update({"author_id": str(other.id), "stage": "delivered", "outcome": "accepted", "version": "9", "do": "send"})
    sent.add("title", "Second title")
    assert client.post(composer(campaign), data=sent).status_code == 303
    idea = db.session.scalars(select(Idea)).one()
    assert (idea.author_id, idea.stage, idea.outcome, idea.version, idea.title) == (ada.id, "open", None, 1, "T")


def test_pictures_come_with_the_form_and_are_described(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    form = the_form(client, campaign)
    sent = form.fields.to_dict() | {"title": "T", "body": "B", "do": "save", "files": (_picture(), "hall.png")}
    assert client.post(composer(campaign), data=sent, content_type="multipart/form-data").status_code == 303
    row = db.session.scalars(select(Attachment)).one()
    stranger = sign_in(make.make_person())
    assert stranger.get(f"/files/{row.uid}").status_code == 404
    words = {f"alt-{row.uid}": "The hall at noon", f"alt-{'2' * 14}": "Not mine", "alt-../x": "Odd"}
    sent = the_form(client, campaign).fields.to_dict() | words | {"do": "send"}
    answer = client.post(composer(campaign), data=sent)
    assert answer.status_code == 303
    assert 'alt="The hall at noon"' in stranger.get(answer.location).text
    picture = stranger.get(f"/files/{row.uid}")
    assert picture.status_code == 200 and picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in picture.headers["Content-Security-Policy"]


def _picture() -> io.BytesIO:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 80, 20)).save(made, "PNG")
    made.seek(0)
    return made


def test_a_refused_file_is_named_and_the_text_is_kept(ada: Any, campaign: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    sent = the_form(client, campaign).fields.to_dict() | {"title": "My title", "body": "My text", "do": "send"}
    sent["files"] = (io.BytesIO(b"MZ\x90not a picture"), "hall.png")  # type: ignore[assignment]
    answer = client.post(composer(campaign), data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422 and "hall.png" in answer.text and 'value="My title"' in answer.text
    assert db.session.scalars(select(Idea.stage)).all() == ["draft"]
    assert db.session.scalars(select(Attachment)).all() == []


def test_five_gigabytes_are_refused_before_they_are_read(ada: Any, campaign: Any, sign_in: Any) -> None:
    client = sign_in(ada)
    huge = {"CONTENT_LENGTH": str(5 * 2**30), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = client.post(composer(campaign), data=b"--x", environ_overrides=huge)
    assert answer.status_code == 413 and "<h1" in answer.text


@pytest.fixture
def idea(ada: Any, campaign: Any) -> Any:
    return make.make_idea(campaign, ada, title="Shut compressors", body="At lunch.")


def bytes_kept() -> list[str]:
    return [path.name for path in folder().rglob("*") if path.is_file()] if folder().exists() else []


def edit(client: Any, idea: Any, form: Any = None, **files: bytes) -> Any:
    """Send a new version with files; `form`: as it was read before."""
    form = form or edit_form(client, idea)
    sent = form.fields.to_dict(flat=True) | {"note": "More"}
    named = [(io.BytesIO(data), f"{name}.csv") for name, data in files.items()]
    return client.post(f"/ideas/{idea.uid}/edit", data=sent | {"files": named}, content_type="multipart/form-data")


def edit_form(client: Any, idea: Any) -> Any:
    return next(form for form in read_forms(client.get(f"/ideas/{idea.uid}/edit").text) if "body" in form.names)


def test_files_are_looked_into_while_nothing_is_locked(
    ada: Any, campaign: Any, idea: Any, sign_in: Any, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []

    def watched(data: bytes, name: str) -> files.SafeFile:
        held.append(db.session().in_transaction())
        return look_into(data, name)

    look_into = files.look_into
    monkeypatch.setattr(files, "look_into", watched)
    client = sign_in(ada)
    assert edit(client, idea, costs=b"air;3\n").status_code == 303
    sent = the_form(client, campaign).fields.to_dict() | {"title": "T", "body": "B", "do": "save"}
    two = sent | {"files": [(_picture(), "one.png"), (_picture(), "two.png")]}
    assert client.post(composer(campaign), data=two, content_type="multipart/form-data").status_code == 303
    assert held == [False, False, False]
    assert len(bytes_kept()) == len(db.session.scalars(select(Attachment)).all()) == 3


def test_an_edit_in_conflict_leaves_no_bytes_and_says_so(ada: Any, idea: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(ada)
    late = edit_form(client, idea)
    assert edit(client, idea).status_code == 303
    answer = edit(client, idea, late, costs=b"air;3\n")
    assert answer.status_code == 409 and "No file was added. Choose your files again" in answer.text
    assert bytes_kept() == [] and db.session.scalars(select(Attachment)).all() == []
    merged = next(form for form in read_forms(answer.text) if "body" in form.names)
    assert edit(client, idea, merged, costs=b"air;3\n").status_code == 303
    assert bytes_kept() == db.session.scalars(select(Attachment.uid)).all() != []


def test_one_file_too_many_leaves_none_of_them(ada: Any, idea: Any, sign_in: Any, db: Any) -> None:
    answer = edit(sign_in(ada), idea, **{f"n{n}": b"air;3\n" for n in range(7)})
    assert answer.status_code == 422 and "six files at most" in answer.text and "No file was added" in answer.text
    assert bytes_kept() == [] and db.session.get(Idea, idea.id).version == 1


def test_an_edit_that_another_window_sent_first_leaves_no_bytes(
    ada: Any, idea: Any, sign_in: Any, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_whose: Any) -> Event:
        db.session.rollback()
        return Event(name="idea.edited")

    client = sign_in(ada)
    monkeypatch.setattr(events, "commit_once", lost)
    assert edit(client, idea, costs=b"air;3\n").status_code == 303
    assert bytes_kept() == []
