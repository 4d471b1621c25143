"""Campaigns as everybody sees them: the directory, a campaign with its ideas, its whole brief, its news."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _

from ideabox import clock, markdown, nav
from ideabox.database import db
from ideabox.ideas.actions import campaigns as actions
from ideabox.ideas.models.campaign import BOX, DRAFT, MANAGER, SPONSOR, VOTE, Campaign
from ideabox.ideas.queries import ballots
from ideabox.ideas.queries import campaign_directory as directories
from ideabox.ideas.queries.campaign_brief import brief_of, in_short, news_of, reading_minutes
from ideabox.ideas.queries.campaign_ideas import page_of
from ideabox.ideas.queries.campaign_mine import mine_in
from ideabox.ideas.queries.campaigns import Seen, Step, campaign_for, phase_steps
from ideabox.ideas.rules.campaigns import leads, may_create
from ideabox.ideas.rules.phases import ends_at, names_hidden
from ideabox.ideas.views.idea_lists import VIEWS, Addresses, asked_for, cards_of
from ideabox.ideas.words import PHASES
from ideabox.viewer import Face
from ideabox.web import go, viewer

blueprint = Blueprint("campaigns", __name__, url_prefix="/campaigns")


@blueprint.get("")
def directory() -> str:
    nav.stand_at("campaigns")
    tab, filters, skip = _tab(), _filters(), request.args.get("skip", 0, int)
    if not 0 <= skip <= 10_000:
        abort(400)
    rows = directories.rows_of(viewer(), tab, filters, skip)
    shown, units = rows[: directories.PAGE], directories.asking_units(viewer())
    return render_template(
        "campaigns/directory.html",
        tab=tab,
        filters=filters,
        counts=directories.counts(viewer(), filters),
        rows=[_asked(row) for row in shown],
        records=directories.records(viewer(), shown),
        box=directories.open_box(viewer()),
        units=units,
        unit_choices=[(unit.name, _here(unit=unit.uid), unit.uid == filters.unit) for unit in units],
        phase_choices=[(str(PHASES[name]), _here(phase=name), name == filters.phase) for name in directories.PHASES],
        phase_words=PHASES,
        may_create=may_create(viewer()),
        runs=bool(viewer().seats & {SPONSOR, MANAGER}),
        next_skip=skip + directories.PAGE if len(rows) > directories.PAGE else None,
        skip=skip,
        here=_here,
    )


def _asked(row: Any) -> tuple[Any, list[Step], datetime | None, Face | None]:
    """A row of the directory with its phases, its next date and its sponsor's face."""
    sponsor = Face(row.sponsor_id, row.sponsor_name) if row.sponsor_name else None
    return row, phase_steps(row, clock.now()), ends_at(row), sponsor


def _tab() -> str:
    tab = request.args.get("tab", directories.FOR_YOU)
    if tab not in directories.TABS:
        abort(400)
    return tab


def _filters() -> directories.Filters:
    filters = directories.Filters(**{name: request.args.get(name, "")[:40] for name in ("unit", "phase", "lang")})
    if filters.phase not in ("", *directories.PHASES) or filters.lang not in ("", *directories.LANGUAGES):
        abort(400)
    return filters


def _here(**changes: Any) -> str:
    """The address of this page with some of its filters changed; an empty one goes."""
    kept = {name: request.args.get(name, "")[:40] for name in ("tab", "unit", "phase", "lang")}
    return url_for("campaigns.directory", **{name: value for name, value in (kept | changes).items() if value})


@blueprint.get("/<uid:uid>")
def show(uid: str) -> str:
    nav.stand_at("campaigns")
    seen, now = campaign_for(viewer(), uid), clock.now()
    campaign, wanted, view = seen.campaign, asked_for(), _view()
    mine = mine_in(viewer(), campaign)
    page = page_of(viewer(), campaign, wanted)
    return render_template(
        "campaigns/show.html",
        seen=seen,
        campaign=campaign,
        steps=[] if campaign.kind == BOX else phase_steps(campaign, now),
        mine=mine,
        ballot=ballots.seen(campaign, mine.answers, mine.goods, mine.bests) if campaign.phase == VOTE else None,
        wanted=wanted,
        view=view,
        order=page.order,
        cards=cards_of(page.rows, viewer(), campaign),
        addresses=Addresses("campaigns.show", {"uid": uid}, wanted, view, page.next),
        leads=leads(viewer(), seen.runs),
        is_draft=campaign.phase == DRAFT,
        sponsor=_sponsor(seen),
        lines=_lines(campaign),
        minutes=reading_minutes(campaign),
    )


def _sponsor(seen: Seen) -> Face | None:
    return Face(seen.sponsor.id, seen.sponsor.name) if seen.sponsor else None


def _lines(campaign: Campaign) -> list[tuple[str, str]]:
    """The brief in three, each cut at a few lines."""
    three = (
        (_("The problem"), campaign.problem),
        (_("What good looks like"), campaign.good_looks_like),
        (_("Out of bounds"), campaign.out_of_bounds),
    )
    return [(label, in_short(text)) for label, text in three if text]


def _view() -> str:
    view = request.args.get("view", "cards")
    if view not in VIEWS:
        abort(400)
    return view


@blueprint.get("/<uid:uid>/brief")
def brief(uid: str) -> str:
    nav.stand_at("campaigns")
    seen = campaign_for(viewer(), uid)
    return render_template(
        "campaigns/brief.html",
        seen=seen,
        campaign=seen.campaign,
        sponsor=_sponsor(seen),
        texts=_texts(seen.campaign),
        brief=brief_of(seen.campaign),
        phase_words=PHASES,
        steps=[] if seen.campaign.kind == BOX else phase_steps(seen.campaign, clock.now()),
    )


def _texts(campaign: Campaign) -> list[tuple[str, Any]]:
    """The texts of the brief that are there, in the order in which one asks."""
    texts = (
        (_("The problem"), campaign.problem),
        (_("Who suffers from it"), campaign.who_suffers),
        (_("What good looks like"), campaign.good_looks_like),
        (_("In scope"), campaign.in_scope),
        (_("Out of bounds"), campaign.out_of_bounds),
        (_("What happens afterwards"), campaign.afterwards),
        (_("Questions and answers"), campaign.questions_answered),
        (_("Thanks"), campaign.prizes),
    )
    return [(label, markdown.cached(text)) for label, text in texts if text]


@blueprint.get("/<uid:uid>/updates")
def updates(uid: str) -> str:
    nav.stand_at("campaigns")
    seen = campaign_for(viewer(), uid)
    news = news_of(seen.campaign)
    return render_template(
        "campaigns/updates.html",
        campaign=seen.campaign,
        news=news,
        people={each.uid: Face(each.author_id, each.author_name) for each in news},
        leads=leads(viewer(), seen.runs),
    )


@blueprint.get("/<uid:uid>/filter")
def choose(uid: str) -> str:
    """The filters that take a list to choose from, on a page of their own, so that the page of ideas stays light."""
    nav.stand_at("campaigns")
    seen, wanted = campaign_for(viewer(), uid), asked_for()
    return render_template(
        "campaigns/filter.html",
        campaign=seen.campaign,
        wanted=wanted,
        view=_view(),
        units=[] if names_hidden(seen.campaign) else directories.all_units(),
        tags=directories.tags_of(seen.campaign),
    )


@blueprint.post("/<uid:uid>/follow")
def follow(uid: str) -> Any:
    seen = campaign_for(viewer(), uid)
    actions.follow(viewer(), seen, request.form.get("follow") != "0")
    db.session.commit()
    return go(url_for("campaigns.show", uid=uid))
