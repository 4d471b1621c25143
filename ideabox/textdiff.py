"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: Beyond so many words a comparison would keep the reader waiting; the texts are then shown as taken away and added.
MOST_WORDS = 6000


def worded(before: str, after: str) -> list[tuple[str, str]]:
    """Runs of ('same' | 'del' | 'ins', text) that lead from one text to the other."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return [(kind, text) for kind, text in (("del", before), ("ins", after)) if text]
    parts: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(old[a:b])))
            continue
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        parts += [(sort, text) for sort, text in (("del", gone), ("ins", come)) if text]
    return parts
