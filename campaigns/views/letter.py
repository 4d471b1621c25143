"""Letters: the list, one letter with its preview, one letter to several ideas, and how an accepted idea goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns.actions import letter as actions
from campaigns.forms.letter import FollowUpForm, LetterForm, filled
from campaigns.forms.shortlist import PlainForm
from campaigns.queries import letters as queries
from campaigns.queries import standing as standings
from campaigns.queries.letters import Addressee
from campaigns.rules.letter import may_draft, may_send
from campaigns.views.decide import blueprint, number_asked, seen_for_deciding
from ideabox import clock, events
from ideabox.database import db
from ideabox.ideas.queries.answers import place_of
from ideabox.ideas.queries.campaigns import Seen
from ideabox.ideas.rules.answer import FOLLOWING, MOST_TWINS, UNSETTLED, may_see_order
from ideabox.verdict import Missing, Refused
from ideabox.web import done, go, viewer

#: How many a letter may speak of: of fewer one could tell who they were.
FEWEST_TOLD = 5


@dataclass
class Bench:
    """One letter being written: to whom, in which form, with what beside it."""

    seen: Seen
    to: list[Addressee]
    form: LetterForm

    @property
    def one(self) -> Addressee:
        return self.to[0]


@blueprint.get("/<uid:uid>/letters")
def letters(uid: str) -> str:
    seen = seen_for_deciding(uid)
    shown = request.args.get("show", "")
    page = number_asked("page")
    found = queries.lines(viewer(), seen.campaign, shown, page)
    return render_template(
        "decide/letters.html",
        seen=seen,
        campaign=seen.campaign,
        lines=found[: queries.PAGE],
        more=len(found) > queries.PAGE,
        page=page,
        shown=shown,
        tally=queries.tally(seen.campaign.id),
        may_draft=may_draft(seen.runs),
        now=clock.now(),
        following=FOLLOWING,
        most=MOST_TWINS,
        plain=PlainForm(formdata=None),
        follow_up=FollowUpForm(formdata=None),
    )


@blueprint.route("/<uid:uid>/letters/<uid:idea>", methods=["GET", "POST"])
def letter(uid: str, idea: str) -> Any:
    seen = seen_for_deciding(uid)
    to = queries.addressees(viewer(), seen.campaign, [idea])
    return _answered(seen, to[0]) if request.method == "GET" and not _waits(to) else _bench(seen, to)


@blueprint.route("/<uid:uid>/letters/together", methods=["GET", "POST"])
def together(uid: str) -> Any:
    """One letter to several ideas that ask the same."""
    seen = seen_for_deciding(uid)
    uids = request.args.getlist("idea")[: MOST_TWINS + 1]
    if not uids:
        flash(_("Choose the ideas that ask the same first."), "error")
        return go(url_for("decide.letters", uid=uid))
    to = queries.addressees(viewer(), seen.campaign, uids)
    if len(to) == 1:
        return go(url_for("decide.letter", uid=uid, idea=uids[0]))
    return _bench(seen, to)


def _waits(to: Sequence[Addressee]) -> bool:
    return all(one.idea.outcome in UNSETTLED for one in to)


def _bench(seen: Seen, to: list[Addressee]) -> Any:
    """Show the form, or do what its button says: preview, suggest, draft, send."""
    if request.method == "GET":
        kept = queries.draft_of(to[0].idea.id) if len(to) == 1 else None
        noted = ",".join(f"{one.idea.uid}:{one.letters}" for one in to)
        form = LetterForm(formdata=None, **filled(kept), seen=noted)
        return _page(Bench(seen, to, form), saved=kept.saved_at if kept else None)
    may_draft(seen.runs).enforce()
    bench = Bench(seen, to, LetterForm())
    deeds = {"send": _send, "draft": _keep, "suggest": _suggest}
    return deeds.get(request.form.get("do", ""), _look)(bench)


def _look(bench: Bench) -> Any:
    return _page(bench)


def _suggest(bench: Bench) -> Any:
    """Put what the votes say under 2, after what stands there."""
    said = (bench.form.spoke_for.data or "").strip()
    bench.form.spoke_for.data = f"{said}\n{suggestion(bench)}".strip()
    return _page(bench)


def _keep(bench: Bench) -> Any:
    if not bench.form.storable():
        return _page(bench), 422
    for one in bench.to:
        actions.draft(viewer(), bench.seen, one.idea, bench.form.answer())
    db.session.commit()
    return done(_("Kept as a draft."), url_for("decide.letters", uid=bench.seen.campaign.uid))


def _send(bench: Bench) -> Any:
    form, key = bench.form, bench.form.client_key.data
    if events.already(viewer().id, key):
        return _sent(bench)
    if not form.validate():
        return _page(bench), 422
    try:
        actions.send(
            viewer(),
            bench.seen,
            bench.to,
            form.answer(),
            numbers=form.numbers(),
            tell_voters=form.tell_voters.data,
            client_key=key,
        )
    except Refused as refusal:
        return _refused(bench, refusal)
    events.commit_once(viewer().id, key)
    return _sent(bench)


def _refused(bench: Bench, refusal: Refused) -> Any:
    """Nothing was sent and nothing is lost: the words stay in the form, and as a draft."""
    if refusal.status == 403 and not bench.seen.runs:
        raise refusal
    db.session.rollback()
    bench.form.refuse("reason" if refusal.status == 422 else "outcome", refusal.reason)
    if refusal.status != 422:
        for one in bench.to:
            actions.draft(viewer(), bench.seen, one.idea, bench.form.answer())
        db.session.commit()
    return _page(bench), refusal.status


def _sent(bench: Bench) -> Any:
    uid, count = bench.seen.campaign.uid, len(bench.to)
    flash(ngettext("The letter is sent.", "The letter is sent for %(num)d ideas.", count), "done")
    return go(url_for("decide.letters", uid=uid))


def _page(bench: Bench, *, saved: Any = None) -> str:
    seen, one = bench.seen, bench.one
    return render_template(
        "decide/letter.html",
        seen=seen,
        campaign=seen.campaign,
        to=bench.to,
        one=one,
        form=bench.form,
        saved=saved,
        may_draft=may_draft(seen.runs),
        may_send=may_send(seen.seats, seen.campaign.kind, seen.campaign.phase),
        suggestion=suggestion(bench),
        criteria=queries.criteria_of(seen.campaign.id),
        waiting=seen.campaign.idea_count - seen.campaign.answered_count,
        today=clock.now(),
        **_preview(bench),
    )


def _preview(bench: Bench) -> dict[str, Any]:
    """What the sheet shows. `told`: how many were for it; None as long as nobody may know."""
    counts = [one.agrees for one in bench.to if one.agrees is not None]
    return {
        "answer": bench.form.answer(),
        "place": place_of(bench.one.idea.id) if _placed(bench) else None,
        "told": sum(counts) if len(counts) == len(bench.to) else None,
    }


def _placed(bench: Bench) -> bool:
    """Whether the votes' order may stand in the letter: of one idea, and not while votes are cast."""
    return len(bench.to) == 1 and bool(may_see_order(bench.seen.campaign.phase))


@blueprint.post("/<uid:uid>/letters/preview")
def letter_preview(uid: str) -> str:
    """The letter as its author will see it, while it is typed."""
    seen = seen_for_deciding(uid)
    to = queries.addressees(viewer(), seen.campaign, request.args.getlist("idea")[:MOST_TWINS])
    bench = Bench(seen, to, LetterForm())
    return render_template(
        "decide/_preview.html",
        seen=seen,
        campaign=seen.campaign,
        to=to,
        one=bench.one,
        today=clock.now(),
        **_preview(bench),
    )


@blueprint.post("/<uid:uid>/letters/<uid:idea>/draft")
def letter_draft(uid: str, idea: str) -> Any:
    """Keep what is typed, as it is typed."""
    seen = seen_for_deciding(uid)
    one = queries.addressees(viewer(), seen.campaign, [idea])[0]
    form = LetterForm()
    if not form.storable():
        return jsonify(saved=False), 422
    actions.draft(viewer(), seen, one.idea, form.answer())
    db.session.commit()
    return jsonify(saved=clock.now().isoformat())


def suggestion(bench: Bench) -> str:
    """What the votes say for the idea, in sentences; empty when they say nothing for it, nothing yet, or of several."""
    if not _placed(bench):
        return ""
    standing, _confirmed = standings.standing_with_shortlist(bench.seen.campaign.id)
    row = standings.with_units(standing.id, bench.one.idea.uid) if standing else None
    if row is None or row.rank is None:
        return ""
    said, agrees = [], bench.one.agrees or 0
    if agrees >= FEWEST_TOLD:
        said.append(ngettext("%(num)d person was for it.", "%(num)d people were for it.", agrees))
    if row.units_for:
        said.append(
            _("%(n)s of the %(all)s units large enough to count were for it.", n=row.units_for, all=row.units_heard)
        )
    if standing is None or row.rank_low is None or row.rank_low > standing.places:
        return " ".join(said)
    if row.rank_low == row.rank_high:
        said.append(_("It came at rank %(rank)s.", rank=row.rank))
    else:
        said.append(_("It came somewhere from rank %(low)s to %(high)s.", low=row.rank_low, high=row.rank_high))
    return " ".join(said)


def _answered(seen: Seen, one: Addressee) -> Any:
    """An idea that has its answer: the letter that was sent."""
    found = queries.last_letter(one.idea.id)
    if found is None:
        raise Missing
    return go(url_for("letters.show", uid=found[0].uid))


@blueprint.post("/<uid:uid>/letters/<uid:idea>/follow-up")
def follow_up(uid: str, idea: str) -> Any:
    seen, form = seen_for_deciding(uid), FollowUpForm()
    back = url_for("decide.letters", uid=uid, show="accepted")
    one = queries.addressees(viewer(), seen.campaign, [idea])[0]
    key = form.client_key.data
    if events.already(viewer().id, key):
        return go(back)
    if not form.validate():
        fault = next(iter(form.errors.values()))[0]
        flash(str(fault), "error")
        return go(back)
    actions.follow_up(viewer(), seen, one.idea, form.stage.data, form.words.data, client_key=key)
    events.commit_once(viewer().id, key)
    return done(_("Noted. The author and those who were for it are told."), back)
