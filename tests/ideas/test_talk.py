"""The talk: said, answered, asked, changed, taken back; who is told; who is not named."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from ideabox import clock, queue
from ideabox.ideas.actions import talk
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea, IdeaTally
from ideabox.ideas.models.talk import Comment, CommentVersion, Mention
from ideabox.notifications.models import Notice
from ideabox.verdict import Refused
from ideabox.viewer import Viewer
from tests import factories as make
from tests.services.forms import read_forms, send, submit


@pytest.fixture
def idea(app: Any) -> Any:
    sponsor = make.make_person("Remi Okoye")
    return make.make_idea(
        make.make_campaign(sponsor=sponsor), make.make_person("Ada Lindqvist"), title="Label the shelves"
    )


def said(client: Any, idea: Any, body: str, *, at: str = "", **fields: Any) -> Any:
    return submit(client, f"/ideas/{idea.uid}{at}", "/comments", body=body, **fields)


def last(db: Any) -> Any:
    return db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()


def tally(db: Any, idea: Any) -> tuple[int, int]:
    row = db.session.get(IdeaTally, idea.id)
    return row.comments, row.questions


def told(db: Any) -> set[tuple[int, str]]:
    queue.work()
    return {(notice.person_id, notice.kind) for notice in db.session.scalars(select(Notice))}


def test_a_comment_stands_on_the_page_with_its_markdown_made_safe(idea: Any, sign_in: Any, db: Any) -> None:
    kim = make.make_person("Kim Larsen")
    answer = said(sign_in(kim), idea, "In **Lyon** <img src=x onerror=alert(1)>")
    assert answer.status_code == 303 and answer.location.endswith(f"?turn={last(db).uid}#c-{last(db).uid}")
    page = sign_in(make.make_person()).get(f"/ideas/{idea.uid}").text
    assert "<strong>Lyon</strong>" in page and "<img src=x" not in page and "Kim Larsen" in page
    assert tally(db, idea) == (1, 0)
    assert told(db) == {(idea.author_id, "idea.comment")}


def test_saying_the_same_form_twice_says_it_once(idea: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(make.make_person())
    page = client.get(f"/ideas/{idea.uid}").text
    form = next(form for form in read_forms(page) if form.action.endswith("/comments"))
    first, second = (send(client, f"/ideas/{idea.uid}", form, body="Once.") for _ in range(2))
    assert first.location == second.location
    assert tally(db, idea) == (1, 0)


def test_a_question_stays_open_until_the_author_answers(idea: Any, sign_in: Any, db: Any) -> None:
    asker = make.make_person("Priya Raman")
    make.make_comment(idea, body="An earlier word.")
    said(sign_in(asker), idea, "Would it last?", question="y")
    question = last(db)
    assert tally(db, idea) == (2, 1)
    page = sign_in(make.make_person()).get(f"/ideas/{idea.uid}").text
    assert page.index("Would it last?") < page.index("An earlier word.") and "Open question" in page
    author = db.session.get(Idea, idea.id).author_id
    assert (author, "idea.question") in told(db)
    answer = said(sign_in(_person(db, author)), idea, "A month.", at=f"?reply={question.uid}")
    assert answer.status_code == 303
    assert last(db).parent_id == question.id
    assert db.session.get(Comment, question.id).answered_at is not None
    assert tally(db, idea) == (3, 0)
    assert (asker.id, "comment.answer") in told(db)


def _person(db: Any, person_id: int) -> Any:
    from ideabox.accounts.models import Person

    return db.session.get(Person, person_id)


def test_an_answer_by_somebody_else_leaves_the_question_open_and_the_asker_closes_it(
    idea: Any, sign_in: Any, db: Any
) -> None:
    asker, other = make.make_person(), make.make_person()
    question = make.make_comment(idea, asker, is_question=True)
    said(sign_in(other), idea, "Perhaps.", at=f"?reply={question.uid}")
    assert db.session.get(Comment, question.id).answered_at is None
    closing = f"/comments/{question.uid}/answered"
    assert post(sign_in(other), idea, closing).status_code == 403
    assert post(sign_in(asker), idea, closing).status_code == 303
    assert post(sign_in(asker), idea, closing).status_code == 303
    assert tally(db, idea) == (2, 0)


def post(client: Any, idea: Any, address: str) -> Any:
    """Press a button whose form holds nothing but the token."""
    token = read_forms(client.get(f"/ideas/{idea.uid}").text)[0].fields["csrf_token"]
    return client.post(address, data={"csrf_token": token})


def test_the_sponsors_word_is_the_first_answer(idea: Any, sign_in: Any, db: Any) -> None:
    campaign = db.session.get(Campaign, idea.campaign_id)
    said(sign_in(_person(db, campaign.sponsor_id)), idea, "We look at it.")
    assert db.session.get(Idea, idea.id).first_answer_at is not None


def test_people_addressed_by_name_are_told_and_a_shared_name_stays_text(idea: Any, sign_in: Any, db: Any) -> None:
    kim, twin_a, _twin_b = (make.make_person(name) for name in ("Kim Larsen", "Jo Blum", "Jo Blum"))
    body = "@Kim Larsen, and @Jo Blum, look. @Nobody Here. mail@Kim Larsen"
    said(sign_in(make.make_person()), idea, body)
    assert db.session.scalars(select(Mention.person_id)).all() == [kim.id]
    people = told(db)
    assert (kim.id, "comment.mention") in people and (twin_a.id, "comment.mention") not in people
    assert "@Jo Blum" in sign_in(kim).get(f"/ideas/{idea.uid}").text


def test_nobody_is_addressed_who_may_not_see_the_campaign(sign_in: Any, db: Any, app: Any) -> None:
    unit = make.make_unit("Packing")
    inside, outside = make.make_person("In Side", unit=unit), make.make_person("Out Side", unit=make.make_unit("Lab"))
    below = make.make_person("Be Low", unit=make.make_unit("Night", parent=unit))
    idea = make.make_idea(make.make_campaign(units=[unit]), inside)
    said(sign_in(below), idea, "@In Side @Out Side @Be Low")
    assert set(db.session.scalars(select(Mention.person_id))) == {inside.id, below.id}
    assert outside.id not in {person for person, _kind in told(db)}


def test_edited_words_leave_a_trace_that_can_be_read(idea: Any, sign_in: Any, db: Any) -> None:
    kim = make.make_person()
    comment = make.make_comment(idea, kim, "First words.")
    client = sign_in(kim)
    assert submit(client, f"/comments/{comment.uid}/edit", "/edit", body="Second words.").status_code == 303
    assert db.session.scalars(select(CommentVersion.body)).all() == ["First words."]
    other = sign_in(make.make_person())
    assert "edited" in other.get(f"/ideas/{idea.uid}").text
    trace = other.get(f"/comments/{comment.uid}").text
    assert "First words." in trace and "Second words." in trace
    assert other.get(f"/comments/{comment.uid}/edit").status_code == 403


def test_deleted_words_are_gone_and_leave_an_empty_place(idea: Any, sign_in: Any, db: Any) -> None:
    kim = make.make_person("Kim Larsen")
    question = make.make_comment(idea, kim, "Secret of Kim.", is_question=True)
    db.session.add(CommentVersion(comment_id=question.id, body="Older secret."))
    db.session.commit()
    make.make_comment(idea, body="An answer.", parent=question)
    thief = sign_in(make.make_person())
    assert post(thief, idea, f"/comments/{question.uid}/delete").status_code == 403
    assert submit(sign_in(kim), f"/comments/{question.uid}/edit", "/delete").status_code == 303
    page = thief.get(f"/ideas/{idea.uid}").text
    assert "Secret of Kim" not in page and "took it back" in page and "An answer." in page and "Kim Larsen" not in page
    assert db.session.scalars(select(CommentVersion.body)).all() == []
    assert tally(db, idea) == (1, 0)
    assert thief.get(f"/comments/{question.uid}").status_code == 404
    late = said(thief, idea, "Too late", at=f"?reply={question.uid}")
    assert late.status_code in (303, 409)


def test_what_is_refused_keeps_what_was_typed(idea: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(make.make_person())
    page = client.get(f"/ideas/{idea.uid}").text
    form = next(form for form in read_forms(page) if form.action.endswith("/comments"))
    assert send(client, f"/ideas/{idea.uid}", form, body=" ").status_code == 422
    too_long = send(client, f"/ideas/{idea.uid}", form, body="word " * 1001)
    assert too_long.status_code == 422 and "word word" in too_long.text
    campaign = db.session.get(Campaign, idea.campaign_id)
    campaign.phase = "closed"
    db.session.commit()
    closed = send(client, f"/ideas/{idea.uid}", form, body="My lost words?")
    assert closed.status_code == 409 and tally(db, idea) == (0, 0)


@pytest.mark.parametrize("body", ["a\x00b", "x\u202ey", "e" + "\u0301" * 500, "\x1b[2J"])
def test_hostile_words_are_refused(body: str, idea: Any, sign_in: Any, db: Any) -> None:
    assert said(sign_in(make.make_person()), idea, body).status_code == 422
    assert last(db) is None


@pytest.mark.parametrize("body", ["{{ config }}", "'; DROP TABLE comment; --", "@" * 500, "@a b c d " * 100, "\u200b."])
def test_odd_words_are_kept(body: str, idea: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(make.make_person())
    assert said(client, idea, body).status_code == 303
    assert last(db).body == body.strip()
    assert client.get(f"/ideas/{idea.uid}").status_code == 200


def test_a_comment_answers_only_within_its_idea(idea: Any, sign_in: Any, db: Any) -> None:
    other = make.make_comment(make.make_idea(db.session.get(Campaign, idea.campaign_id)))
    client = sign_in(make.make_person())
    page = client.get(f"/ideas/{idea.uid}").text
    form = next(form for form in read_forms(page) if form.action.endswith("/comments"))
    assert send(client, f"/ideas/{idea.uid}", form, body="x", parent=other.uid).status_code == 404


def test_a_long_talk_is_paged(idea: Any, sign_in: Any, db: Any) -> None:
    author = make.make_person()
    for number in range(103):
        db.session.add(Comment(idea_id=idea.id, author_id=author.id, body="x", body_html=f"<p>turn {number}.</p>"))
    db.session.get(IdeaTally, idea.id).comments = 103
    db.session.commit()
    client = sign_in(author)
    first, second = client.get(f"/ideas/{idea.uid}").text, client.get(f"/ideas/{idea.uid}?talk=2").text
    assert "turn 99." in first and "turn 100." not in first
    assert "turn 102." in second and "turn 99." not in second
    assert client.get(f"/ideas/{idea.uid}?talk=-5").status_code == 200
    assert client.get(f"/ideas/{idea.uid}?talk=99999999999999999999").status_code == 200


def test_the_author_of_a_sealed_idea_speaks_without_a_name(sign_in: Any, db: Any, app: Any) -> None:
    author, other = make.make_person("Kim Larsen"), make.make_person("Priya Raman")
    idea = make.make_idea(make.make_campaign(), author, privacy="sealed")
    question = make.make_comment(idea, other, is_question=True)
    said(sign_in(author), idea, "I say this.", at=f"?reply={question.uid}")
    page = sign_in(other).get(f"/ideas/{idea.uid}").text
    assert "I say this." in page and "The author" in page and "Kim Larsen" not in page
    assert "Kim Larsen" in sign_in(author).get(f"/ideas/{idea.uid}").text
    queue.work()
    assert all("Kim" not in str(notice.data) for notice in db.session.scalars(select(Notice)))


def test_followers_hear_of_talk_and_new_versions(idea: Any, sign_in: Any, db: Any) -> None:
    fan = make.make_person()
    client = sign_in(fan)
    assert submit(client, f"/ideas/{idea.uid}", "/follow").status_code == 303
    said(sign_in(make.make_person()), idea, "News.")
    assert (fan.id, "idea.talk") in told(db)
    assert db.session.get(IdeaTally, idea.id).follows == 1
    assert submit(client, f"/ideas/{idea.uid}", "/unfollow").status_code == 303
    assert db.session.get(IdeaTally, idea.id).follows == 0
    assert post(sign_in(_person(db, idea.author_id)), idea, f"/ideas/{idea.uid}/follow").status_code == 403


def test_open_questions_wait_on_the_authors_home(idea: Any, sign_in: Any, db: Any) -> None:
    make.make_comment(idea, is_question=True)
    assert "1 open question" in sign_in(_person(db, idea.author_id)).get("/").text


def test_every_turn_of_a_long_talk_has_its_page(idea: Any, sign_in: Any, db: Any) -> None:
    speaker = make.make_person()
    turns = [make.make_comment(idea, speaker, f"Turn number {n}.") for n in range(103)]
    for turn in turns[:5]:
        turn.deleted_at = clock.now()
    db.session.get(IdeaTally, idea.id).comments -= 5
    db.session.commit()
    client = sign_in(make.make_person())
    first = client.get(f"/ideas/{idea.uid}").text
    assert "Turn number 99." in first and "Turn number 102." not in first and "?talk=2" in first
    last_turn = client.get(f"/ideas/{idea.uid}?turn={turns[-1].uid}").text
    assert "Turn number 102." in last_turn and "?talk=3" not in last_turn


def test_an_edit_over_an_edit_is_refused(idea: Any, db: Any) -> None:
    kim = make.make_person()
    seen = make.make_comment(idea, kim, "First words.")
    meanwhile = update(Comment).where(Comment.id == seen.id).values(body="Second words.")
    db.session.execute(meanwhile.execution_options(synchronize_session=False))
    viewer = Viewer(kim.id, kim.uid, kim.name, "", "")
    campaign = db.session.get(Campaign, idea.campaign_id)
    with pytest.raises(Refused):
        talk.edit(viewer, seen, idea, campaign, "Third words.", client_key="k")
    assert db.session.scalars(select(Comment.body)).all() == ["Second words."]
