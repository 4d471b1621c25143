"""House test 2: inside a feature, a room knows only those before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from tests.house.source import Module, imports, module, modules

FEATURES = (
    "campaigns",
    "ideabox.api",
    "ideabox.talent",
    "ideabox.ideas",
    "ideabox.notifications",
    "ideabox.accounts",
)
ROOMS = ("models", "rules", "queries", "actions", "later", "forms", "views", "part")
#: Notices and jobs stand side by side: both run after the fact and call actions and queries.
SAME = {"notices": "later", "jobs": "later"}
#: Modules with a name of their own, and the room whose rights they have.
NAMED = {
    "campaigns": {"bench": "part", "demo": "part"},
    "ideabox.ideas": {"importing": "part", "life": "queries", "words": "models"},
    "ideabox.notifications": {"kinds": "models"},
    "ideabox.accounts": {
        "browsers": "queries",
        "commands": "part",
        "demo": "later",
        "limits": "forms",
        "links": "queries",
        "mails": "later",
        "overview": "queries",
        "passwords": "models",
        "people_file": "queries",
        "session": "queries",
        "words": "forms",
    },
}
#: Single crossings that were weighed, with their reason.
CROSSINGS = {
    ("ideabox.accounts", "people_file", "forms"): "one check of addresses for the form and for the file",
}


def place(name: str) -> tuple[str, str] | None:
    """The feature of a module and the name of its room; None outside features."""
    for feature in FEATURES:
        if name.startswith(f"{feature}."):
            return feature, name.removeprefix(f"{feature}.").partition(".")[0]
    return None


def room(feature: str, name: str) -> int | None:
    """The number of a room, 0 for models; None for a name that nobody explained."""
    known = NAMED.get(feature, {}).get(name) or SAME.get(name.partition("_")[0]) or name
    return ROOMS.index(known) if known in ROOMS else None


def crossings(sources: Iterable[Module]) -> Iterator[str]:
    """Imports of a later room of the same feature, and modules that are no room."""
    for source in sources:
        here = place(source.name)
        if here is None:
            continue
        mine = room(*here)
        if mine is None:
            yield f"{source.name}: {here[1]} is no room; give it one in NAMED"
            continue
        for each in imports(source):
            there = place(each.target)
            if there is None or there[0] != here[0] or there[1] == here[1] or (*here, there[1]) in CROSSINGS:
                continue
            if (room(*there) or 0) > mine:
                yield f"{each}: {here[1]} comes before {there[1]}"


def test_rooms_know_only_those_before_them() -> None:
    assert list(crossings(modules())) == []


def test_names_are_of_modules_that_exist() -> None:
    known = {place(source.name) for source in modules()}
    assert [(feature, name) for feature, names in NAMED.items() for name in names if (feature, name) not in known] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ideabox.ideas.models.idea", "from ideabox.ideas.rules.idea import may_edit"),
        ("ideabox.ideas.rules.idea", "from ideabox.ideas.queries import visible"),
        ("ideabox.ideas.queries.deck", "from ideabox.ideas.actions.vote import cast"),
        ("campaigns.actions.letter", "def f():\n    from campaigns.views.letter import letters"),
        ("campaigns.notices_panel", "import campaigns.views.panel"),
        ("ideabox.accounts.views.people", "from ideabox.accounts.part import part"),
        ("ideabox.ideas.helpers", "x = 1"),
    ],
)
def test_a_step_back_turns_it_red(name: str, text: str) -> None:
    assert list(crossings([module(name, text)]))
