"""Do it: let start anew what failed so often that it was given up."""

from __future__ import annotations

from ideabox import events, mail
from ideabox.accounts.rules.access import may_administer
from ideabox.viewer import Viewer


def try_mails_again(viewer: Viewer) -> int:
    """All mails that were given up leave after the commit. Returns how many; twice is the same as once."""
    may_administer(viewer).enforce()
    count = mail.try_again()
    if count:
        events.record("mails.tried_again", actor_id=viewer.id, mails=count)
    return count


def try_events_again(viewer: Viewer) -> int:
    """The reactions of all parked events run after the commit. Returns how many; twice is the same as once."""
    may_administer(viewer).enforce()
    count = events.try_again()
    if count:
        events.record("events.tried_again", actor_id=viewer.id, events=count)
    return count
