"""A browser in two words, so that a person knows which of theirs it is."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from ideabox.accounts.models import UserSession

#: The first that is found names it: later ones claim to be the earlier for old servers' sake.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def install(app: Flask) -> None:
    app.add_template_filter(browser_name, "browser")


def browser_name(session: UserSession) -> str:
    """For example "Firefox, Windows"."""
    found = [next((name for mark, name in marks if mark in session.browser), "") for marks in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or str(_("A browser"))
