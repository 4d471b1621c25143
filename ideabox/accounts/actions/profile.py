"""Do it: what a person says of themselves, and how Ideabox looks to them."""

from __future__ import annotations

from typing import Any

from ideabox import events
from ideabox.accounts.models import Person
from ideabox.accounts.rules.access import may_edit_profile
from ideabox.accounts.rules.names import may_be_name
from ideabox.database import db
from ideabox.viewer import Viewer


def change_identity(viewer: Viewer, *, client_key: str | None = None, **facts: str) -> None:
    """Set name, help_with, languages, open_to (roles joined by commas)."""
    may_edit_profile(viewer, viewer.id).enforce()
    may_be_name(facts["name"]).enforce()
    _change(viewer, client_key, facts)


def change_look(viewer: Viewer, *, client_key: str | None = None, **facts: Any) -> None:
    """Set theme, density, lang, timezone, keys_on."""
    may_edit_profile(viewer, viewer.id).enforce()
    _change(viewer, client_key, facts)


def _change(viewer: Viewer, client_key: str | None, facts: dict[str, Any]) -> None:
    person = db.session.get_one(Person, viewer.id)
    changed = sorted(name for name, value in facts.items() if getattr(person, name) != value)
    for name in changed:
        setattr(person, name, facts[name])
    # Which fields, not what they said: the line stays when the person is erased.
    events.record("person.updated", actor_id=viewer.id, subject=viewer.uid, client_key=client_key, fields=changed)
