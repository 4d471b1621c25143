"""What can be wrong in a template: an import nobody uses, script or style inside the page, words nobody translates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2] / "templates"
#: Attributes that are read out or shown to people.
HUMAN = {"title", "aria-label", "aria-description", "aria-valuetext", "placeholder", "alt", "label"}
TRANSLATE = {"_", "gettext", "ngettext", "pgettext", "npgettext", "_l"}
#: Elements whose text is not prose: keys of the keyboard, code, names of formats.
NOT_PROSE = {"code", "kbd", "samp"}
#: Words that are the same in every language.
SAME_EVERYWHERE = {"Ideabox", "CSV", "Markdown", "UTF", "PDF"}
WORD = re.compile(r"[^\W\d_]{2,}")
CODE = re.compile("btn|[a-z]*(-[a-z]*)+")
SENTENCE = re.compile(r"[A-Z][a-z]+ [a-z]|[a-z]{2,}[.!?]$|^[A-Z][a-z]{2,}$|[a-z]{2,} [a-z]{2,} [a-z]{2,}")
#: Stand-ins for what is computed: a value, and a statement that prints nothing.
VALUE, NOTHING = "\ue000", "\ue001"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja with the blocks and filters that the product's templates use."""
    return Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"], trim_blocks=True)


def templates() -> list[Path]:
    return sorted([*ROOT.rglob("*.html"), *ROOT.rglob("*.txt")])


def unused_imports(text: str) -> Iterator[str]:
    """Names brought in by `import` or `from … import` that the template never uses."""
    tree = environment().parse(text)
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    for node in tree.find_all(nodes.FromImport):
        for name in node.names:
            local = name[1] if isinstance(name, tuple) else name
            if local not in used:
                yield f"line {node.lineno}: {local} is imported and not used"
    for each in tree.find_all(nodes.Import):
        if each.target not in used:
            yield f"line {each.lineno}: {each.target} is imported and not used"


def page_of(text: str) -> str:
    """The template with each expression, statement and translated block replaced by a stand-in of its own lines."""
    out: list[str] = []
    closes, inside, translated = "", "", False
    for _line, token, value in environment().lex(text):
        if closes:
            inside += value
            if token == closes:
                translated = _translates(inside, translated)
                out.append(("" if translated else _stand_in(closes, out)) + _lines(inside))
                closes = ""
            continue
        if token in ("variable_begin", "block_begin", "comment_begin", "raw_begin"):
            closes, inside = token.replace("_begin", "_end"), value
        elif token == "data":
            out.append(_lines(value) if translated else value)
    return "".join(out)


def _stand_in(closes: str, out: list[str]) -> str:
    """A value, but for the name of an element, which a parser must be able to read."""
    if closes != "variable_end":
        return NOTHING
    return "div" if out and out[-1].endswith(("<", "</")) else VALUE


def _translates(tag: str, before: bool) -> bool:
    if re.match(r"\{%-?\s*trans\b", tag):
        return True
    return before and not re.match(r"\{%-?\s*endtrans\b", tag)


def _lines(text: str) -> str:
    return "\n" * text.count("\n")


class _Reader(HTMLParser):
    """Walks the page and notes what should not be in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._look_at(tag, given)
        if tag in NOT_PROSE | {"script", "style"}:
            self.open.append(tag)

    def _look_at(self, tag: str, given: dict[str, str]) -> None:
        if tag == "script" and "src" not in given:
            self._fault("a script inside the page")
        if tag == "style":
            self._fault("a style sheet inside the page")
        for name, value in given.items():
            if name == "style":
                self._fault(f"a style inside the page: {value}")
            if name.startswith("on"):
                self._fault(f"a handler inside the page: {name}")
            if value.strip().lower().startswith("javascript:"):
                self._fault(f"a script in an address: {value}")
            if name in HUMAN and _words(value):
                self._fault(f"{name} is not translated: {value.strip()}")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            self.open.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.open and _words(data):
            self._fault(f"text is not translated: {data.strip()[:60]}")

    def _fault(self, told: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {told}".replace(VALUE, "…").replace(NOTHING, ""))


def _words(text: str) -> list[str]:
    """Words of a language, as against values, and classes or ids that a macro builds: "btn-…", "page-reading"."""
    tokens = text.replace(VALUE, " ").replace(NOTHING, " ").split()
    prose = " ".join(token for token in tokens if not CODE.fullmatch(token))
    return [word for word in WORD.findall(prose) if word not in SAME_EVERYWHERE]


def page_faults(text: str) -> list[str]:
    """Inline scripts, styles and handlers, and texts and human attributes that stand there in plain English."""
    reader = _Reader()
    reader.feed(page_of(text))
    reader.close()
    return reader.faults


def plain_faults(text: str) -> list[str]:
    """Lines of a text mail that stand there in plain English."""
    lines = enumerate(page_of(text).splitlines(), start=1)
    return [f"line {number}: text is not translated: {line.strip()}" for number, line in lines if _words(line)]


def loose_words(text: str) -> Iterator[str]:
    """Strings inside expressions that read like a sentence or a label and do not pass through a translation."""
    yield from _loose(environment().parse(text))


def _loose(node: Any) -> Iterator[str]:
    translated = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATE
    if translated or isinstance(node, nodes.Compare) or _is_for_htmx(node):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and _is_sentence(node.value):
        yield f"line {node.lineno}: {node.value!r} is not translated"
    for child in node.iter_child_nodes():
        yield from _loose(child)


def _is_for_htmx(node: Any) -> bool:
    return isinstance(node, nodes.Pair) and str(getattr(node.key, "value", "")).startswith(("hx-", "data-"))


def _is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(text.strip())) and not set(WORD.findall(text)) <= SAME_EVERYWHERE
