"""May I judge what was reported?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ideabox.verdict import YES, Verdict, no


def may_moderate(is_moderator: bool) -> Verdict:
    """See the queue of reports."""
    return YES if is_moderator else no(_l("Only moderators see the reports."))


def may_resolve(is_moderator: bool, viewer_id: int, author_id: int) -> Verdict:
    """Keep or hide what was reported; nobody judges their own text."""
    if not is_moderator:
        return may_moderate(is_moderator)
    if viewer_id == author_id:
        return no(_l("This is your own text. Another moderator has to look at it."))
    return YES
