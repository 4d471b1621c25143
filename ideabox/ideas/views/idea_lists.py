"""Lists of ideas as cards, rows or a table: what the address asks for, and what each card shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from ideabox.forms import fault_in, tidy
from ideabox.ideas.models.idea import DRAFT
from ideabox.ideas.models.vote import BEST, GOOD, NOT_FOR_US, UNSURE
from ideabox.ideas.queries.campaign_ideas import SHOWS, Wanted
from ideabox.ideas.rules.names import author_shown
from ideabox.ideas.words import cost
from ideabox.viewer import Viewer

#: How many ideas a page holds in each view.
VIEWS = {"cards": 12, "list": 24, "table": 48}
_STATES = {BEST: "best", GOOD: "good", UNSURE: "unsure", NOT_FOR_US: "no"}
_PLACE = re.compile(r"^(-?\d{1,12})\.(\d{1,12})$")
UID = re.compile(r"^[2-9a-z]{14}$")


@dataclass(frozen=True, slots=True)
class Card:
    """One idea of a list, ready to be shown."""

    url: str
    title: str
    excerpt: str
    state: str
    cost: str
    place: str
    builds: int
    who: str
    outcome: str | None
    is_draft: bool = False
    question: str = ""


def asked_for() -> Wanted:
    """What the address asks for; 400 when it asks for what there is not."""
    show, unit = request.args.get("show", ""), request.args.get("unit", "")
    words, tag = (tidy(request.args.get(name, ""))[:80] for name in ("q", "tag"))
    if show not in SHOWS or (unit and not UID.match(unit)) or fault_in(words) or fault_in(tag):
        abort(400)
    return Wanted(show, words, tag, unit, _after(), VIEWS.get(request.args.get("view", "cards"), 12))


def _after() -> tuple[int, int] | None:
    given = request.args.get("after")
    if not given:
        return None
    found = _PLACE.match(given)
    if not found:
        abort(400)
    return int(found[1]), int(found[2])


@dataclass(frozen=True)
class Addresses:
    """Addresses of this same list: another view of it, another filter, the next page. `fixed`: what stays in all."""

    endpoint: str
    fixed: Mapping[str, str]
    wanted: Wanted
    view: str
    next: tuple[int, int] | None

    def _build(self, endpoint: str = "", **changes: Any) -> str:
        wanted = self.wanted
        kept = {"view": self.view, "show": wanted.show, "q": wanted.words, "tag": wanted.tag, "unit": wanted.unit}
        asked = {name: value for name, value in (kept | dict(self.fixed) | changes).items() if value}
        if asked.get("view") == "cards":
            del asked["view"]
        return url_for(endpoint or self.endpoint, **asked)

    def seen_as(self, view: str) -> str:
        return self._build(view=view) + "#ideas"

    def toggled(self, show: str) -> str:
        return self._build(show="" if self.wanted.show == show else show) + "#ideas"

    def where(self, **changes: str) -> str:
        return self._build(**changes) + "#ideas"

    def without(self, *names: str) -> str:
        return self.where(**dict.fromkeys(names, ""))

    @property
    def filters(self) -> str:
        """Where the filters are that take a list to choose from."""
        return self._build("campaigns.choose")

    @property
    def next_page(self) -> str | None:
        return self.where(after=f"{self.next[0]}.{self.next[1]}") if self.next else None

    @property
    def first_page(self) -> str | None:
        return self.where() if self.wanted.after else None


def cards_of(rows: Sequence[Any], viewer: Viewer, campaign: Any) -> list[Card]:
    """Rows of `campaign_ideas.page_of` as cards."""
    # One address built by the router, the others by putting each uid in its place: a page has up to 48 of them.
    stand_in = "2" * 14
    before, after = url_for("ideas.show", uid=stand_in).split(stand_in)
    return [_card(row, f"{before}{row.uid}{after}", viewer, campaign.phase, campaign.currency) for row in rows]


def mixed_cards_of(rows: Sequence[Any], viewer: Viewer) -> list[Card]:
    """Rows of `idea_index.ideas_asked_for` as cards, each with the question it answers. A draft leads to its form."""
    return [replace(_card(row, _address(row), viewer, row.phase, row.currency), question=row.question) for row in rows]


def _address(row: Any) -> str:
    if row.stage == DRAFT:
        return url_for("ideas.compose", campaign=row.campaign_uid)
    return url_for("ideas.show", uid=row.uid)


def _card(row: Any, url: str, viewer: Viewer, phase: str, currency: str) -> Card:
    return Card(
        url=url,
        title=row.title or _("Without a title yet"),
        excerpt=row.excerpt,
        state=_state(row, viewer.id),
        cost=cost(row.cost_low, row.cost_high, currency),
        place=row.unit_name or "",
        builds=row.builds or 0,
        who=_who(row, viewer.id, phase),
        outcome=row.outcome,
        is_draft=row.stage == DRAFT,
    )


def _state(row: Any, viewer_id: int) -> str:
    if row.author_id == viewer_id:
        return "yours"
    if row.vote is not None:
        return _STATES[row.vote]
    return "read" if row.read else "unread"


def _who(row: Any, viewer_id: int, phase: str) -> str:
    shown = author_shown(viewer_id, row.author_id, row.privacy, phase)
    if shown == "you":
        return _("by you")
    if shown == "named":
        return _("by %(name)s", name=row.author_name)
    return _("author sealed") if shown == "sealed" else _("name hidden while people vote")
