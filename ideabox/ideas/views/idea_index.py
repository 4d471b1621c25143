"""All ideas one may read, as cards or a list, with filters in the address."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request

from ideabox import nav
from ideabox.ideas.queries import idea_index as queries
from ideabox.ideas.views.idea_lists import UID, VIEWS, Addresses, asked_for, mixed_cards_of
from ideabox.ideas.views.ideas import blueprint
from ideabox.web import viewer


@blueprint.get("")
def index() -> str:
    nav.stand_at("ideas")
    wanted, fixed, view = asked_for(), _fixed(), request.args.get("view", "cards")
    if view not in VIEWS or wanted.tag or wanted.unit:
        abort(400)
    after = wanted.after[0] if wanted.after else None
    asked = queries.Asked(wanted.show, wanted.words, fixed["campaign"], fixed["answer"], after, wanted.many)
    rows = queries.ideas_asked_for(viewer(), asked)
    shown: Any = rows[: wanted.many]
    following = (shown[-1].id, 0) if len(rows) > wanted.many else None
    addresses = Addresses("ideas.index", fixed, wanted, view, following)
    return render_template(
        "campaigns/ideas.html",
        cards=mixed_cards_of(shown, viewer()),
        wanted=wanted,
        view=view,
        fixed=fixed,
        addresses=addresses,
        campaigns=queries.campaigns_to_choose(viewer()),
        answers=queries.ANSWERS,
    )


def _fixed() -> dict[str, str]:
    """The filters that only this list has; 400 for what does not exist."""
    fixed = {name: request.args.get(name, "") for name in ("campaign", "answer")}
    if (fixed["campaign"] and not UID.match(fixed["campaign"])) or fixed["answer"] not in ("", *queries.ANSWERS):
        abort(400)
    return fixed
