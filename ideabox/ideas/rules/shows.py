"""Does a look at an idea count as a show?"""

from __future__ import annotations

from ideabox.ideas.models.idea import LIVE
from ideabox.verdict import YES, Verdict, no

SURFACES = DECK, PAGE = ("deck", "page")


def counts_as_shown(person_id: int, author_id: int, stage: str, surface: str) -> Verdict:
    """Shows of live ideas to others than their author. The refusal is for nobody's eyes."""
    if surface not in SURFACES:
        return no("unknown surface", status=422)
    return YES if author_id != person_id and stage in LIVE else no("own or not live", status=409)
