"""Who may what, said once for many rows."""

from __future__ import annotations

ALL = "ok: *"
NONE = "404: *"
SEERS = "employee author sponsor manager evaluator leadership moderator admin"
#: A campaign that asks one unit, once launched: that unit, the seats, and the roles that read everything.
SEES = f"ok: {SEERS}; 404: *"
#: Before it is launched: its seats and admins.
SEES_DRAFT = "ok: sponsor manager evaluator admin; 404: *"
CAMPAIGN = {
    "open": SEES,
    "voting": SEES,
    "deciding": SEES,
    "closed": SEES,
    "draft": SEES_DRAFT,
    "everybody": ALL,
    "missing": NONE,
}
IDEA = {
    "open": SEES,
    "voting": SEES,
    "deciding": SEES,
    "everybody": ALL,
    "hidden": "ok: author moderator; 404: *",
    "withdrawn": "ok: author; 404: *",
    "draft": "ok: author; 404: *",
    "missing": NONE,
}
#: The panel: who leads the campaign. For everybody else it does not exist.
LEADS = "ok: sponsor manager admin; 404: *"
LEADS_MOMENT = "409: sponsor manager admin; 404: *"
#: Ranking and letters being written: the team and leadership; who sees the campaign is told that it is not theirs.
DECIDERS = "ok: sponsor manager leadership; 403: employee author evaluator moderator admin; 404: *"
DECIDERS_MOMENT = DECIDERS.replace("ok", "409")
DECIDERS_MISSING = "404: sponsor manager leadership outsider other_sponsor talent; 403: *"
DECIDERS_DRAFT = "ok: sponsor manager; 403: evaluator admin; 404: *"
TEAM = "ok: sponsor manager; 403: leadership employee author evaluator moderator admin; 404: *"
NOT_ASKED = "sponsor manager evaluator leadership moderator admin"
ADMINS = "ok: admin; 403: *"
ADMINS_MISSING = "404: admin; 403: *"
ADMINS_MOMENT = "409: admin; 403: *"
CREATORS = "ok: admin leadership sponsor manager other_sponsor; 403: *"
