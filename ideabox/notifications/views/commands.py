"""Find or do: the command menu's entries, and the page that stands for it without scripts; help."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from ideabox import nav
from ideabox.needs import Entry, entries_for
from ideabox.web import viewer

blueprint = Blueprint("commands", __name__)
MOST = 200


@blueprint.get("/commands.json")
def menu() -> Response:
    """All that this person can do or go to: [{group, label, icon, url, key, voice}]."""
    return jsonify([asdict(entry) for entry in _entries()])


@blueprint.get("/search")
def search() -> str:
    """The same entries as a page, narrowed by words."""
    words = request.args.get("q", "").strip()[:100]
    folded = words.casefold().split()
    found = [entry for entry in _entries() if all(word in entry.label.casefold() for word in folded)]
    return render_template("inbox/search.html", words=words, entries=found)


@blueprint.get("/help")
def help_page() -> str:
    nav.stand_at("help")
    return render_template("inbox/help.html")


def _entries() -> list[Entry]:
    doors = nav.for_viewer(viewer())
    go = _("Go")
    places = [Entry(go, door.label, door.icon, door.url, door.keyhint) for door in (*doors.doors, *doors.roles)]
    places.append(Entry(go, _("Notices"), "inbox", url_for("inbox.index")))
    return (entries_for(viewer()) + places)[:MOST]
