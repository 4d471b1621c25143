"""May I add a file to an idea, or take one away?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ideabox.ideas.rules.idea import MOMENT, may_edit
from ideabox.verdict import YES, Verdict, no

MOST = 6


def may_attach(viewer_id: int, author_id: int, stage: str, phase: str, have: int) -> Verdict:
    """Add a file: whoever may change the text, up to six."""
    room = room_for(have + 1)
    return may_edit(viewer_id, author_id, stage, phase) if room else room


def room_for(files: int) -> Verdict:
    """So many files on one idea."""
    if files > MOST:
        return no(_l("An idea holds six files at most. Take one away first."), status=MOMENT)
    return YES


def may_detach(viewer_id: int, author_id: int, stage: str, phase: str) -> Verdict:
    """Take a file away: whoever may change the text."""
    return may_edit(viewer_id, author_id, stage, phase)
