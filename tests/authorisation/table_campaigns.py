"""The authorisation table: what only the sponsor's team and leadership see."""

from __future__ import annotations

from typing import Any

from ideabox import ids
from tests.authorisation.cells import Row
from tests.authorisation.specs import (
    CREATORS,
    DECIDERS,
    DECIDERS_DRAFT,
    DECIDERS_MISSING,
    DECIDERS_MOMENT,
    LEADS,
    LEADS_MOMENT,
    NONE,
    TEAM,
)
from tests.authorisation.table_accounts import page
from tests.authorisation.table_ideas import keyed
from tests.authorisation.world import World

LED = {"open": LEADS, "voting": LEADS, "deciding": LEADS, "draft": LEADS, "everybody": LEADS, "missing": NONE}
REASON = "The compressor of hall two cannot stop at lunch: the dryer loses its dew point within ten minutes."
LETTER = {"outcome": "not_retained", "reason": REASON, "understood": "Stop the compressor at lunch."}


def _team(world: World, _state: str) -> dict[str, Any]:
    names = {"sponsor": "sponsor@halden.example", "managers": "manager@halden.example"}
    return {"data": {**names, "client_key": ids.new_uid()}}


def _choice(world: World, state: str) -> dict[str, Any]:
    # A place is taken off by undoing a choice that the votes made: it needs its reason.
    idea = world.facts["deciding"][0].uid
    reason = "It stands in the way of the new dryer, which is ordered."
    return {"data": {"idea": idea, "chosen": "0", "reason": reason, "client_key": ids.new_uid()}}


def _objection(world: World, state: str) -> dict[str, Any]:
    return {"data": {"idea": world.facts["deciding"][0].uid, "words": "The dryer", "client_key": ids.new_uid()}}


def _together(world: World, state: str) -> dict[str, Any]:
    uids = [idea.uid for idea in world.facts["deciding"][1:3]]
    return {"query_string": {"idea": uids}, "data": {"do": "draft", **LETTER, "client_key": ids.new_uid()}}


def _asking_together(world: World, state: str) -> dict[str, Any]:
    return {"query_string": {"idea": [idea.uid for idea in world.facts["deciding"][1:3]]}}


def _sending(world: World, _state: str) -> dict[str, Any]:
    seen = f"{world.facts['deciding'][0].uid}:0"
    return {"data": {"do": "send", **LETTER, "seen": seen, "client_key": ids.new_uid()}}


READ = {"open": DECIDERS, "voting": DECIDERS, "deciding": DECIDERS, "draft": DECIDERS_DRAFT, "missing": NONE}
ORDER = {"voting": DECIDERS_MOMENT, "deciding": DECIDERS, "missing": NONE}
EVERYBODY = "ok: sponsor manager leadership; 403: *"
EVIDENCE = {"voting": DECIDERS_MOMENT, "deciding": DECIDERS, "missing": DECIDERS_MOMENT}
BENCH = {
    "deciding": DECIDERS,
    "answered": DECIDERS,
    "open": DECIDERS,
    "of_another": DECIDERS_MISSING,
    "hidden": DECIDERS_MISSING,
    "missing": DECIDERS_MISSING,
}
WRITTEN = {"deciding": TEAM, "of_another": DECIDERS_MISSING, "hidden": DECIDERS_MISSING, "missing": DECIDERS_MISSING}
#: The sponsor signs; managers and leadership may not.
SIGNED = "ok: sponsor; 403: manager leadership employee author evaluator moderator admin; 404: *"

DECIDING = [
    page("decide.index", "ok: leadership sponsor manager other_sponsor; 403: *"),
    Row("decide.show", "GET", "campaign", READ | {"everybody": EVERYBODY}),
    Row("decide.ranking_csv", "GET", "campaign", ORDER),
    Row("decide.units_csv", "GET", "campaign", ORDER),
    Row("decide.letters", "GET", "campaign", READ),
    Row("decide.letters_csv", "GET", "campaign", READ),
    Row("decide.evidence", "GET", "bench", EVIDENCE),
    Row("decide.choose", "POST", "campaign", ORDER | {"open": DECIDERS_MOMENT}, _choice),
    Row("decide.objection", "POST", "campaign", {"deciding": DECIDERS, "open": DECIDERS_MISSING}, _objection),
    Row("decide.confirm", "POST", "campaign", {"deciding": SIGNED, "missing": NONE}),
    Row("decide.recount", "POST", "campaign", {"deciding": DECIDERS, "open": DECIDERS_MISSING, "missing": NONE}),
    Row("decide.letter", "GET", "bench", BENCH),
    Row("decide.letter", "POST", "bench", WRITTEN, keyed(do="draft", **LETTER), variant="draft"),
    Row("decide.letter", "POST", "bench", {"deciding": SIGNED, "of_another": DECIDERS_MISSING}, _sending, "send"),
    Row("decide.letter_draft", "POST", "bench", WRITTEN, keyed(**LETTER)),
    Row("decide.letter_preview", "POST", "campaign", {"deciding": DECIDERS, "missing": NONE}, _together),
    Row("decide.together", "GET", "campaign", {"deciding": DECIDERS, "missing": NONE}, _asking_together),
    Row(
        "decide.together", "POST", "campaign", {"deciding": TEAM, "open": DECIDERS_MISSING, "missing": NONE}, _together
    ),
    Row(
        "decide.follow_up",
        "POST",
        "bench",
        {"answered": TEAM, "deciding": TEAM.replace("ok", "409"), "missing": DECIDERS_MISSING},
        keyed(stage="in_progress", words="Ordered."),
    ),
]
PANEL = [
    page("panel.index"),
    page("panel.new", CREATORS),
    Row("panel.new", "POST", "", {"": CREATORS}, keyed(template="blank", lang="en")),
    Row("panel.home", "GET", "campaign", LED),
    Row("panel.edit", "GET", "campaign", LED),
    Row("panel.edit", "POST", "campaign", LED, keyed(question="Another question?")),
    Row("panel.launch", "GET", "campaign", LED),
    Row("panel.launch", "POST", "campaign", {"draft": LEADS, "open": LEADS_MOMENT, "missing": NONE}, keyed()),
    Row("panel.clone", "POST", "campaign", LED, keyed()),
    Row("panel.discard", "POST", "campaign", {"draft": LEADS, "open": LEADS_MOMENT, "missing": NONE}, keyed()),
    Row("panel.phases", "GET", "campaign", LED),
    Row(
        "panel.phases",
        "POST",
        "campaign",
        {"open": LEADS, "missing": NONE},
        keyed(to="improve", reason="Enough ideas."),
    ),
    Row("panel.team", "GET", "campaign", LED),
    Row(
        "panel.team",
        "POST",
        "campaign",
        {"open": LEADS, "closed": "422: sponsor manager admin; 404: *", "missing": NONE},
        _team,
    ),
    Row("panel.tell", "GET", "campaign", LED),
    Row("panel.tell", "POST", "campaign", {"open": LEADS, "draft": LEADS_MOMENT, "missing": NONE}, keyed(body="News.")),
]
ROWS = DECIDING + PANEL
