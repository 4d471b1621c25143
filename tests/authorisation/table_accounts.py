"""The authorisation table: sign-in, people, settings, administration, notices, health."""

from __future__ import annotations

import io
from typing import Any

from tests.authorisation.cells import Row, Sent
from tests.authorisation.specs import ADMINS, ADMINS_MISSING, ADMINS_MOMENT, ALL, NONE
from tests.authorisation.world import PASSWORD, World

NEW_PASSWORD = "a much quieter autoclave"


def form(**fields: Any) -> Sent:
    """Send these fields, whatever the state."""
    return lambda _world, _state: {"data": dict(fields)}


def _csv(_world: World, _state: str) -> dict[str, Any]:
    text = b"email,name\nnew.colleague@halden.example,New Colleague\n"
    return {"data": {"file": (io.BytesIO(text), "people.csv"), "do": "y"}, "content_type": "multipart/form-data"}


def _person(world: World, state: str) -> dict[str, Any]:
    # The admin keeps the role: taking it away would be refused for another reason.
    return {"data": {"name": "Another Name", "roles": ["admin"] if state == "self" else []}}


def page(endpoint: str, spec: str = ALL, *, public: bool = False) -> Row:
    """A page without an object in its address."""
    return Row(endpoint, "GET", "", {"": spec}, public=public)


LOOK = {"theme": "dark", "density": "compact", "lang": "fr", "timezone": "Europe/Paris", "keys_on": "y"}
PASSWORDS = form(current=PASSWORD, password=NEW_PASSWORD)
SIGN_IN = form(email="employee@halden.example", password=PASSWORD)
LINK = {"works": ALL, "gone": "410: *"}
NAMED = {"colleague": ALL, "left": ALL, "missing": NONE}
ORGANISATION = form(name="Halden", lang="en", timezone="Europe/Paris", leading_key="culture", answer_hours="48")
WELCOME = form(organisation="New", name="New", email="new@halden.example", password=NEW_PASSWORD, lang="en")

VISITORS = [
    page("accounts.sign_in", public=True),
    Row("accounts.sign_in", "POST", "", {"": ALL}, SIGN_IN, public=True),
    Row("accounts.sign_in_as", "POST", "", {"": NONE}, form(email="employee@halden.example"), public=True),
    page("accounts.forgot", public=True),
    Row("accounts.forgot", "POST", "", {"": ALL}, form(email="employee@halden.example"), public=True),
    Row("accounts.invitation", "GET", "invitation", LINK, public=True),
    Row("accounts.invitation", "POST", "invitation", LINK, form(name="Ada", password=NEW_PASSWORD), public=True),
    Row("accounts.reset", "GET", "reset", LINK, public=True),
    Row("accounts.reset", "POST", "reset", LINK, form(password=NEW_PASSWORD), public=True),
    Row("accounts.language", "POST", "", {"": ALL}, form(lang="fr"), public=True),
    page("accounts.welcome", NONE, public=True),
    Row("accounts.welcome", "POST", "", {"": NONE}, WELCOME, public=True),
    page("health.healthz", public=True),
    page("health.metrics", public=True),
    page("mailbox.index", NONE, public=True),
    Row("mailbox.show", "GET", "mail", {"there": NONE}, public=True),
    page("assets.bundle", public=True),
    page("assets.favicon", public=True),
    Row("static", "GET", "static", {"there": ALL}, public=True),
]
PEOPLE = [
    page("accounts.me"),
    page("accounts.people"),
    Row("accounts.person", "GET", "person", NAMED),
    page("accounts.settings"),
    page("accounts.settings_identity"),
    Row("accounts.settings_identity", "POST", "", {"": ALL}, form(name="Another Name")),
    page("accounts.settings_look"),
    Row("accounts.settings_look", "POST", "", {"": ALL}, form(**LOOK)),
    page("accounts.settings_privacy"),
    page("accounts.settings_security"),
    Row("accounts.settings_security", "POST", "", {"": ALL}, PASSWORDS),
    Row("accounts.end_session", "POST", "", {"": ALL}, form(session="1")),
    Row("accounts.sign_out", "POST", "", {"": ALL}),
    Row("accounts.sign_out_everywhere", "POST", "", {"": ALL}),
]
ADMINISTRATION = [
    page("admin.index", ADMINS),
    page("admin.health", ADMINS),
    Row("admin.try_mails_again", "POST", "", {"": ADMINS}),
    Row("admin.try_events_again", "POST", "", {"": ADMINS}),
    page("admin.organisation", ADMINS),
    Row("admin.organisation", "POST", "", {"": ADMINS}, ORGANISATION),
    page("admin.people", ADMINS),
    page("admin.add_person", ADMINS),
    Row("admin.add_person", "POST", "", {"": ADMINS}, form(name="New", email="new@halden.example", lang="en")),
    Row("admin.person", "GET", "person", {"colleague": ADMINS, "self": ADMINS, "missing": ADMINS_MISSING}),
    Row("admin.person", "POST", "person", {"colleague": ADMINS, "self": ADMINS, "missing": ADMINS_MISSING}, _person),
    Row(
        "admin.deactivate",
        "POST",
        "person",
        {"colleague": ADMINS, "self": ADMINS_MOMENT, "missing": ADMINS_MISSING},
    ),
    Row("admin.reactivate", "POST", "person", {"left": ADMINS, "missing": ADMINS_MISSING}),
    Row(
        "admin.invite",
        "POST",
        "person",
        {"invited": ADMINS, "colleague": ADMINS_MOMENT, "left": ADMINS_MOMENT, "missing": ADMINS_MISSING},
    ),
    page("admin.import_file", ADMINS),
    Row("admin.import_file", "POST", "", {"": ADMINS}, _csv),
    page("admin.import_template", ADMINS),
    Row("admin.export_people", "POST", "", {"": ADMINS}),
    page("admin.units", ADMINS),
    page("admin.add_unit", ADMINS),
    Row("admin.add_unit", "POST", "", {"": ADMINS}, form(name="New", code="new")),
    Row("admin.unit", "GET", "unit", {"there": ADMINS, "missing": ADMINS_MISSING}),
    Row("admin.unit", "POST", "unit", {"there": ADMINS, "missing": ADMINS_MISSING}, form(name="Renamed")),
]
NOTICES = [
    page("commands.menu"),
    page("commands.search"),
    page("commands.help_page"),
    page("inbox.index"),
    page("inbox.settings"),
    Row("inbox.read_all", "POST", "", {"": ALL}),
    Row("inbox.open_notice", "POST", "notice", {"of_employee": "ok: employee; 404: *", "missing": NONE}),
    Row("inbox.mute", "POST", "notice", {"of_employee": "ok: employee; 404: *", "missing": NONE}),
    Row("inbox.unmute", "POST", "", {"": ALL}, form(kind="campaign.news", about="")),
]
ROWS = VISITORS + PEOPLE + ADMINISTRATION + NOTICES
