"""A name must be what it looks like: one alphabet, no invisible letters, no drawn ones (Unicode TR 39)."""

from __future__ import annotations

import unicodedata

from flask_babel import lazy_gettext as _l

from ideabox.forms import BLANK, fault_in
from ideabox.verdict import YES, Verdict, no

LONGEST = 120
#: Alphabets whose letters can be taken for one another.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})


def may_be_name(name: str) -> Verdict:
    """Whether somebody, or a unit, may be called this."""
    if not any(char.isalpha() for char in name):
        return no(_l("A name has at least one letter."), status=422)
    if len(name) > LONGEST:
        return no(_l("At most %(n)d characters.", n=LONGEST), status=422)
    if fault := fault_in(name):
        return no(fault, status=422)
    return _readable(name)


def _readable(name: str) -> Verdict:
    if any(_invisible(char) for char in name):
        return no(_l("This name holds an invisible character. Type it again instead of pasting it."), status=422)
    if any(_drawn(char) for char in name):
        return no(_l("This name uses letters that are drawings of others. Type it with plain letters."), status=422)
    if len(_alphabets(name) & _ALIKE) > 1:
        return no(_l("This name mixes alphabets whose letters look alike. Type it with one keyboard."), status=422)
    return YES


def _invisible(char: str) -> bool:
    return (
        char in BLANK
        or _selects(char)
        or unicodedata.category(char) in ("Cf", "Co", "Cn", "Zl", "Zp")
        or char in "\n\t"
    )


def _selects(char: str) -> bool:
    """Marks that choose a drawing, or join letters, and show nothing themselves."""
    return char == "\u034f" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _drawn(char: str) -> bool:
    """Full-width, bold, circled letters and ligatures: they decompose into other letters."""
    return char.isalpha() and unicodedata.normalize("NFKC", char) != char


def _alphabets(name: str) -> set[str]:
    return {unicodedata.name(char, "").split(" ")[0] for char in name if char.isalpha()}
