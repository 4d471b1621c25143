"""Votes over HTTP: the deck, the ballot, the answer itself, and the note that a card was seen."""

from __future__ import annotations

import json
import math
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ideabox.database import db
from ideabox.ideas.actions import shows
from ideabox.ideas.actions.vote import cast, take_back
from ideabox.ideas.queries import ballots
from ideabox.ideas.queries import deck as queries
from ideabox.ideas.queries.ballots import BallotSeen, VoteSeen
from ideabox.ideas.queries.campaigns import campaign_for
from ideabox.ideas.queries.votes import votable
from ideabox.ideas.rules.shows import DECK, PAGE
from ideabox.ideas.rules.vote import CHOICES, WORDS, Votable
from ideabox.ideas.words import cost
from ideabox.needs import Entry, Need
from ideabox.retry import again
from ideabox.verdict import YES, Refused
from ideabox.viewer import Viewer
from ideabox.web import go, viewer, wants_fragment

blueprint = Blueprint("deck", __name__)
SECONDS_A_CARD = 15
NONE = "none"
FROM_DECK, FROM_BALLOT = "deck", "ballot"


@blueprint.get("/campaigns/<uid:uid>/deck")
def show(uid: str) -> Any:
    deck = queries.deck_of(viewer(), uid)
    open_to_me = deck.ballot.is_open and deck.asked
    card = queries.next_card(viewer(), deck.campaign, request.args.get("card", "")) if open_to_me else None
    page = render_template(
        "deck/show.html",
        deck=deck,
        campaign=deck.campaign,
        ballot=deck.ballot,
        card=card,
        back=FROM_BALLOT if request.args.get("back") == FROM_BALLOT else FROM_DECK,
        words=WORDS,
        place_label=_("Card %(place)s of about %(cards)s", place=deck.place, cards=deck.sitting),
        cost=cost(card.idea.cost_low, card.idea.cost_high, deck.campaign.currency) if card else "",
    )
    answer = make_response(page)
    if wants_fragment():
        answer.headers["HX-Replace-Url"] = request.full_path.rstrip("?")
    return answer


@blueprint.get("/campaigns/<uid:uid>/ballot")
def ballot(uid: str) -> str:
    campaign = campaign_for(viewer(), uid).campaign
    mine = ballots.ballot_of(viewer(), campaign)
    answers = ballots.answers_of(viewer(), campaign)
    groups = [(word, [row for row in answers if row.value == value]) for word, value in reversed(CHOICES.items())]
    met = ballots.result_met(viewer(), campaign) if mine.counts and not mine.is_open else None
    return render_template("deck/ballot.html", campaign=campaign, ballot=mine, groups=groups, met=met)


@blueprint.post("/ideas/<uid:uid>/vote")
def vote(uid: str) -> Any:
    try:
        idea, value, after = again(lambda: _answer(uid, request.form.get("choice", "")))
    except Refused as refusal:
        return _refused(uid, refusal)
    return _done(idea, value, after)


def _answer(uid: str, choice: str) -> tuple[Votable, int | None, BallotSeen]:
    idea = votable(viewer(), uid)
    if choice == NONE:
        after, value = take_back(viewer(), idea), None
    elif choice in CHOICES:
        value = CHOICES[choice]
        after = cast(viewer(), idea, value, surface=_surface(), slot=_slot(request.form.get("slot")))
    else:
        raise Refused(_("Choose one of the four answers."), status=422)
    db.session.commit()
    return idea, value, after


def _surface() -> str:
    return DECK if request.form.get("back") in (FROM_DECK, FROM_BALLOT) else PAGE


def _slot(sent: str | None) -> int | None:
    return min(int(sent), 10_000) if sent and sent.isascii() and sent.isdigit() and len(sent) < 10 else None


def _done(idea: Votable, value: int | None, after: BallotSeen) -> Any:
    back = request.form.get("back")
    if back == FROM_DECK:
        taken_back = idea.uid if value is None else None
        return go(url_for("deck.show", uid=idea.campaign_uid, card=taken_back))
    if back == FROM_BALLOT:
        return go(url_for("deck.ballot", uid=idea.campaign_uid))
    if wants_fragment():
        seen = VoteSeen(idea.uid, idea.campaign_uid, WORDS.get(value, "") if value is not None else "", after, YES)
        return render_template("deck/_vote_fragment.html", vote=seen, said=True)
    return go(url_for("ideas.show", uid=idea.uid) + "#vote")


def _refused(uid: str, refusal: Refused) -> Any:
    """Nothing was changed: say why and how to mend it, where the person is."""
    db.session.rollback()
    if wants_fragment():
        told = json.dumps({"toast": {"text": refusal.reason, "kind": "error"}})
        return "", refusal.status, {"HX-Trigger": told}
    idea = votable(viewer(), uid)
    return render_template("deck/refused.html", reason=refusal.reason, idea=idea), refusal.status


@blueprint.post("/ideas/<uid:uid>/shown")
def shown(uid: str) -> Any:
    """The page says that the idea is before somebody's eyes. Answers 204 whether or not it counts."""
    surface = DECK if request.args.get("surface") == DECK else PAGE
    slot = _slot(request.args.get("slot")) or 0

    def note() -> None:
        shows.shown(viewer(), votable(viewer(), uid), surface, slot)
        db.session.commit()

    try:
        again(note)
    except Refused:
        db.session.rollback()
    return "", 204


def needs(who: Viewer) -> list[Need]:
    """Campaigns that wait for this person's votes, with what a sitting costs."""
    return [_need(deck) for deck in queries.decks_for(who) if deck.left]


def _need(deck: queries.Deck) -> Need:
    cards = min(deck.left, queries.SITTING)
    return Need(
        key=f"vote-{deck.campaign.uid}",
        title=deck.campaign.question,
        why=ngettext("%(num)d card left", "%(num)d cards left", deck.left),
        action=_("Vote"),
        url=url_for("deck.show", uid=deck.campaign.uid),
        icon="gallery-vertical-end",
        minutes=max(1, math.ceil(cards * SECONDS_A_CARD / 60)),
        due=deck.ballot.until,
    )


def entries(who: Viewer) -> list[Entry]:
    """Command menu: the deck of each campaign that asks for votes; `v` opens the first."""
    found = []
    for place, deck in enumerate(queries.decks_for(who)):
        label = _("Vote on %(question)s, %(left)s left", question=deck.campaign.question, left=deck.left)
        address = url_for("deck.show", uid=deck.campaign.uid)
        found.append(Entry(_("Do"), label, "gallery-vertical-end", address, key="" if place else "v"))
    return found
