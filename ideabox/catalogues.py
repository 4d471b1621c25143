"""Catalogues of words: gathered from code and templates, completed by people, compiled at set-up. Needs Babel alone.

`python -m ideabox.catalogues compile` makes the `.mo` files, `update` brings new sentences into the `.po` files.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "ideabox" / "translations"
LANGUAGES = ("fr",)
JINJA = {"trimmed": "true", "silent": "false", "encoding": "utf-8"}
SOURCES = ("ideabox", "campaigns", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
}
KEYWORDS |= {"_n": (1, 2), "_ln": (1, 2), "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2)}
#: A head without dates, so that an update without news leaves the file as it was.
HEAD = """# Words of Ideabox ({language})
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]")


def path_of(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def gather() -> Catalog:
    """All sentences of code and templates."""
    catalog = Catalog(project="Ideabox", charset="utf-8")
    options = {"**.html": JINJA, "**.txt": JINJA}
    for source in SOURCES:
        found = extract_from_dir(str(ROOT / source), METHODS, options, keywords=KEYWORDS, comment_tags=("tr:",))
        for name, _line, words, comments, context in found:
            catalog.add(words, locations=[(f"{source}/{name}", 0)], auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    """The catalogue of a language as it is; empty when there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Ideabox", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> int:
    """Bring new sentences in and drop those that are gone. Returns how many still want words."""
    catalog = read(language)
    catalog.update(gather(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEAD.format(language=language, plural=catalog.plural_forms).encode())
        write_po(file, catalog, width=120, sort_output=True, no_location=True, omit_header=True)
    return sum(1 for _fault in faults_of(language))


def compile_all() -> None:
    """Make the compiled catalogues that a running Ideabox reads."""
    for language in LANGUAGES:
        path = path_of(language)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, read(language))


def faults_of(language: str) -> Iterator[str]:
    """What is wrong with a language: sentences without words, doubtful ones, placeholders that differ."""
    have = read(language)
    for wanted in gather():
        if wanted.id:
            yield from _faults(have.get(wanted.id, wanted.context), wanted)


def _faults(found: Message | None, wanted: Message) -> Iterator[str]:
    source = wanted.id if isinstance(wanted.id, tuple) else (wanted.id,)
    words = () if found is None else found.string if isinstance(found.string, tuple | list) else (found.string,)
    if found is None or not words or not all(words):
        yield f"no words for: {source[0]}"
    elif found.fuzzy:
        yield f"doubtful words for: {source[0]}"
    elif not _names(words) <= _names(source) or (len(source) == 1 and _names(words) != _names(source)):
        yield f"other placeholders in the words for: {source[0]}"


def _names(sentences: Iterable[object]) -> set[str]:
    return {name for sentence in sentences for name in _PLACEHOLDER.findall(str(sentence))}


def main(words: list[str]) -> int:
    """`compile`, `update` or `check`; the exit code is 1 when something is missing."""
    if words == ["compile"]:
        compile_all()
        return 0
    if words == ["update"]:
        left = sum(update(language) for language in LANGUAGES)
        print(f"{left} sentences want words")
        return 0
    faults = [f"{language}: {fault}" for language in LANGUAGES for fault in faults_of(language)]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
