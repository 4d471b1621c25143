"""House tests 4 and 5: each action opens with its rule, and none commits."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.house.source import Module, calls, module, modules

#: What changes rows, when called: the session's own verbs, statements that write, and our recorder of events.
VERBS = {"add", "add_all", "delete", "merge", "record"}
STATEMENTS = {"upsert", "insert", "update", "delete", "changed"}
COMMITS = {"commit", "commit_once"}
#: Rooms from which nothing commits: the view does, once, or the queue around a reaction.
UNDER = ("models", "rules", "queries", "actions", "notices", "forms")
#: Actions that no person asks for, or that are themselves how a person comes to be known.
WITHOUT_RULE = {
    "ideabox.accounts.actions.access.come_in": "the password, checked by the view in constant time, is the rule",
    "ideabox.accounts.actions.access.go_out": "ends the viewer's own session, whatever it is",
    "ideabox.accounts.actions.access.go_out_everywhere": "ends the viewer's own sessions only",
    "ideabox.accounts.actions.access.ask_reset": "anybody may ask; nothing changes but a line in the record",
    "ideabox.ideas.actions.shows.log": "one half of `shown`, which opens with the rule; the vote is the other caller",
    "ideabox.ideas.actions.standing.compute": "the phase and the counts decide; no person asks",
    "ideabox.ideas.actions.standing.freeze": "the phase decides; no person asks",
    "ideabox.ideas.actions.standing.refresh": "run by a job over votes that were already stored",
    "ideabox.ideas.actions.vote_counts.count_votes": "a tick that adds up what is stored",
    "ideabox.ideas.actions.vote_counts.count_votes_of": "the same for one campaign; `move` asked the rule",
    "ideabox.notifications.actions.notify": "the system tells; muting is looked at, nobody asks",
}
#: Modules that are the hands of other actions, which open with the rule.
HANDS = {
    "ideabox.ideas.actions.similar": "keeps the index of stems in step with ideas that their own actions write",
    "ideabox.ideas.actions.vote_statements": "the statements of a vote, built once; `vote` asks the rule",
}


def in_actions(source: Module) -> bool:
    return "actions" in source.name.split(".") and not source.name.endswith(".actions.__init__")


def functions(source: Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in source.tree.body if isinstance(node, ast.FunctionDef)}


def writes(node: ast.AST, known: dict[str, ast.FunctionDef], seen: frozenset[str] = frozenset()) -> bool:
    """Whether something below this node changes rows, by its own hand or by that of a function of its module."""
    for name, call in calls(node):
        if _is_write(name, call):
            return True
        if name in known and name not in seen and writes(known[name], known, seen | {name}):
            return True
    return any(isinstance(target, ast.Attribute) for each in ast.walk(node) for target in _targets(each))


def _is_write(name: str, call: ast.Call) -> bool:
    """A verb of the session or the recorder, or a statement; `found.add(x)` of a set changes no row."""
    if not isinstance(call.func, ast.Attribute):
        return name in STATEMENTS
    return name in VERBS and ast.unparse(call.func.value).endswith(("session", "events"))


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def enforces(node: ast.AST, known: dict[str, ast.FunctionDef]) -> bool:
    """Whether a statement asks a rule and stops at its no, or hands over to a function of the module that does."""
    for name, _call in calls(node):
        if name == "enforce":
            return True
        if name in known and opens_with_rule(known[name], known):
            return True
    return False


def opens_with_rule(function: ast.FunctionDef, known: dict[str, ast.FunctionDef]) -> bool:
    """Whether a rule is enforced before the first statement that writes."""
    others = {name: each for name, each in known.items() if name != function.name}
    for statement in function.body:
        plain = not isinstance(statement, ast.If | ast.For | ast.While | ast.Try | ast.With)
        if plain and enforces(statement, others):
            return True
        if writes(statement, others):
            return False
    return False


def without_rule(sources: Iterable[Module]) -> Iterator[str]:
    """Public functions of actions that change rows and do not open with a rule."""
    for source in filter(in_actions, sources):
        known = functions(source) if source.name not in HANDS else {}
        for name, node in known.items():
            if not name.startswith("_") and writes(node, known) and not opens_with_rule(node, known):
                yield f"{source.name}.{name}"


def committing(sources: Iterable[Module]) -> Iterator[str]:
    """Calls of commit in rooms that leave it to their caller."""
    for source in sources:
        rooms = {part.partition("_")[0] for part in source.name.split(".")[1:]}
        if rooms & set(UNDER) and "importing" not in rooms:
            yield from (f"{source.name}:{call.lineno}" for name, call in calls(source.tree) if name in COMMITS)


def test_each_action_opens_with_its_rule() -> None:
    assert sorted(set(without_rule(modules())) - set(WITHOUT_RULE)) == []


def test_no_excuse_outlives_its_action() -> None:
    assert sorted(set(WITHOUT_RULE) - set(without_rule(modules()))) == []
    assert sorted(set(HANDS) - {source.name for source in modules()}) == []


def test_there_are_actions_to_look_at() -> None:
    ruled = [
        name
        for source in filter(in_actions, modules())
        for name, node in functions(source).items()
        if not name.startswith("_") and opens_with_rule(node, functions(source))
    ]
    assert len(ruled) > 30


def test_actions_leave_the_commit_to_their_caller() -> None:
    assert list(committing(modules())) == []


RULELESS = (
    "def publish(viewer, idea):\n    idea.stage = 'open'\n    may_publish(viewer).enforce()",
    "def publish(viewer, idea):\n    db.session.add(idea)",
    "def publish(viewer, idea):\n    may_publish(viewer)\n    db.session.execute(update(Idea))",
    "def publish(viewer, idea):\n    if idea:\n        may(viewer).enforce()\n    events.record('idea.published')",
    "def publish(viewer, idea):\n    _store(idea)\ndef _store(idea):\n    db.session.add(idea)",
    "def publish(viewer, idea):\n    setting = 1\n    events.record('idea.published', actor_id=viewer.id)",
)


@pytest.mark.parametrize("text", RULELESS)
def test_an_action_without_its_rule_turns_it_red(text: str) -> None:
    assert list(without_rule([module("ideabox.ideas.actions.idea", text)])) == ["ideabox.ideas.actions.idea.publish"]


def test_an_action_with_its_rule_stays_green() -> None:
    text = "def publish(viewer, idea):\n    idea = lock(idea)\n    may(viewer).enforce()\n    db.session.add(idea)"
    handed = "def a(v):\n    person = _use(v)\n    db.session.add(1)\ndef _use(v):\n    may(v).enforce()\n    return v"
    assert not list(without_rule([module("ideabox.ideas.actions.idea", text)]))
    assert not list(without_rule([module("ideabox.ideas.actions.idea", handed)]))


@pytest.mark.parametrize("name", ["ideabox.ideas.actions.idea", "campaigns.queries.panel", "campaigns.notices_panel"])
def test_a_commit_turns_it_red(name: str) -> None:
    assert list(committing([module(name, "def f():\n    db.session.commit()")]))
    assert list(committing([module(name, "def f():\n    events.commit_once(1, 'k')")]))
    assert not list(committing([module("ideabox.ideas.views.idea", "def f():\n    db.session.commit()")]))
