"""`flask seed`: fill in the demo company, print who can sign in."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from campaigns.demo import play
from ideabox import events
from ideabox.accounts import demo


@click.command("seed")
@click.option("--demo", "fill", is_flag=True, help="Fill in the demo company; once, however often it is called.")
@click.option("--print", "show", is_flag=True, help="Print the people of the demo, with address and password.")
@with_appcontext
def seed(fill: bool, show: bool) -> None:
    """The demo company: six campaigns in different phases, one person of each role."""
    if not fill and not show:
        raise click.UsageError("Say --demo to fill in the demo company, --print to see who can sign in.")
    if fill:
        _fill()
    if show:
        _print()


def _fill() -> None:
    """In one transaction; when two processes do it at once, one of them wins and the other changes nothing."""
    if not current_app.extensions["ideabox"]["settings"].demo:
        raise click.ClickException("The demo's passwords are public: it goes only where IDEABOX_DEMO=1 is set.")
    if play.is_on():
        click.echo("The demo company is here already; nothing was changed.")
        return
    if owner := play.somebody_elses():
        raise click.ClickException(f"This database belongs to {owner}; the demo wants an empty one.")
    marker = play.fill()
    already = events.commit_once(marker, play.KEY)
    click.echo("The demo company was filled in." if already is None else "Another process has just filled it in.")


def _print() -> None:
    rows = [(login.name, str(login.role), login.email, demo.PASSWORD, login.lang) for login in demo.DEMO_LOGINS]
    table = [("who", "role", "sign in with", "password", "language"), *rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))]
    for row in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
