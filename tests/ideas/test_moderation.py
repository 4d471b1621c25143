"""Reports and what moderators decide: reasons are told, hidden things are gone, counts are published."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from ideabox import queue
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea, IdeaTally
from ideabox.ideas.models.talk import Report
from ideabox.ideas.queries.invariants import violations
from ideabox.notifications.models import Notice
from tests import factories as make
from tests.services.forms import read_forms, send, submit

WHY = "It names a customer who did not agree."


@pytest.fixture
def idea(app: Any) -> Any:
    return make.make_idea(make.make_campaign(), make.make_person("Ada"), title="Label the shelves")


@pytest.fixture
def moderator(app: Any) -> Any:
    return make.make_person("Mo", roles=["moderator"])


def reported(client: Any, idea: Any, comment: Any = None, **fields: str) -> Any:
    query = f"?comment={comment.uid}" if comment else ""
    return submit(client, f"/ideas/{idea.uid}/report{query}", "/report", **{"reason": "private", **fields})


def decided(client: Any, db: Any, resolution: str) -> Any:
    uid = db.session.scalars(select(Report.uid).order_by(Report.id.desc())).first()
    return submit(client, f"/moderate/{uid}", f"/moderate/{uid}", resolution=resolution, reason=WHY)


def kinds(db: Any) -> set[tuple[int, str]]:
    queue.work()
    return {(notice.person_id, notice.kind) for notice in db.session.scalars(select(Notice))}


def test_a_hidden_idea_is_gone_for_all_but_its_author_who_reads_why(
    idea: Any, moderator: Any, sign_in: Any, db: Any
) -> None:
    reader = make.make_person()
    assert reported(sign_in(reader), idea, words="See line 2").status_code == 303
    assert (moderator.id, "report.waits") in kinds(db)
    queue_page = sign_in(moderator).get("/moderate").text
    assert "See line 2" in queue_page and "Ada" not in queue_page and reader.name not in queue_page
    assert decided(sign_in(moderator), db, "hidden").status_code == 303
    assert sign_in(reader).get(f"/ideas/{idea.uid}").status_code == 404
    assert sign_in(reader).get(f"/ideas/{idea.uid}/versions").status_code == 404
    author = make.db.session.get(type(moderator), idea.author_id)
    assert WHY in sign_in(author).get(f"/ideas/{idea.uid}").text
    assert db.session.get(Campaign, idea.campaign_id).idea_count == 0
    assert {(author.id, "text.judged"), (reader.id, "report.decided")} <= kinds(db)
    assert "1 report: 0 kept, 1 hidden, 0 waiting." in " ".join(sign_in(reader).get("/moderate").text.split())


def test_who_judges_sees_whose_it_is_and_where_but_never_a_sealed_name(
    idea: Any, moderator: Any, sign_in: Any, db: Any
) -> None:
    said = make.make_comment(idea, make.make_person("Kim Loud"), "Nonsense.")
    author = db.session.get(make.Person, idea.author_id)
    own = make.make_comment(idea, author, "Mine.")
    sealed = make.make_idea(make.make_campaign(), author, title="Open the gate", privacy="sealed")

    def page(of: Any, comment: Any = None) -> str:
        reported(sign_in(make.make_person()), of, comment)
        uid = db.session.scalars(select(Report.uid).order_by(Report.id.desc())).first()
        return sign_in(moderator).get(f"/moderate/{uid}").text

    shown = page(idea, said)
    assert "Kim Loud" in shown and f"/ideas/{idea.uid}?turn={said.uid}#c-{said.uid}" in shown
    assert "Ada" in page(idea, own) and "Ada" in page(idea)
    assert "Ada" not in page(sealed) and "sealed" in page(sealed)
    db.session.get(Campaign, idea.campaign_id).phase = "vote"
    db.session.commit()
    assert "Ada" not in page(idea, own) and "Ada" not in page(idea)


def test_what_is_kept_stays_and_its_author_is_told(idea: Any, moderator: Any, sign_in: Any, db: Any) -> None:
    reader = make.make_person()
    reported(sign_in(reader), idea)
    decided(sign_in(moderator), db, "kept")
    assert sign_in(reader).get(f"/ideas/{idea.uid}").status_code == 200
    assert db.session.get(Idea, idea.id).hidden_at is None
    assert (idea.author_id, "text.judged") in kinds(db)


def test_a_hidden_comment_leaves_an_empty_place(idea: Any, moderator: Any, sign_in: Any, db: Any) -> None:
    speaker = make.make_person()
    comment = make.make_comment(idea, speaker, "Harsh words.", is_question=True)
    reader = make.make_person()
    reported(sign_in(reader), idea, comment)
    decided(sign_in(moderator), db, "hidden")
    page = sign_in(reader).get(f"/ideas/{idea.uid}").text
    assert "Harsh words." not in page and "Hidden by the moderators" in page and WHY not in page
    assert WHY in sign_in(speaker).get(f"/ideas/{idea.uid}").text
    tally = db.session.get(IdeaTally, idea.id)
    assert (tally.comments, tally.questions) == (0, 0)


def test_one_report_a_person_and_nobody_judges_their_own_text(idea: Any, sign_in: Any, db: Any) -> None:
    client = sign_in(make.make_person())
    assert [reported(client, idea).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1
    author = db.session.get(make.Person, idea.author_id)
    assert sign_in(author).get(f"/ideas/{idea.uid}/report").status_code == 403
    author.is_moderator = True
    db.session.commit()
    uid = db.session.scalars(select(Report.uid)).one()
    page = sign_in(author).get(f"/moderate/{uid}")
    assert "Another moderator" in page.text and "resolution" not in page.text


def test_the_second_moderator_hears_that_it_is_decided(idea: Any, moderator: Any, sign_in: Any, db: Any) -> None:
    from tests.services.forms import read_forms, send

    reported(sign_in(make.make_person()), idea)
    uid = db.session.scalars(select(Report.uid)).one()
    second = sign_in(make.make_person(roles=["moderator"]))
    forms = read_forms(second.get(f"/moderate/{uid}").text)
    form = next(form for form in forms if "resolution" in form.names)
    decided(sign_in(moderator), db, "kept")
    late = send(second, f"/moderate/{uid}", form, resolution="hidden", reason=WHY)
    assert late.status_code == 409
    assert db.session.get(Idea, idea.id).hidden_at is None


def test_the_queue_is_for_moderators_and_the_rule_for_all(idea: Any, sign_in: Any, db: Any, client: Any) -> None:
    reader = sign_in(make.make_person())
    reported(reader, idea, words="Private words")
    uid = db.session.scalars(select(Report.uid)).one()
    assert reader.get(f"/moderate/{uid}").status_code == 404
    assert "Private words" not in reader.get("/moderate").text and "never about merit" in reader.get("/moderate").text
    assert client.get("/moderate").status_code == 302


@pytest.mark.parametrize("fields", [{"reason": "nonsense"}, {"reason": ""}, {"words": "a\x00b"}, {"words": "x" * 2001}])
def test_an_odd_report_is_refused(fields: dict[str, str], idea: Any, sign_in: Any, db: Any) -> None:
    assert reported(sign_in(make.make_person()), idea, **fields).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0


@pytest.mark.parametrize("fields", [{"resolution": "burn"}, {"reason": ""}, {"reason": "x\u202ey is long enough"}])
def test_an_odd_decision_is_refused(fields: dict[str, str], idea: Any, moderator: Any, sign_in: Any, db: Any) -> None:
    reported(sign_in(make.make_person()), idea)
    uid = db.session.scalars(select(Report.uid)).one()
    sent = {"resolution": "hidden", "reason": WHY, **fields}
    assert submit(sign_in(moderator), f"/moderate/{uid}", f"/moderate/{uid}", **sent).status_code == 422
    assert db.session.scalars(select(Report.resolved_at)).all() == [None]


def test_a_report_about_a_comment_of_another_idea_is_not_found(idea: Any, sign_in: Any, db: Any) -> None:
    other = make.make_comment(make.make_idea(db.session.get(Campaign, idea.campaign_id)))
    assert sign_in(make.make_person()).get(f"/ideas/{idea.uid}/report?comment={other.uid}").status_code == 404


def counts(db: Any, idea: Any) -> tuple[int, int]:
    campaign = db.session.get(Campaign, idea.campaign_id, populate_existing=True)
    return campaign.idea_count, campaign.answered_count


def test_a_hidden_idea_is_counted_out_once_and_not_withdrawn_as_well(
    idea: Any, moderator: Any, sign_in: Any, db: Any
) -> None:
    make.make_idea(make.db.session.get(Campaign, idea.campaign_id))
    author = sign_in(db.session.get(type(moderator), idea.author_id))
    form = read_forms(author.get(f"/ideas/{idea.uid}/withdraw").text)
    reported(sign_in(make.make_person()), idea)
    decided(sign_in(moderator), db, "hidden")
    assert counts(db, idea) == (1, 0)
    assert author.get(f"/ideas/{idea.uid}/withdraw").status_code == 409
    late = next(each for each in form if "reason" in each.names)
    assert send(author, f"/ideas/{idea.uid}/withdraw", late).status_code == 409
    assert counts(db, idea) == (1, 0)
    assert not any(violations().values())


def test_hiding_an_answered_idea_takes_its_answer_out_of_the_count(
    idea: Any, moderator: Any, sign_in: Any, db: Any
) -> None:
    campaign = db.session.get(Campaign, idea.campaign_id)
    idea.outcome, campaign.answered_count = "accepted", 1
    db.session.commit()
    reported(sign_in(make.make_person()), idea)
    decided(sign_in(moderator), db, "hidden")
    assert counts(db, idea) == (0, 0)
    assert not any(violations().values())


def test_a_hidden_question_is_closed_by_nobody(idea: Any, moderator: Any, sign_in: Any, db: Any) -> None:
    asker = make.make_person()
    question = make.make_comment(idea, asker, "Why?", is_question=True)
    make.make_comment(idea, make.make_person(), "And how?", is_question=True)
    client = sign_in(asker)
    token = read_forms(client.get(f"/ideas/{idea.uid}").text)[0].fields["csrf_token"]
    reported(sign_in(make.make_person()), idea, question)
    decided(sign_in(moderator), db, "hidden")
    client.post(f"/comments/{question.uid}/close", data={"csrf_token": token})
    db.session.expire_all()
    assert db.session.get(IdeaTally, idea.id).questions == 1
    assert not any(violations().values())
