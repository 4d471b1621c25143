"""Letters through their real forms: what is refused, kept, sent, told, and what their readers say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns.models.shortlist import LetterDraft
from campaigns.queries import letters as letter_queries
from campaigns.views.decide_needs import needs
from ideabox import clock, events
from ideabox.database import db as database
from ideabox.events import Event
from ideabox.ideas.models.answer import FollowUp, Letter
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea
from ideabox.mail import Mail
from ideabox.notifications.models import Notice
from ideabox.viewer import Viewer
from tests.decisions import REASON, decided_campaign, write_letter
from tests.factories import make_campaign, make_idea, make_organisation, make_person
from tests.services.forms import read_forms, send, submit

SEND = "do=send"


def needs_of_box(app, sponsor):
    """What waits for the sponsor, in the page's own words."""
    seats = frozenset({"sponsor"})
    viewer = Viewer(sponsor.id, sponsor.uid, sponsor.name, sponsor.email, "session", seats=seats)
    with app.test_request_context("/"):
        return needs(viewer)


def letter_form(client, address):
    return next(form for form in read_forms(client.get(address).text) if "outcome" in form.names)


@pytest.fixture
def found(app):
    return decided_campaign()


@pytest.fixture
def sponsor(found, sign_in):
    return sign_in(found.sponsor)


def letters():
    return database.session.scalars(select(Letter).order_by(Letter.id)).all()


def test_a_letter_answers_its_idea_in_one_transaction(found, sponsor):
    answer = write_letter(
        sponsor, found.letter(), understood="You would stop it at lunch.", next_step="Join the air audit."
    )
    assert (answer.status_code, answer.location) == (303, f"{found.address}/letters")
    [letter] = letters()
    idea = database.session.get(Idea, found.ideas[0].id)
    assert (letter.outcome, letter.number, letter.signer_id, letter.reason) == (
        "not_retained",
        1,
        found.sponsor.id,
        REASON,
    )
    assert (idea.outcome, idea.stage) == ("not_retained", "decided") and idea.decided_at and idea.first_answer_at
    assert database.session.get(Campaign, found.campaign.id).answered_count == 1
    [told] = database.session.scalars(select(Event).where(Event.name == "letter.sent"))
    assert (told.subject, told.idea_id, told.data["outcome"]) == (letter.uid, idea.id, "not_retained")
    assert "5 ideas wait for their letter" in sponsor.get(f"{found.address}/letters").text


def test_a_short_reason_is_refused_and_nothing_typed_is_lost(found, sponsor):
    answer = write_letter(
        sponsor, found.letter(), reason="Security has concerns.", would_change="A better camera & lens"
    )
    assert answer.status_code == 422 and not letters()
    assert "Too short to be understood" in answer.text
    assert "Security has concerns." in answer.text and "A better camera &amp; lens" in answer.text
    assert 'value="not_retained"' in answer.text.split("checked")[0][-200:] or "checked" in answer.text


def test_a_reason_that_fits_any_idea_is_refused(found, sponsor):
    vague = "We have looked into this with great care and prefer something else this year."
    answer = write_letter(sponsor, found.letter(), reason=vague)
    assert answer.status_code == 422 and "This would fit any idea" in answer.text
    assert write_letter(sponsor, found.letter(), reason=f"{vague} The security audit said so.").status_code == 303


def test_the_same_text_to_a_fourth_idea_is_refused(found, sponsor):
    for number in range(3):
        assert write_letter(sponsor, found.letter(number)).status_code == 303
    answer = write_letter(sponsor, found.letter(3), reason=f"  {REASON.upper()} ")
    assert answer.status_code == 422 and "The same text has gone to 3 ideas" in answer.text
    assert len(letters()) == 3


def test_parked_needs_a_date_or_a_condition(found, sponsor):
    answer = write_letter(sponsor, found.letter(), outcome="parked")
    assert answer.status_code == 422 and "Parked until when?" in answer.text
    gone = (clock.today() - timedelta(days=1)).isoformat()
    assert write_letter(sponsor, found.letter(), outcome="parked", parked_until=gone).status_code == 422
    assert (
        write_letter(sponsor, found.letter(), outcome="parked", would_change="When the new dryer is in.").status_code
        == 303
    )
    assert letters()[0].outcome == "parked"


def test_without_outcome_or_reason_nothing_leaves(found, sponsor):
    answer = submit(sponsor, found.letter(), found.ideas[0].uid, button=SEND)
    assert answer.status_code == 422 and not letters()
    assert "Choose what became of the idea." in answer.text and "Say why." in answer.text


def test_a_draft_is_kept_by_a_manager_and_sent_by_the_sponsor_only(found, sponsor, sign_in):
    manager = sign_in(found.manager)
    assert write_letter(manager, found.letter(), button="do=draft").status_code == 303
    draft = database.session.scalar(select(LetterDraft))
    assert (draft.idea_id, draft.reason, draft.author_id) == (found.ideas[0].id, REASON, found.manager.id)
    assert REASON in sponsor.get(found.letter()).text
    form = letter_form(manager, found.letter())
    form.buttons.append(("do", "send", ""))
    refused = send(manager, found.letter(), form, button=SEND)
    assert refused.status_code == 403 and not letters() and REASON in refused.text
    assert "Only the sponsor signs" in refused.text
    assert write_letter(sponsor, found.letter()).status_code == 303
    assert database.session.scalar(select(LetterDraft)) is None


def test_what_is_typed_is_kept_as_it_is_typed(found, sponsor):
    form = letter_form(sponsor, found.letter())
    data = form.fill({"reason": "Half a sen"})
    answer = sponsor.post(f"{found.letter()}/draft", data=data)
    assert answer.status_code == 200 and answer.json["saved"]
    assert database.session.scalar(select(LetterDraft.reason)) == "Half a sen"
    assert sponsor.post(f"{found.letter()}/draft", data=form.fill({"reason": "x" * 2001})).status_code == 422
    assert sponsor.post(f"{found.letter()}/draft", data=form.fill({"reason": "bad \x00 mark"})).status_code == 422
    assert database.session.scalar(select(LetterDraft.reason)) == "Half a sen"


def test_the_preview_works_without_scripts_and_with_them(found, sponsor):
    page = write_letter(sponsor, found.letter(), button="do=preview", understood="You would stop it.")
    assert page.status_code == 200 and not letters()
    sheet = page.text.split('id="letter-preview"')[1]
    assert "Not retained this time" in sheet and REASON in sheet and "Remi Okoye" in sheet
    data = letter_form(sponsor, found.letter()).fill({"outcome": "accepted", "reason": "<b>Yes</b>"})
    live = sponsor.post(f"{found.address}/letters/preview?idea={found.ideas[0].uid}", data=data)
    assert live.text.startswith('<div id="letter-preview"')
    assert "Why we take it up" in live.text and "&lt;b&gt;Yes&lt;/b&gt;" in live.text


def test_what_the_votes_say_is_put_in_by_a_button(found, sponsor):
    page = write_letter(sponsor, found.letter(), button="do=suggest", spoke_for="Many asked for it.")
    text = page.text.split('name="spoke_for"')[1].split("</textarea>")[0]
    assert "Many asked for it." in text and "2 of the 2 units large enough to count were for it." in text
    assert "people were for it." in text and "It came" in text
    last = sponsor.get(found.letter(len(found.ideas) - 1)).text
    assert "It came somewhere" not in last and "0 of the" not in last, "what spoke against it is offered as a reason"


def test_before_the_close_a_letter_tells_nothing_of_the_votes(found, sponsor):
    """Neither the pages nor the database's answer hold a count, nor a place that an earlier count gave."""
    first, second = (found.letter(number) for number in (0, 5))
    assert "who were for it, in short form" in sponsor.get(first).text
    found.campaign.phase = "vote"
    database.session.commit()
    looks = f"{found.address}/letters/preview?idea="
    for address, idea in ((first, found.ideas[0]), (second, found.ideas[5])):
        form = letter_form(sponsor, address)
        pages = [sponsor.get(address).text, sponsor.post(f"{looks}{idea.uid}", data=form.fill({})).text]
        pages.append(write_letter(sponsor, address, button="do=suggest").text)
        for page in pages:
            assert "those who follow it or are for it" in page
            assert "were for it" not in page and "It came" not in page and "rank" not in page
    to = letter_queries.addressees(Viewer(1, "", "", "", "s"), found.campaign, [found.ideas[0].uid])
    assert to[0].agrees is None


def test_sending_twice_sends_once(found, sponsor):
    form = letter_form(sponsor, found.letter())
    data = form.fill({"outcome": "accepted", "reason": REASON}) | {"do": "send"}
    assert [sponsor.post(found.letter(), data=data).status_code for _ in range(2)] == [303, 303]
    assert len(letters()) == 1 and database.session.get(Campaign, found.campaign.id).answered_count == 1


def test_parallel_sends_of_one_form_send_once(app, found, sign_in):
    client = sign_in(found.sponsor)
    data = letter_form(client, found.letter()).fill({"outcome": "accepted", "reason": REASON}) | {"do": "send"}
    clients = [sign_in(found.sponsor) for _ in range(4)]
    token = [read_forms(one.get(found.letter()).text)[0].fields["csrf_token"] for one in clients]
    sent = [dict(data) | {"csrf_token": mark} for mark in token]
    address, pairs = found.letter(), list(zip(clients, sent, strict=True))
    database.session.remove()
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda one: one[0].post(address, data=one[1]).status_code, pairs))
    assert set(codes) <= {303, 409} and 303 in codes, codes
    assert len(letters()) == 1 and database.session.scalar(select(Campaign.answered_count)) == 1


def test_the_second_of_two_deciders_is_told_and_loses_nothing(found, sponsor, sign_in):
    from tests.factories import make_seat

    second = make_person("Second Sponsor")
    make_seat(found.campaign, second, "sponsor")
    other = sign_in(second)
    form = letter_form(other, found.letter())
    write_letter(sponsor, found.letter(), outcome="parked", would_change="Next year.")
    mine = "Stop the compressor: accepted, for the meter in hall one shows a third of the air is wasted."
    answer = send(other, found.letter(), form, outcome="accepted", reason=mine, button=SEND)
    assert answer.status_code == 409 and len(letters()) == 1
    assert "Somebody else answered this idea" in answer.text and mine in answer.text
    assert database.session.scalar(select(LetterDraft.reason)) == mine


def test_an_answered_idea_is_not_answered_again(found, sponsor):
    form = letter_form(sponsor, found.letter())
    write_letter(sponsor, found.letter())
    assert sponsor.get(found.letter()).location == f"/letters/{letters()[0].uid}"
    form.fields["client_key"] = events.new_client_key()
    answer = send(sponsor, found.letter(), form, outcome="accepted", reason=REASON + " Yes.", button=SEND)
    assert answer.status_code == 409 and len(letters()) == 1


def test_near_twins_get_one_honest_letter(found, sponsor):
    page = sponsor.get(f"{found.address}/letters").text
    form = next(form for form in read_forms(page) if form.action.endswith("/together"))
    uids = [idea.uid for idea in found.ideas[:3]]
    bench = send(sponsor, f"{found.address}/letters", form, idea=uids)
    assert bench.status_code == 200 and "One letter to 3 authors" in bench.text
    address = f"{found.address}/letters/together?" + "&".join(f"idea={uid}" for uid in uids)
    assert write_letter(sponsor, address).status_code == 303
    sent = letters()
    assert [letter.idea_id for letter in sent] == [idea.id for idea in found.ideas[:3]]
    assert len({letter.batch for letter in sent}) == 1 and sent[0].batch
    assert database.session.get(Campaign, found.campaign.id).answered_count == 3
    assert "This letter answers 3 ideas that ask the same." in sponsor.get(f"/letters/{sent[1].uid}").text
    # It counts as one text, not as three.
    assert write_letter(sponsor, found.letter(3)).status_code == 303


def test_a_collective_letter_leaves_whole_or_not_at_all(found, sponsor):
    odd = make_idea(found.campaign, title="Paint the canteen", body="It is grey.")
    uids = [found.ideas[0].uid, odd.uid]
    address = f"{found.address}/letters/together?" + "&".join(f"idea={uid}" for uid in uids)
    answer = write_letter(sponsor, address)
    assert answer.status_code == 422 and "Paint the canteen: This would fit any idea" in answer.text
    assert not letters() and database.session.get(Idea, found.ideas[0].id).outcome is None


def test_too_many_twins_are_refused(found, sponsor):
    for number in range(13):
        make_idea(found.campaign, title=f"Stop the compressor too, {number}")
    uids = database.session.scalars(select(Idea.uid).where(Idea.title.contains("too"))).all()
    address = f"{found.address}/letters/together?" + "&".join(f"idea={uid}" for uid in uids)
    answer = write_letter(sponsor, address)
    assert answer.status_code == 422 and "at most 12 ideas" in answer.text and not letters()


def test_letters_wait_for_the_decide_phase_but_not_in_a_box(found, sponsor):
    found.campaign.phase = "evaluate"
    database.session.commit()
    assert "Letters leave in the phases Decide and Deliver." in sponsor.get(found.letter()).text
    form = letter_form(sponsor, found.letter())
    form.buttons.append(("do", "send", ""))
    answer = send(sponsor, found.letter(), form, outcome="accepted", reason=REASON, button=SEND)
    assert answer.status_code == 409 and not letters()
    box = make_campaign(kind="box", phase="suggest", sponsor=found.sponsor)
    idea = make_idea(box, title="Stop the compressor at lunch")
    assert write_letter(sponsor, f"/decide/{box.uid}/letters/{idea.uid}", outcome="accepted").status_code == 303


def test_author_supporters_and_followers_are_told(found, sponsor):
    write_letter(sponsor, found.letter())
    events.deliver_pending()
    [letter] = letters()
    idea = found.ideas[0]
    kinds = dict(database.session.execute(select(Notice.person_id, Notice.kind)).all())
    assert kinds.pop(idea.author_id) == "letter.received"
    supporters = select(func.count()).select_from(Notice).where(Notice.kind == "letter.short")
    assert len(kinds) == database.session.scalar(supporters) > 5
    [mail] = database.session.scalars(select(Mail).where(Mail.kind == "letter.received"))
    assert REASON in mail.text and f"/letters/{letter.uid}" in mail.text and "not retained this time" in mail.subject


def test_supporters_are_left_alone_when_the_sponsor_says_so(found, sponsor):
    form = letter_form(sponsor, found.letter())
    form.fields.pop("tell_voters")
    send(sponsor, found.letter(), form, outcome="accepted", reason=REASON, button=SEND)
    events.deliver_pending()
    assert set(database.session.scalars(select(Notice.kind))) == {"letter.received"}


def test_a_repeated_reaction_tells_nobody_twice(found, sponsor):
    from ideabox.ideas.notices_answers import tell_of_letter

    write_letter(sponsor, found.letter())
    events.deliver_pending()
    counted = [database.session.scalar(select(func.count()).select_from(table)) for table in (Notice, Mail)]
    tell_of_letter(database.session.scalars(select(Event).where(Event.name == "letter.sent")).one())
    database.session.commit()
    assert [database.session.scalar(select(func.count()).select_from(table)) for table in (Notice, Mail)] == counted


def test_a_question_to_the_author_reopens_the_idea_when_answered(found, sponsor, sign_in):
    write_letter(
        sponsor,
        found.letter(),
        outcome="needs_clarification",
        reason="Which compressor do you mean, and who could stop it?",
    )
    idea = database.session.get(Idea, found.ideas[0].id)
    assert (idea.outcome, idea.stage) == ("needs_clarification", "open")
    assert database.session.get(Campaign, found.campaign.id).answered_count == 1
    events.deliver_pending()
    [letter] = letters()
    author = sign_in(database.session.get(type(found.sponsor), idea.author_id))
    answer = submit(author, f"/letters/{letter.uid}", "/reply", words="The one in hall two; the shift lead.")
    assert answer.status_code == 303
    database.session.expire_all()
    assert database.session.get(Idea, idea.id).outcome is None
    assert database.session.get(Campaign, found.campaign.id).answered_count == 0
    events.deliver_pending()
    told = database.session.scalars(select(Notice.person_id).where(Notice.kind == "letter.answered")).all()
    assert set(told) == {found.sponsor.id, found.manager.id}
    assert write_letter(sponsor, found.letter(), outcome="accepted").status_code == 303
    assert [letter.number for letter in letters()] == [1, 2]


def test_the_author_answers_once_and_sees_that_it_was_read(found, sponsor, sign_in):
    write_letter(sponsor, found.letter())
    [letter] = letters()
    author = sign_in(database.session.get(type(found.sponsor), found.ideas[0].author_id))
    address = f"/letters/{letter.uid}"
    form = next(form for form in read_forms(author.get(address).text) if form.action.endswith("/reply"))
    send(author, address, form, words="I see. The dew point was news to me.")
    form.fields["client_key"] = events.new_client_key()
    again = send(author, address, form, words="And another thing.")
    assert again.status_code == 409
    assert letters()[0].reply == "I see. The dew point was news to me."
    assert database.session.get(Idea, found.ideas[0].id).outcome == "not_retained"
    assert "Author replied" in sponsor.get(f"{found.address}/letters").text
    assert submit(sponsor, address, "/heard").status_code == 303
    assert "Read by the team on" in author.get(address).text


def test_one_tap_says_whether_it_is_clear_and_looking_alone_writes_nothing(found, sponsor, sign_in):
    write_letter(sponsor, found.letter())
    [letter] = letters()
    author = sign_in(database.session.get(type(found.sponsor), found.ideas[0].author_id))
    page = author.get(f"/letters/{letter.uid}")
    assert "I understand why" in page.text and letters()[0].seen_at is None
    token = read_forms(page.text)[0].fields["csrf_token"]
    assert author.post(f"/letters/{letter.uid}/seen", data={"csrf_token": token}).status_code == 204
    database.session.expire_all()
    assert letters()[0].seen_at is not None
    submit(author, f"/letters/{letter.uid}", "/clear", button="clear=0")
    database.session.expire_all()
    assert letters()[0].understand_why is False
    assert "not quite clear" in sponsor.get(f"{found.address}/letters?show=answered").text


def test_others_read_the_letter_but_say_nothing_to_it(found, sponsor, sign_in):
    write_letter(sponsor, found.letter())
    [letter] = letters()
    reader = sign_in(make_person("Some Body"))
    page = reader.get(f"/letters/{letter.uid}")
    assert page.status_code == 200 and REASON in page.text and "I understand why" not in page.text
    token = reader.get("/settings/look").text.split('name="csrf-token" content="')[1].split('"')[0]
    data = {"csrf_token": token, "words": "Me too", "clear": "1"}
    for deed in ("reply", "clear", "seen", "heard"):
        assert reader.post(f"/letters/{letter.uid}/{deed}", data=data).status_code == 403, deed
    assert letters()[0].reply == "" and letters()[0].understand_why is None


def test_a_sealed_author_is_named_to_nobody(found, sponsor, sign_in):
    author = make_person("Vera Secret")
    idea = make_idea(found.campaign, author, title="Stop the compressor, quietly", privacy="sealed")
    address = f"{found.address}/letters/{idea.uid}"
    assert "A letter to the author" in sponsor.get(address).text
    write_letter(sponsor, address)
    [letter] = letters()
    events.deliver_pending()
    submit(sign_in(author), f"/letters/{letter.uid}", "/reply", words="Thank you.")
    events.deliver_pending()
    pages = [f"{found.address}/letters", f"/letters/{letter.uid}", f"{found.address}/letters.csv"]
    assert not any("Vera" in sponsor.get(page).text for page in pages)
    assert all("Vera" not in str(data) for data in database.session.scalars(select(Notice.data)))
    assert "Dear Vera," in sign_in(author).get(f"/letters/{letter.uid}").text


def test_a_letter_about_a_hidden_idea_is_missing(found, sponsor, sign_in):
    write_letter(sponsor, found.letter())
    [letter] = letters()
    database.session.get(Idea, letter.idea_id).hidden_at = clock.now()
    database.session.commit()
    assert sign_in(make_person()).get(f"/letters/{letter.uid}").status_code == 404


def test_an_accepted_idea_is_followed_to_its_delivery(found, sponsor, sign_in):
    write_letter(sponsor, found.letter(), outcome="accepted")
    manager = sign_in(found.manager)
    address = f"{found.address}/letters?show=accepted"
    assert submit(manager, address, "/follow-up", words="", button="stage=in_progress").status_code == 303
    assert database.session.scalar(select(FollowUp)) is None
    submit(manager, address, "/follow-up", words="Timers ordered.", button="stage=in_progress")
    submit(manager, address, "/follow-up", words="Air is off at lunch.", button="stage=delivered")
    notes = database.session.scalars(select(FollowUp).order_by(FollowUp.id)).all()
    assert [(note.stage, note.words) for note in notes] == [
        ("in_progress", "Timers ordered."), ("delivered", "Air is off at lunch."),
    ]  # fmt: skip
    idea = database.session.get(Idea, found.ideas[0].id)
    assert (idea.stage, idea.outcome) == ("delivered", "delivered")
    events.deliver_pending()
    told = database.session.scalars(select(Notice.person_id).where(Notice.kind == "idea.goes_on")).all()
    assert idea.author_id in told and len(told) > 2
    assert "Air is off at lunch." in sponsor.get(f"/letters/{letters()[0].uid}").text
    assert "Air is off at lunch." in sponsor.get(f"/ideas/{idea.uid}").text


def test_only_an_accepted_idea_goes_on(found, sponsor):
    write_letter(sponsor, found.letter())
    form = letter_form(sponsor, found.letter(1))
    data = {"csrf_token": form.fields["csrf_token"], "stage": "delivered", "words": "Done."}
    assert sponsor.post(f"{found.letter()}/follow-up", data=data).status_code == 409


def test_the_home_page_counts_letters_to_write_and_to_read(found, sponsor, sign_in, app):
    from campaigns.models.shortlist import Shortlist
    from ideabox.ideas.queries.standing import latest_standing

    standing = latest_standing(found.campaign.id)
    database.session.add(Shortlist(campaign_id=found.campaign.id, standing_id=standing.id, actor_id=found.sponsor.id))
    database.session.commit()
    page = sponsor.get("/").text
    assert "6 letters to write, 4 minutes each" in page and f"{found.address}/letters" in page
    write_letter(sponsor, found.letter())
    author = sign_in(database.session.get(type(found.sponsor), found.ideas[0].author_id))
    assert f"/letters/{letters()[0].uid}" in author.get("/").text
    assert "5 letters to write" in sponsor.get("/").text


def test_an_idea_of_the_open_box_is_late_after_the_hours_promised(app, found, sponsor):
    make_organisation(answer_hours=72)
    box = make_campaign(kind="box", phase="suggest", sponsor=found.sponsor)
    idea = make_idea(box, title="Stop the compressor at lunch")
    [need] = [need for need in needs_of_box(app, found.sponsor) if box.question == need.title]
    assert not need.late and need.due == idea.submitted_at + timedelta(hours=72)
    idea.submitted_at = clock.now() - timedelta(hours=73)
    database.session.commit()
    assert [need.late for need in needs_of_box(app, found.sponsor) if box.question == need.title] == [True]
    page = sponsor.get("/decide").text
    assert f"/decide/{box.uid}/letters" in page and f'href="/decide/{box.uid}"' not in page, "a box has no ranking"


def test_a_closed_campaign_stays_answered(found, sponsor, sign_in):
    write_letter(sponsor, found.letter(), outcome="needs_clarification")
    found.campaign.phase = "closed"
    database.session.commit()
    author = sign_in(database.session.get(type(found.sponsor), found.ideas[0].author_id))
    assert submit(author, f"/letters/{letters()[0].uid}", "/reply", words="In hall two.").status_code == 303
    assert database.session.scalar(select(Idea.outcome).where(Idea.id == found.ideas[0].id)) == "needs_clarification"
    assert letters()[0].reply == "In hall two."
