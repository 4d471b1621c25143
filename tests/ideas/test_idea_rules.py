"""Every branch of the rules of ideas, talk, names, moderation and files."""

from __future__ import annotations

import pytest

from ideabox.ideas.models.campaign import PHASES
from ideabox.ideas.models.idea import STAGES
from ideabox.ideas.rules import files, idea, moderation, names, talk
from ideabox.ideas.rules.phases import RIGHTS

ME, OTHER = 1, 2


@pytest.mark.parametrize("phase", PHASES)
def test_only_the_suggest_phase_takes_ideas(phase: str) -> None:
    verdict = idea.may_submit("campaign", phase, asked=True)
    assert verdict.allowed is (phase == "suggest")
    assert verdict.allowed or (verdict.status == 409 and str(verdict.reason))


@pytest.mark.parametrize("phase", PHASES)
def test_a_box_takes_ideas_unless_closed_or_not_launched(phase: str) -> None:
    assert idea.may_submit("box", phase, asked=True).allowed is (phase not in ("draft", "closed"))


def test_those_who_are_not_asked_do_not_send() -> None:
    assert not idea.may_draft(asked=False)
    assert idea.may_draft(asked=True)
    assert idea.may_submit("campaign", "suggest", asked=False).status == 403


@pytest.mark.parametrize("rule", [idea.may_edit, idea.may_withdraw])
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("stage", STAGES)
def test_the_author_changes_or_withdraws_until_voting(rule: object, phase: str, stage: str) -> None:
    stages = ("draft", "open") if rule is idea.may_edit else ("open",)
    allowed = stage in stages and "edit" in RIGHTS[phase]
    assert rule(ME, ME, stage, phase).allowed is allowed  # type: ignore[operator]
    assert rule(OTHER, ME, stage, phase).status == 403 and not rule(OTHER, ME, stage, phase)  # type: ignore[operator]


@pytest.mark.parametrize("stage", STAGES)
def test_readers_follow_and_report_what_is_open(stage: str) -> None:
    live = stage not in ("draft", "withdrawn")
    for rule in (idea.may_follow, idea.may_report):
        assert rule(OTHER, ME, stage).allowed is live
        assert not rule(ME, ME, stage)
    assert idea.may_discard(ME, ME, stage).allowed is (stage == "draft")
    assert not idea.may_discard(OTHER, ME, stage)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("privacy", ["named", "sealed"])
def test_who_may_know_the_author(privacy: str, phase: str) -> None:
    assert names.author_shown(ME, ME, privacy, phase) == "you"
    expected = "sealed" if privacy == "sealed" else "hidden" if phase == "vote" else "named"
    assert names.author_shown(OTHER, ME, privacy, phase) == expected


@pytest.mark.parametrize("phase", PHASES)
def test_one_speaks_about_what_is_open(phase: str) -> None:
    assert talk.may_comment("open", False, phase).allowed is ("talk" in RIGHTS[phase])
    assert not talk.may_comment("open", True, phase)
    assert not talk.may_comment("withdrawn", False, phase)
    assert talk.may_edit_comment(ME, ME, False, False, phase).allowed is ("talk" in RIGHTS[phase])


def test_one_changes_and_deletes_ones_own_words() -> None:
    assert not talk.may_edit_comment(OTHER, ME, False, False, "vote")
    assert talk.may_edit_comment(ME, ME, True, False, "vote").status == 409
    assert talk.may_edit_comment(ME, ME, False, True, "vote").status == 409
    assert talk.may_delete_comment(ME, ME, False)
    assert talk.may_delete_comment(ME, ME, True).status == 409
    assert talk.may_delete_comment(OTHER, ME, False).status == 403
    assert talk.may_answer(False, False) and not talk.may_answer(True, False) and not talk.may_answer(False, True)


def test_who_closes_a_question() -> None:
    asker, author = 3, 4
    assert talk.may_close_question(asker, asker, author, False)
    assert talk.may_close_question(author, asker, author, False)
    assert talk.may_close_question(OTHER, asker, author, True)
    assert not talk.may_close_question(OTHER, asker, author, False)


def test_moderators_judge_what_is_not_theirs() -> None:
    assert moderation.may_moderate(True) and not moderation.may_moderate(False)
    assert moderation.may_resolve(True, ME, OTHER)
    assert not moderation.may_resolve(True, ME, ME)
    assert not moderation.may_resolve(False, ME, OTHER)


def test_files_go_with_the_right_to_change_the_text() -> None:
    assert files.may_attach(ME, ME, "open", "suggest", 0)
    assert files.may_attach(ME, ME, "open", "suggest", files.MOST).status == 409
    assert not files.may_attach(OTHER, ME, "open", "suggest", 0)
    assert files.may_detach(ME, ME, "draft", "suggest") and not files.may_detach(ME, ME, "open", "vote")
