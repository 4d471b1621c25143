"""What waits for a person, and what one may do or go to: small records that every feature can offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from ideabox.viewer import Viewer


@dataclass(frozen=True)
class Need:
    """One line under "Needs you". `minutes` is what it will cost, `due` when it is late, `order` who comes first."""

    key: str
    title: str
    why: str
    action: str
    url: str
    icon: str
    minutes: int
    due: datetime | None = None
    late: bool = False
    people_voice: bool = True


@dataclass(frozen=True)
class Entry:
    """One line of the command menu. `voice` is 'serif' when a person wrote the label."""

    group: str
    label: str
    icon: str
    url: str
    key: str = ""
    voice: str = ""


def needs_of(viewer: Viewer) -> list[Need]:
    """All that waits for this person, late and soonest first."""
    found = [need for ask in current_app.extensions["ideabox"]["needs"] for need in ask(viewer)]
    return sorted(found, key=_urgency)


def _urgency(need: Need) -> tuple[bool, float, str]:
    return not need.late, need.due.timestamp() if need.due else float("inf"), need.key


def entries_for(viewer: Viewer) -> list[Entry]:
    """All entries of this person's command menu, feature by feature."""
    return [entry for ask in current_app.extensions["ideabox"]["commands_menu"] for entry in ask(viewer)]
