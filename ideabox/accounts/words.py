"""Sentences about what was changed, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from ideabox.accounts.forms import ROLE_NAMES


def change_sentence(change: Any) -> str:
    """What an event of `overview.latest_changes` says: a row with name, data, person, unit."""
    data: dict[str, Any] = change.data or {}
    who, unit = change.person or _("somebody"), change.unit or data.get("called") or _("a unit")
    sentences = {
        "organisation.founded": _("set Ideabox up"),
        "organisation.changed": _("changed the organisation"),
        "person.added": _("added %(who)s", who=who),
        "person.invited": _("invited %(who)s", who=who),
        "person.changed": _("changed the account of %(who)s", who=who),
        "person.deactivated": _("deactivated %(who)s", who=who),
        "person.reactivated": _("reactivated %(who)s", who=who),
        "unit.added": _("added the unit %(unit)s", unit=unit),
        "unit.renamed": _("renamed a unit to %(unit)s", unit=unit),
        "unit.moved": _("moved the unit %(unit)s", unit=unit),
    }
    if change.name == "person.roles_changed":
        return _roles_sentence(data, who)
    if change.name == "people.imported":
        return str(ngettext("imported %(num)d person", "imported %(num)d people", int(data.get("people", 0))))
    return str(sentences.get(change.name, change.name))


def _roles_sentence(data: dict[str, Any], who: str) -> str:
    given, taken = _roles(data.get("given", ())), _roles(data.get("taken", ()))
    if given and taken:
        return str(_("gave %(who)s the role %(given)s and took %(taken)s", who=who, given=given, taken=taken))
    if taken:
        return str(_("took the role %(taken)s from %(who)s", who=who, taken=taken))
    return str(_("gave %(who)s the role %(given)s", who=who, given=given))


def _roles(words: Any) -> str:
    names = dict(ROLE_NAMES)
    return ", ".join(str(names[word]) for word in words if word in names)
