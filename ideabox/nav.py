"""The rail: five doors for everybody, and those that come with a role."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import current_app, g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ideabox.viewer import Viewer


@dataclass(frozen=True)
class Door:
    key: str
    label: str
    icon: str
    url: str
    count: int | None = None
    keyhint: str = ""


@dataclass
class Nav:
    current: str = ""
    doors: list[Door] = field(default_factory=list)
    roles: list[Door] = field(default_factory=list)


_DOORS = (
    ("home", _l("Home"), "house", "home.index", "g h"),
    ("campaigns", _l("Campaigns"), "signpost", "campaigns.directory", "g c"),
    ("ideas", _l("Ideas"), "lightbulb", "ideas.index", "g i"),
    ("people", _l("People"), "users-round", "accounts.people", "g p"),
)


def stand_at(key: str) -> None:
    """Say which door the page being made belongs to."""
    g.door = key


def for_viewer(viewer: Viewer | None) -> Nav:
    """The doors of whoever looks; none for a visitor."""
    if viewer is None:
        return Nav()
    doors = [
        Door(key, str(label), icon, url_for(endpoint), keyhint=hint)
        for key, label, icon, endpoint, hint in _DOORS
        if endpoint in current_app.view_functions
    ]
    return Nav(current=g.get("door", ""), doors=doors, roles=_role_doors(viewer))


def _role_doors(viewer: Viewer) -> list[Door]:
    runs = bool(viewer.seats & {"sponsor", "manager"})
    wanted = (
        ("decide", _("Decide"), "list-checks", "decide.index", runs or viewer.is_leadership),
        ("moderate", _("Moderate"), "shield", "moderate.index", viewer.is_moderator),
        ("admin", _("Admin"), "settings-2", "admin.index", viewer.is_admin),
    )
    return [
        Door(key, label, icon, url_for(endpoint))
        for key, label, icon, endpoint, shown in wanted
        if shown and endpoint in current_app.view_functions
    ]
