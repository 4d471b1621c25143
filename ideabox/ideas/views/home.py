"""The home page: what needs one, then one's own, then what is open."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, render_template
from flask_babel import gettext as _

from ideabox import clock, nav
from ideabox.ideas.queries import deck
from ideabox.ideas.queries import home as queries
from ideabox.ideas.queries.campaign_steps import phase_steps
from ideabox.ideas.rules import phases
from ideabox.locale import local
from ideabox.needs import Need, needs_of
from ideabox.web import viewer

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str:
    nav.stand_at("home")
    needs, campaigns = needs_of(viewer()), queries.open_now(viewer())
    return render_template(
        "home/index.html",
        greeting=greeting(local(clock.now())),
        needs=needs,
        minutes=sum(need.minutes for need in needs),
        last=last_due(needs),
        mine=queries.my_ideas(viewer()),
        campaigns=[(each, phase_steps(each, clock.now()), phases.ends_at(each)) for each in campaigns],
        cards={found.campaign.id: found.left for found in deck.decks_for(viewer())},
        unseen=queries.worth_seeing(viewer(), campaigns),
        answers=queries.answering(viewer()),
        today=clock.now(),
    )


def greeting(moment: datetime) -> str:
    """By the clock on the reader's wall."""
    name = viewer().first_name
    if moment.hour < 12:
        return _("Good morning, %(name)s", name=name)
    if moment.hour < 18:
        return _("Good afternoon, %(name)s", name=name)
    return _("Good evening, %(name)s", name=name)


def last_due(needs: list[Need]) -> datetime | None:
    """The latest date among what waits: done by then, every promise is kept."""
    return max((need.due for need in needs if need.due), default=None)
