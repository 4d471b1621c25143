"""The code of the product as the tests of the house read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("scoring", "ideabox", "campaigns")


@dataclass(frozen=True)
class Module:
    """One file: its dotted name and its syntax tree."""

    name: str
    tree: ast.Module

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Import:
    """`target` is imported by `module` at `line`; `late` inside a function, `typed` for the type checker only."""

    module: str
    target: str
    line: int
    late: bool
    typed: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def module(name: str, text: str) -> Module:
    """A module made of text: the small bad samples of the tests."""
    return Module(name, ast.parse(text))


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """Every module of the product."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(module(_dotted(path), path.read_text(encoding="utf-8")) for path in [*paths, ROOT / "wsgi.py"])


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(source: Module) -> Iterator[Import]:
    """Every import of a module, those inside functions too. Of `from a import b` both a and a.b are told."""
    yield from _imports(source.name, source.tree, late=False, typed=False)


def _imports(name: str, node: ast.AST, *, late: bool, typed: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            for target in _targets(child):
                yield Import(name, target, child.lineno, late, typed)
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        checked = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        yield from _imports(name, child, late=late or inside, typed=typed or checked)


def _targets(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    else:
        assert not node.level, "imports are absolute in this house"
        yield node.module or ""
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call below a node with the last word of what is called: `a.b.c(…)` gives "c"."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield ast.unparse(each.func).rpartition(".")[2], each
