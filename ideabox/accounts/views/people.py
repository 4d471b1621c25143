"""Pages: colleagues, by what they offer; one colleague; units as a tree."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from ideabox import nav
from ideabox.accounts import queries
from ideabox.accounts.forms import OPEN_TO_NAMES
from ideabox.accounts.views.blueprints import accounts
from ideabox.web import go, viewer

FURTHEST = 100_000


def page_number() -> int:
    """The page asked for; anything that is no page is the first."""
    given = request.args.get("page", "1")
    return min(max(int(given), 1), FURTHEST) if given.isascii() and given.isdigit() and len(given) < 9 else 1


def asked_for(*names: str) -> list[str]:
    """What the address asks for, without what no text of ours holds (a NUL would not reach PostgreSQL alive)."""
    given = (request.args.get(name, "")[: queries.LONGEST_SEARCH] for name in names)
    return ["".join(char for char in text if char.isprintable()).strip() for text in given]


@accounts.get("/people")
def people() -> str:
    """Find a colleague by name, unit or what they help with."""
    nav.stand_at("people")
    q, unit, open_to = asked_for("q", "unit", "open_to")
    branches = queries.unit_tree()
    chosen = next((branch for branch in branches if branch.uid == unit), None)
    open_to = open_to if open_to in dict(OPEN_TO_NAMES) else ""
    found = queries.directory(q, chosen.path if chosen else "", open_to, page_number())
    facts = {"q": q, "unit": chosen, "open_to": open_to, "branches": branches, "open_to_names": OPEN_TO_NAMES}
    return render_template("people/index.html", found=found, page_size=queries.PAGE, **facts)


@accounts.get("/people/<uid:uid>")
def person(uid: str) -> str:
    """What somebody says of themselves, and what other features add for this viewer."""
    nav.stand_at("people")
    shown = queries.colleague(uid)
    sections = [html for section in queries.profile_sections.values() if (html := section(viewer(), shown.id))]
    return render_template("people/show.html", person=shown, sections=sections, open_to_names=dict(OPEN_TO_NAMES))


@accounts.get("/me")
def me() -> Any:
    return go(url_for("accounts.person", uid=viewer().uid))
