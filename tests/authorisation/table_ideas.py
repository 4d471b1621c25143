"""The authorisation table: home, campaigns as everybody sees them, ideas, talk, votes, letters, moderation."""

from __future__ import annotations

from typing import Any

from ideabox import ids
from tests.authorisation.cells import Row, Sent
from tests.authorisation.specs import ALL, CAMPAIGN, IDEA, NONE, NOT_ASKED, SEES
from tests.authorisation.table_accounts import form, page
from tests.authorisation.world import MISSING, World, campaign_of

TEXT = {"title": "Shut the air off at noon", "body": "Nobody needs it then.", "privacy": "named"}


def to_campaign(**fields: Any) -> Sent:
    """The composer: its campaign stands in the query."""

    def send(world: World, state: str) -> dict[str, Any]:
        data = {**fields, "draft": ids.new_uid(), "base": "0", "client_key": ids.new_uid()} if fields else None
        uid = MISSING if state == "missing" else campaign_of(world, state).uid
        return {"query_string": {"campaign": uid}, **({"data": data} if data else {})}

    return send


def keyed(**fields: Any) -> Sent:
    """Fields with a fresh client key."""
    return lambda _world, _state: {"data": {**fields, "client_key": ids.new_uid()}}


def _preview(_world: World, _state: str) -> dict[str, Any]:
    return {"data": {"body": "Nobody needs it."}, "headers": {"HX-Request": "true"}}


def _about_comment(world: World, state: str) -> dict[str, Any]:
    comment = world.things["comment"]["everybody" if state == "everybody" else "open"]["uid"]
    return {"query_string": {"comment": comment}, "data": {"reason": "insult", "client_key": ids.new_uid()}}


#: Writing to a campaign: its audience, while it takes ideas.
WRITING = f"ok: employee author; 403: {NOT_ASKED}; 404: *"
TOO_LATE = f"409: employee author; 403: {NOT_ASKED}; 404: *"
DRAFT_PLACE = "403: sponsor manager evaluator admin; 404: *"
SENDING = {
    "open": WRITING,
    "voting": TOO_LATE,
    "closed": TOO_LATE,
    "draft": DRAFT_PLACE,
    "everybody": ALL,
    "box": ALL,
    "missing": NONE,
}
KEEPING = SENDING | {"voting": WRITING, "closed": WRITING}
FOLLOWING = {state: spec.replace("ok", "409") if state == "draft" else spec for state, spec in CAMPAIGN.items()}
#: One's own idea: nobody else changes it; those who see it are told so.
OTHERS = "employee sponsor manager evaluator leadership moderator admin"
OWN = f"ok: author; 403: {OTHERS}; 404: *"
OWN_LATE = f"409: author; 403: {OTHERS}; 404: *"
CHANGING = {
    "open": OWN,
    "voting": OWN_LATE,
    "deciding": OWN_LATE,
    "everybody": "ok: author; 403: *",
    "hidden": "ok: author; 403: moderator; 404: *",
    "withdrawn": "409: author; 404: *",
    "missing": NONE,
}
#: What moderators have hidden stays, as evidence of what they judged.
WITHDRAWING = CHANGING | {"draft": "409: author; 404: *", "hidden": "409: author; 403: moderator; 404: *"}
READING = {
    "open": f"ok: {OTHERS}; 403: author; 404: *",
    "everybody": "403: author; ok: *",
    "hidden": "403: author; ok: moderator; 404: *",
    "withdrawn": "403: author; 404: *",
    "draft": "403: author; 404: *",
    "missing": NONE,
}
VOTING = {
    "voting": f"ok: employee; 403: author {NOT_ASKED}; 404: *",
    "open": f"409: employee; 403: author {NOT_ASKED}; 404: *",
    "deciding": f"409: employee; 403: author {NOT_ASKED}; 404: *",
    "everybody": "403: author; 409: *",
    "hidden": "403: author moderator; 404: *",
    "withdrawn": "403: author; 404: *",
    "draft": "403: author; 404: *",
    "missing": NONE,
}
COMMENTING = {
    "open": SEES,
    "voting": SEES,
    "deciding": SEES,
    "everybody": ALL,
    "hidden": "409: author moderator; 404: *",
    "withdrawn": "409: author; 404: *",
    "draft": "409: author; 404: *",
    "missing": NONE,
}
COMMENT = {
    "open": SEES,
    "everybody": ALL,
    "deleted": NONE,
    "hidden": "ok: employee moderator; 404: *",
    "of_hidden": "ok: author moderator; 404: *",
    "missing": NONE,
}
SAID = f"ok: employee; 403: author {NOT_ASKED}; 404: *"
OWN_COMMENT = {
    "open": SAID,
    "everybody": "ok: employee; 403: *",
    "deleted": NONE,
    "hidden": "409: employee; 403: moderator; 404: *",
    "of_hidden": "403: author moderator; 404: *",
    "missing": NONE,
}
ANSWERED = {
    "open": "ok: employee author sponsor manager; 403: evaluator leadership moderator admin; 404: *",
    "everybody": "ok: employee author sponsor manager; 403: *",
    "deleted": NONE,
    "of_hidden": "ok: author; 403: moderator; 404: *",
    "missing": NONE,
}
MODERATORS = "ok: moderator; 404: *"
REPORT = {"open": MODERATORS, "of_moderator": MODERATORS, "missing": NONE}
RESOLVING = REPORT | {"of_moderator": "403: moderator; 404: *"}
LETTER = {"not_retained": SEES, "accepted": SEES, "missing": NONE}
ADDRESSEE = f"ok: author; 403: {OTHERS}; 404: *"
TEAM_HEARS = "ok: sponsor manager; 403: employee author evaluator leadership moderator admin; 404: *"
FILE = {
    "open": SEES,
    "everybody": ALL,
    "hidden": "ok: author moderator; 404: *",
    "draft": "ok: author; 404: *",
    "missing": NONE,
}
OWN_FILE = {
    "open": OWN,
    "everybody": "ok: author; 403: *",
    "hidden": "ok: author; 403: moderator; 404: *",
    "draft": "ok: author; 404: *",
    "missing": NONE,
}

CAMPAIGNS = [
    page("home.index"),
    page("campaigns.directory"),
    Row("campaigns.show", "GET", "campaign", CAMPAIGN),
    Row("campaigns.brief", "GET", "campaign", CAMPAIGN),
    Row("campaigns.choose", "GET", "campaign", CAMPAIGN),
    Row("campaigns.updates", "GET", "campaign", CAMPAIGN),
    Row("campaigns.follow", "POST", "campaign", FOLLOWING),
    Row("deck.show", "GET", "campaign", CAMPAIGN),
    Row("deck.ballot", "GET", "campaign", CAMPAIGN),
    Row("deck.vote", "POST", "idea", VOTING, form(choice="good")),
    Row("deck.shown", "POST", "idea", IDEA),
]
IDEAS = [
    page("ideas.index"),
    page("ideas.compose"),
    Row("ideas.compose", "GET", "", SENDING, to_campaign(), variant="?campaign"),
    Row("ideas.write", "POST", "", SENDING, to_campaign(**TEXT, do="send"), variant="send"),
    Row("ideas.write", "POST", "", KEEPING, to_campaign(**TEXT, do="save"), variant="save"),
    Row("ideas.autosave", "POST", "", KEEPING, to_campaign(**TEXT)),
    Row(
        "ideas.discard", "POST", "draft", {"own": "ok: author; 404: *", "sent": "403: author; 404: *", "missing": NONE}
    ),
    Row("ideas.near", "POST", "", {"": ALL}, form(title="Compressor"), public=True),  # a visitor gets 204, nothing
    Row("ideas.preview", "POST", "", {"": "401: visitor; ok: *"}, _preview, public=True),
    Row("ideas.show", "GET", "idea", IDEA),
    Row("ideas.versions", "GET", "idea", {state: spec for state, spec in IDEA.items() if state != "draft"}),
    Row("ideas.edit", "GET", "idea", CHANGING | {"draft": "ok: author; 404: *"}),
    Row("ideas.new_version", "POST", "idea", CHANGING, keyed(**TEXT, base="1", note="Clearer")),
    Row("ideas.withdrawal", "GET", "idea", WITHDRAWING),
    Row("ideas.withdraw", "POST", "idea", WITHDRAWING, keyed(reason="Done")),
    Row("ideas.follow", "POST", "idea", READING),
    Row("ideas.unfollow", "POST", "idea", READING),
    Row("files.show", "GET", "file", FILE),
    Row("files.remove", "POST", "file", OWN_FILE),
]
TALK = [
    Row("talk.say", "POST", "idea", COMMENTING, keyed(body="What would it cost?")),
    Row("talk.show", "GET", "comment", COMMENT),
    Row("talk.edit", "GET", "comment", OWN_COMMENT),
    Row("talk.change", "POST", "comment", OWN_COMMENT, keyed(body="What would it cost us?")),
    Row("talk.remove", "POST", "comment", OWN_COMMENT | {"hidden": "ok: employee; 403: moderator; 404: *"}),
    Row("talk.answered", "POST", "comment", ANSWERED),
]
MODERATION = [
    page("moderate.index"),
    Row("moderate.reporting", "GET", "idea", READING),
    Row("moderate.report", "POST", "idea", READING, keyed(reason="insult")),
    Row(
        "moderate.report",
        "POST",
        "idea",
        {"open": f"ok: author {NOT_ASKED}; 403: employee; 404: *", "everybody": "403: employee; ok: *"},
        _about_comment,
        variant="?comment",
    ),
    Row("moderate.show", "GET", "report", REPORT),
    Row("moderate.resolve", "POST", "report", RESOLVING, keyed(resolution="hidden", reason="It insults a colleague.")),
]
LETTERS = [
    Row("letters.show", "GET", "letter", LETTER),
    Row("letters.see", "POST", "letter", {"not_retained": ADDRESSEE, "missing": NONE}),
    Row("letters.rate", "POST", "letter", {"not_retained": ADDRESSEE, "missing": NONE}, form(clear="1")),
    Row(
        "letters.reply",
        "POST",
        "letter",
        {"not_retained": ADDRESSEE, "accepted": ADDRESSEE.replace("ok", "409"), "missing": NONE},
        keyed(words="Thank you for the reason."),
    ),
    Row("letters.hear", "POST", "letter", {"accepted": TEAM_HEARS, "missing": NONE}),
]
ROWS = CAMPAIGNS + IDEAS + TALK + MODERATION + LETTERS
