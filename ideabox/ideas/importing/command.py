"""`flask import polis|openideo|csv`: read whole, check, then one transaction; `--dry-run` stops before it."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import select

from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.ideas.importing import openideo, polis, table
from ideabox.ideas.importing.records import CampaignIn, ImportFault
from ideabox.ideas.importing.write import refuse_doubles, write, write_links

group = AppGroup("import", help="Bring in campaigns from elsewhere.")
dry_run = click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
as_json = click.option("--json", "as_json", is_flag=True, help="For programs.")
lang = click.option("--lang", default="en", show_default=True, help="Language of the question.")
sponsor = click.option("--sponsor", default="", metavar="EMAIL", help="Who runs the campaign from now on.")
Loader = Callable[[], list[CampaignIn]]


@group.command("polis")
@click.argument("folder", type=click.Path(path_type=Path))
@lang
@sponsor
@dry_run
@as_json
def import_polis(folder: Path, lang: str, sponsor: str, dry_run: bool, as_json: bool) -> None:
    """A Polis export: a conversation, or a folder of them."""
    _run(lambda: [polis.load(found, lang) for found in polis.find(folder)], sponsor, dry_run, as_json)


@group.command("openideo")
@click.argument("folder", type=click.Path(path_type=Path))
@lang
@sponsor
@dry_run
@as_json
def import_openideo(folder: Path, lang: str, sponsor: str, dry_run: bool, as_json: bool) -> None:
    """The OpenIDEO challenges."""
    _run(lambda: openideo.load(folder, lang), sponsor, dry_run, as_json)


@group.command("csv")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--question", default="", help="The campaign's question; without it the file's name.")
@click.option("--votes", type=click.Path(path_type=Path), help="Votes: idea, voter, vote in -1/0/1, optional at.")
@click.option("--comments", type=click.Path(path_type=Path), help="Comments: idea, author, text, optional at.")
@click.option("--template", is_flag=True, help="Print a file to fill in.")
@lang
@sponsor
@dry_run
@as_json
def import_csv(
    file: Path | None,
    question: str,
    votes: Path | None,
    comments: Path | None,
    template: bool,
    lang: str,
    sponsor: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """A table of ideas; columns are described in docs/import.md."""
    if template:
        csv.writer(sys.stdout, lineterminator="\n").writerows(table.template())
        return
    if file is None:
        raise click.UsageError("name a file, or ask for --template")
    _run(lambda: [table.load(file, question, lang, votes, comments)], sponsor, dry_run, as_json)


def _run(load: Loader, email: str, dry_run: bool, as_json: bool) -> None:
    started = time.monotonic()
    try:
        campaigns = load()
        refuse_doubles(campaigns)
        chosen = _sponsor(email)
        if not dry_run:
            _write(campaigns, chosen)
    except ImportFault as fault:
        db.session.rollback()
        click.echo(f"Nothing was imported. {fault}", err=True)
        sys.exit(2)
    _report(campaigns, dry_run, as_json, time.monotonic() - started)


def _sponsor(email: str) -> Person | None:
    if not email:
        return None
    person = db.session.scalar(select(Person).where(Person.email == email.lower()))
    if person is None:
        raise ImportFault(f"nobody here has the address {email}")
    return person


def _write(campaigns: list[CampaignIn], sponsor: Person | None) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for data in campaigns:
            write(data, sponsor, partial(_line, progress, data.source))
        write_links(campaigns)
        db.session.commit()


def _line(progress: Progress, source: str, name: str, total: int) -> Callable[[int], None]:
    task = progress.add_task(f"{source} {name}", total=total, visible=total > 0)
    return lambda done: progress.advance(task, done)


def _report(campaigns: list[CampaignIn], dry_run: bool, as_json: bool, seconds: float) -> None:
    rows: list[dict[str, object]] = [{"source": data.source, **data.counts()} for data in campaigns]
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "seconds": round(seconds, 2), "campaigns": rows}))
        return
    names: list[str] = list(rows[0])
    widths = [max(len(name), *(len(str(row[name])) for row in rows)) for name in names]
    heads: dict[str, object] = {name: name for name in names}
    for row in [heads, *rows]:
        click.echo("  ".join(str(row[name]).ljust(width) for name, width in zip(names, widths, strict=True)).rstrip())
    done = "Checked, nothing written" if dry_run else "Imported"
    click.echo(f"{done}: {len(rows)} campaigns in {seconds:.1f} s")
