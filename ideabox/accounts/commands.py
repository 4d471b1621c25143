"""`flask people import`: people and units from a CSV file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from ideabox.accounts import people_file
from ideabox.accounts.actions.importing import Report, import_people
from ideabox.accounts.people_file import Fault
from ideabox.csvfile import csv_text
from ideabox.database import db
from ideabox.verdict import Refused

group = AppGroup("people", help="People and units.")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check and count; write nothing.")
@click.option("--invite", is_flag=True, help="Mail an invitation to each new person.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_command(file: Path, dry_run: bool, invite: bool, as_json: bool) -> None:
    """Import people and units from FILE, all or nothing. Known e-mails and codes are updated, never doubled.

    Columns: email, name, unit_code, unit_name, parent_code, lang, roles. See `flask people template`.
    """
    report = run(file, dry_run=dry_run, invite=invite)
    click.echo(json.dumps(_as_json(file, report, dry_run), indent=2) if as_json else _as_text(file, report, dry_run))
    sys.exit(1 if report.faults else 0)


def run(file: Path, *, dry_run: bool, invite: bool) -> Report:
    """Import and commit, unless it is a dry run or there is a fault."""
    try:
        report = import_people(None, people_file.load(file), invite=invite)
        if dry_run or report.faults:
            db.session.rollback()
        else:
            db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return Report(faults=[Fault(0, refusal.reason)])
    except IntegrityError:
        db.session.rollback()
        return Report(faults=[Fault(0, "People were changed by somebody else at the same moment. Run it again.")])
    return report


def _as_json(file: Path, report: Report, dry_run: bool) -> dict[str, object]:
    return {"file": file.name, "dry_run": dry_run, "ok": not report.faults, **report.as_dict()}


def _as_text(file: Path, report: Report, dry_run: bool) -> str:
    if report.faults:
        lines = [f"{file.name}, line {fault.line}: {fault.reason}" for fault in report.faults]
        return "\n".join([*lines, f"{len(lines)} to mend; nothing was imported."])
    people = f"{report.people_added} added, {report.people_updated} updated, {report.people_unchanged} unchanged"
    units = f"{report.units_added} added, {report.units_updated} updated, {report.units_unchanged} unchanged"
    end = " Dry run: nothing was written." if dry_run else ""
    return f"People: {people}. Units: {units}. Invited: {report.invited}.{end}"


@group.command("template")
def template_command() -> None:
    """Print a small example of the file."""
    click.echo(csv_text(people_file.COLUMNS, people_file.EXAMPLE), nl=False)
