"""Pages of admins: the list of tasks, the organisation, health."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from ideabox import events
from ideabox.accounts import overview
from ideabox.accounts.actions import health as actions
from ideabox.accounts.actions.organisation import change_organisation
from ideabox.accounts.forms import OrganisationForm
from ideabox.accounts.models import Organisation
from ideabox.accounts.views.blueprints import admin
from ideabox.accounts.words import change_sentence
from ideabox.database import db
from ideabox.web import done, viewer


def page(template: str, current: str, **facts: Any) -> str:
    """A page of the admins, with the list of all."""
    pages = [
        ("index", _("Overview"), "admin.index"),
        ("people", _("People"), "admin.people"),
        ("units", _("Units"), "admin.units"),
        ("import", _("Import"), "admin.import_file"),
        ("organisation", _("Organisation"), "admin.organisation"),
        ("moderation", _("Moderation"), "moderate.index"),
        ("health", _("Health"), "admin.health"),
    ]
    known = current_app.view_functions
    shown = [
        {"key": key, "label": label, "url": url_for(to)}
        for key, label, to in pages
        if to in known and (key != "moderation" or viewer().is_moderator)
    ]
    return render_template(f"admin/{template}.html", settings_pages=shown, settings_current=current, **facts)


@admin.get("")
def index() -> str:
    changes = [(change, change_sentence(change)) for change in overview.latest_changes()]
    return page("index", "index", counts=overview.counts(), health=overview.health_now(), changes=changes)


@admin.get("/health")
def health() -> str:
    return page("health", "health", health=overview.health_now())


@admin.post("/health/mails")
def try_mails_again() -> Response:
    """Let mails that were given up leave."""
    count = actions.try_mails_again(viewer())
    db.session.commit()
    said = ngettext("One mail is sent again.", "%(num)d mails are sent again.", count)
    return done(said if count else _("Nothing waits."), url_for("admin.health"))


@admin.post("/health/events")
def try_events_again() -> Response:
    """Let parked events be delivered."""
    count = actions.try_events_again(viewer())
    db.session.commit()
    said = ngettext("One event is tried again.", "%(num)d events are tried again.", count)
    return done(said if count else _("Nothing waits."), url_for("admin.health"))


@admin.route("/organisation", methods=["GET", "POST"])
def organisation() -> Any:
    """What the company calls itself, and what new people start with."""
    names = ("name", "lang", "timezone", "leading_key", "answer_hours")
    form = OrganisationForm(obj=db.session.get(Organisation, 1))
    if not form.validate_on_submit():
        return page("organisation", "organisation", form=form), 422 if form.errors else 200
    key = form.client_key.data
    if not events.already(viewer().id, key):
        change_organisation(viewer(), client_key=key, **{name: form[name].data for name in names})
        events.commit_once(viewer().id, key)
    return done(_("Kept."), url_for("admin.organisation"))
