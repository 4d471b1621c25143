"""May I speak, change what I said, take it back, close a question?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ideabox.ideas.models.idea import LIVE
from ideabox.ideas.rules.phases import allows
from ideabox.verdict import YES, Verdict, no

MOMENT = 409


def may_comment(stage: str, hidden: bool, phase: str) -> Verdict:
    """Speak about an idea that is open to readers, until its campaign is closed."""
    if stage not in LIVE or hidden:
        return no(_l("This idea is not open to readers."), status=MOMENT)
    if not allows(phase, "talk"):
        return no(_l("This campaign is closed, and so is the talk."), status=MOMENT)
    return YES


def may_answer(deleted: bool, hidden: bool) -> Verdict:
    """Answer a comment that is still there."""
    if deleted or hidden:
        return no(_l("What you answer was taken away meanwhile. Your words are kept below."), status=MOMENT)
    return YES


def may_edit_comment(viewer_id: int, author_id: int, deleted: bool, hidden: bool, phase: str) -> Verdict:
    """Change one's own words; the earlier ones stay readable."""
    if viewer_id != author_id:
        return no(_l("Only whoever said it can change it."))
    if deleted or hidden:
        return no(_l("This was taken away meanwhile."), status=MOMENT)
    if not allows(phase, "talk"):
        return no(_l("This campaign is closed, and so is the talk."), status=MOMENT)
    return YES


def may_delete_comment(viewer_id: int, author_id: int, deleted: bool) -> Verdict:
    """Take one's own words back, at any time."""
    if viewer_id != author_id:
        return no(_l("Only whoever said it can delete it."))
    return no(_l("This was deleted already."), status=MOMENT) if deleted else YES


def may_close_question(viewer_id: int, asker_id: int, idea_author_id: int, of_team: bool) -> Verdict:
    """Say that a question is answered: whoever asked, the idea's author, the campaign's team."""
    if of_team or viewer_id in (asker_id, idea_author_id):
        return YES
    return no(_l("Whoever asked, the author or the campaign's team say when a question is answered."))
