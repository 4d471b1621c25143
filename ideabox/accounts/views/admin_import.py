"""Pages of admins: people and units in and out as CSV."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ideabox import events
from ideabox.accounts import people_file
from ideabox.accounts.actions.importing import Report, import_people
from ideabox.accounts.forms import ImportForm
from ideabox.accounts.models import ROLES, Person, Unit
from ideabox.accounts.people_file import Fault
from ideabox.accounts.views.admin import page
from ideabox.accounts.views.blueprints import admin
from ideabox.csvfile import csv_response
from ideabox.database import db
from ideabox.verdict import Refused
from ideabox.web import done, viewer


@admin.route("/people/import", methods=["GET", "POST"])
def import_file() -> Any:
    """One button checks a file and says what it would do; the other does it."""
    form = ImportForm()
    if not form.validate_on_submit():
        return page("import", "import", form=form, report=None, name=""), 422 if form.errors else 200
    upload = form.file.data
    name = (upload.filename or "file")[-100:]
    report = _import(upload.read(people_file.MAX_BYTES + 1), name, form)
    if form.do.data and not report.faults:
        counts = {"added": report.people_added, "updated": report.people_updated}
        return done(_("Imported: %(added)s people added, %(updated)s updated.", **counts), url_for("admin.people"))
    return page("import", "import", form=form, report=report, name=name), 422 if report.faults else 200


def _import(data: bytes, name: str, form: ImportForm) -> Report:
    try:
        report = import_people(viewer(), people_file.load(data, name), invite=bool(form.invite.data))
        if report.faults or not form.do.data:
            db.session.rollback()
        else:
            db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return Report(faults=[Fault(0, refusal.reason)])
    except IntegrityError:
        db.session.rollback()
        said = _("People were changed by somebody else at the same moment. Send the file again.")
        return Report(faults=[Fault(0, said)])
    return report


@admin.get("/people/template.csv")
def import_template() -> Response:
    return csv_response("people.csv", people_file.COLUMNS, people_file.EXAMPLE)


@admin.post("/people/export.csv")
def export_people() -> Response:
    """All people with an address, in the columns of the import. A POST, because it leaves a line in the audit."""
    events.record("people.exported", actor_id=viewer().id)
    db.session.commit()
    columns = (Person.email, Person.name, Unit.code, Person.lang, *(getattr(Person, f"is_{role}") for role in ROLES))
    query = select(*columns).outerjoin(Unit, Unit.id == Person.unit_id).where(Person.email.is_not(None))
    rows = db.session.execute(query.order_by(Person.email)).all()
    header = ("email", "name", "unit_code", "lang", "roles")
    return csv_response("people.csv", header, [(*row[:4], _role_words(row[4:])) for row in rows])


def _role_words(flags: Any) -> str:
    return " ".join(role for role, held in zip(ROLES, flags, strict=True) if held)
