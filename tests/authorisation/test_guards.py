"""Take each guard away, and the table turns red: a table that cannot fail would prove nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import true

from ideabox.ideas.queries import prepared
from ideabox.verdict import YES
from ideabox.web import public
from tests.authorisation.cells import Row
from tests.authorisation.conftest import Run
from tests.authorisation.table import ROWS


def _always(*_args: Any, **_kwargs: Any) -> Any:
    return YES


def _everything(*_args: Any, **_kwargs: Any) -> Any:
    return true()


#: What is taken away, what stands in its place, and the rows (endpoint, state) that must notice.
GUARDS = (
    ("ideabox.ideas.queries.campaigns.campaign_visible_to", _everything, "campaigns.show", "open"),
    ("ideabox.ideas.queries.campaigns.campaign_visible_to", _everything, "campaigns.brief", "draft"),
    ("ideabox.ideas.queries.deck.campaign_visible_to", _everything, "deck.show", "voting"),
    ("ideabox.ideas.queries.votes.idea_visible_to", _everything, "deck.vote", "hidden"),
    ("ideabox.ideas.queries.idea_page.idea_visible_to", _everything, "ideas.show", "withdrawn"),
    ("ideabox.ideas.queries.idea.idea_visible_to", _everything, "ideas.edit", "hidden"),
    ("ideabox.ideas.queries.idea.idea_visible_to", _everything, "moderate.reporting", "withdrawn"),
    ("ideabox.ideas.queries.idea.campaign_visible_to", _everything, "ideas.compose", "draft"),
    ("ideabox.ideas.queries.answers.idea_visible_to", _everything, "letters.show", "accepted"),
    ("ideabox.ideas.queries.files.idea_visible_to", _everything, "files.show", "draft"),
    ("ideabox.ideas.queries.talk.idea_visible_to", _everything, "talk.show", "of_hidden"),
    ("ideabox.ideas.actions.vote.may_vote", _always, "deck.vote", "voting"),
    ("ideabox.ideas.actions.idea.may_submit", _always, "ideas.write", "voting"),
    ("ideabox.ideas.actions.idea.may_edit", _always, "ideas.new_version", "open"),
    ("ideabox.ideas.actions.idea.may_withdraw", _always, "ideas.withdraw", "open"),
    ("ideabox.ideas.actions.idea.may_discard", _always, "ideas.discard", "sent"),
    ("ideabox.ideas.actions.follow.may_follow", _always, "ideas.follow", "open"),
    ("ideabox.ideas.actions.files.may_detach", _always, "files.remove", "open"),
    ("ideabox.ideas.actions.talk.may_comment", _always, "talk.say", "hidden"),
    ("ideabox.ideas.actions.talk.may_edit_comment", _always, "talk.change", "open"),
    ("ideabox.ideas.actions.talk.may_delete_comment", _always, "talk.remove", "open"),
    ("ideabox.ideas.actions.talk.may_close_question", _always, "talk.answered", "open"),
    ("ideabox.ideas.actions.moderation.may_report", _always, "moderate.report", "open"),
    ("ideabox.ideas.actions.moderation.may_resolve", _always, "moderate.resolve", "of_moderator"),
    ("ideabox.ideas.queries.moderation.may_moderate", _always, "moderate.show", "open"),
    ("ideabox.ideas.rules.answer.may_rate", _always, "letters.rate", "not_retained"),
    ("ideabox.ideas.rules.answer.may_reply", _always, "letters.reply", "accepted"),
    ("ideabox.ideas.rules.answer.may_hear", _always, "letters.hear", "accepted"),
    ("ideabox.ideas.rules.campaigns.may_follow", _always, "campaigns.follow", "draft"),
    ("campaigns.views.decide.may_read_decisions", _always, "decide.show", "deciding"),
    ("campaigns.views.export.may_see_order", _always, "decide.ranking_csv", "voting"),
    ("campaigns.rules.shortlist.may_confirm", _always, "decide.confirm", "deciding"),
    ("campaigns.rules.letter.may_send", _always, "decide.letter", "deciding"),
    ("campaigns.rules.letter.may_follow_up", _always, "decide.follow_up", "answered"),
    ("campaigns.queries.panel.leads", _always, "panel.home", "open"),
    ("campaigns.rules.panel.may_discard", _always, "panel.discard", "open"),
    ("campaigns.views.panel.may_create", _always, "panel.new", ""),
    ("ideabox.accounts.views.blueprints.may_administer", _always, "admin.people", ""),
    ("ideabox.accounts.actions.people.may_deactivate", _always, "admin.deactivate", "self"),
    ("ideabox.accounts.actions.people.may_invite", _always, "admin.invite", "colleague"),
    ("ideabox.accounts.views.welcome.queries.anybody", lambda: False, "accounts.welcome", ""),
)


@pytest.fixture
def fresh_statements() -> Iterator[Callable[[], None]]:
    """Forget statements that were made with a guard, and later those that were made without."""
    yield prepared._prepared.cache_clear
    prepared._prepared.cache_clear()


def test_taking_a_guard_away_turns_the_table_red(
    run: Run, monkeypatch: pytest.MonkeyPatch, fresh_statements: Callable[[], None]
) -> None:
    blind = []
    for guard, stand_in, endpoint, state in GUARDS:
        fresh_statements()
        with monkeypatch.context() as patch:
            patch.setattr(guard, stand_in)
            if not run(_rows(endpoint, state)):
                blind.append(f"{guard} at {endpoint}")
    assert not blind, "nobody notices that these are gone: " + ", ".join(blind)


def _rows(endpoint: str, state: str) -> list[Row]:
    found = [row for row in ROWS if row.endpoint == endpoint and state in row.states]
    assert found, f"{endpoint} has no state {state}"
    return [replace(row, states={state: row.states[state]}) for row in found]


@pytest.mark.parametrize("endpoint", ["home.index", "ideas.index", "campaigns.directory", "accounts.people"])
def test_opening_a_page_to_visitors_turns_the_table_red(
    run: Run,
    app: Any,
    endpoint: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = app.view_functions[endpoint]
    monkeypatch.setitem(app.view_functions, endpoint, public(lambda: view.__doc__ or "open"))
    assert run([row for row in ROWS if row.endpoint == endpoint])
