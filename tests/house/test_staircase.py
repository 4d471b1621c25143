"""House test 1: imports and foreign keys go down only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from tests.house.source import Module, imports, module, modules

#: From the top of the house to its ground, and what stands below even that.
FLOORS = (
    "wsgi",
    "campaigns",
    "ideabox.api",
    "ideabox.talent",
    "ideabox.ideas",
    "ideabox.notifications",
    "ideabox.accounts",
    "ideabox",
    "scoring",
)
OURS = {"wsgi", "campaigns", "ideabox", "scoring"}
#: Too heavy, or of no use to a web process, to be imported at start. Nothing else may be imported late.
WEIGHTY = {
    "playwright": "pictures are taken where the tests' packages are",
    "PIL": "pictures are opened by uploads only",
    "alembic": "migrations are commands",
    "css_inline": "mails are written by reactions, after the answer",
    "flask_migrate": "migrations are commands",
    "numpy": "80 ms at start",
    "redis": "absent where no Redis is set",
    "rich": "progress bars are for commands",
    "rq": "workers only",
    "scipy": "300 ms at start",
    "scoring": "imports numpy",
    "sklearn": "a second at start",
    "xlsxwriter": "spreadsheets are rare",
}
#: Late imports of our own that do not get round the staircase, each with its reason.
LATE = {
    ("ideabox.queue", "wsgi"): "a worker process has no app yet and builds the whole one",
    ("ideabox.bootstrap.server", "ideabox"): "read by gunicorn before the environment is known to be sound",
    ("campaigns.bench.command", "ideabox"): "a bench is a command; its weight is not for web processes",
    ("campaigns.bench.command", "campaigns"): "a bench is a command; its weight is not for web processes",
    ("campaigns.bench.command", "wsgi"): "the bench builds the app it measures",
    ("campaigns.bench.command", "tests"): "the bench borrows a database server from the tests",
    ("campaigns.bench.server", "wsgi"): "the measured server builds the app",
    ("campaigns.bench.server", "ideabox"): "the measured server reads its settings after its environment is set",
}


def floor(name: str) -> int | None:
    """The number of a module's floor, 0 at the top; None for what is not ours."""
    fitting = [each for each in FLOORS if name == each or name.startswith(f"{each}.")]
    return FLOORS.index(max(fitting, key=len)) if fitting else None


def upward(sources: Iterable[Module]) -> Iterator[str]:
    """Imports of a higher floor."""
    for source in sources:
        here = floor(source.name)
        assert here is not None, source.name
        for each in imports(source):
            there = floor(each.target)
            if there is not None and there < here and not _excused(each.module, each.target, each.late):
                yield f"{each}: {FLOORS[there]} stands above {FLOORS[here]}"


def _excused(name: str, target: str, late: bool) -> bool:
    return late and (name, target.partition(".")[0]) in LATE


def lazy(sources: Iterable[Module]) -> Iterator[str]:
    """Imports inside functions that weight does not explain."""
    import sys

    for source in sources:
        for each in imports(source):
            top = each.target.partition(".")[0]
            if not each.late or top in sys.stdlib_module_names or top in WEIGHTY or source.name.startswith("scoring"):
                continue
            if not _excused(each.module, each.target, True):
                yield f"{each} inside a function: import it at the top"


def upward_keys(pairs: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Foreign keys to a table of a higher floor, given (column, its module, the module of what it refers to)."""
    for column, here, there in pairs:
        if (floor(there) or 0) < (floor(here) or 0):
            yield f"{column} of {here} refers to {there}, which stands above"


def keys() -> Iterator[tuple[str, str, str]]:
    """Every foreign key of the product."""
    import wsgi  # noqa: F401 - brings all models in
    from ideabox.database import Base

    homes = {mapper.local_table.name: mapper.class_.__module__ for mapper in Base.registry.mappers}
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            yield f"{table.name}.{key.parent.name}", homes[table.name], homes[key.column.table.name]


def test_imports_go_down() -> None:
    assert list(upward(modules())) == []


def test_nothing_is_imported_late_to_get_round_it() -> None:
    assert list(lazy(modules())) == []


def test_foreign_keys_go_down() -> None:
    found = list(keys())
    assert len(found) > 40
    assert list(upward_keys(found)) == []


def test_excuses_are_used() -> None:
    late = {
        (each.module, each.target.partition(".")[0]) for source in modules() for each in imports(source) if each.late
    }
    assert set(LATE) - late == set(), "these late imports are gone: take their excuse away"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ideabox.ideas.queries.deck", "from campaigns.models.shortlist import Choice"),
        ("ideabox.accounts.queries", "import ideabox.ideas.models.idea"),
        ("ideabox.web", "def f():\n    from ideabox.accounts.models import Person"),
        ("ideabox.ideas.part", "from ideabox import talent\nimport wsgi"),
        ("scoring.beta", "from ideabox import clock"),
        ("ideabox.notifications.models", "if TYPE_CHECKING:\n    from ideabox.ideas.models.idea import Idea"),
    ],
)
def test_an_import_upwards_turns_it_red(name: str, text: str) -> None:
    assert list(upward([module(name, text)]))


def test_a_late_import_turns_it_red() -> None:
    assert list(lazy([module("ideabox.ideas.part", "def f():\n    from ideabox.web import viewer")]))
    assert list(lazy([module("ideabox.ideas.part", "def f():\n    import requests")]))
    assert not list(lazy([module("ideabox.ideas.part", "def f():\n    import numpy, json")]))


def test_a_key_upwards_turns_it_red() -> None:
    assert list(upward_keys([("person.idea_id", "ideabox.accounts.models", "ideabox.ideas.models.idea")]))
    assert not list(upward_keys([("idea.author_id", "ideabox.ideas.models.idea", "ideabox.accounts.models")]))
