"""Who may know who wrote an idea. The one place where this is decided."""

from __future__ import annotations

from typing import Literal

from ideabox.ideas.models.idea import SEALED
from ideabox.ideas.rules.phases import NAMELESS

AuthorShown = Literal["you", "named", "hidden", "sealed"]


def author_shown(viewer_id: int, author_id: int, privacy: str, phase: str) -> AuthorShown:
    """How the author of an idea is shown to this viewer.

    'you': the viewer wrote it. 'named': by name. 'hidden': not before the votes are in. 'sealed': not at all.
    `queries.names.author_known_to` says the same to the database.
    """
    if viewer_id == author_id:
        return "you"
    if privacy == SEALED:
        return "sealed"
    return "hidden" if phase in NAMELESS else "named"
