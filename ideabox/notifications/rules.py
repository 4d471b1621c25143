"""May I? About notices."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ideabox.notifications.kinds import Kind
from ideabox.verdict import YES, Verdict, no


def may_touch(person_id: int, owner_id: int) -> Verdict:
    """A notice belongs to the one it was sent to."""
    return YES if person_id == owner_id else no(_l("This notice was sent to somebody else."))


def may_mute(kind: Kind | None) -> Verdict:
    """Everything may be muted but what is asked of the person by name: silence there would hide a duty."""
    if kind is None:
        return no(_l("There is no notice of this kind."), status=422)
    if not kind.mutable:
        return no(_l("This one cannot be muted: somebody waits for you by name."), status=409)
    return YES
