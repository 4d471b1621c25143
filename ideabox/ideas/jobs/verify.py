"""`flask verify`: count everything again and say whether what is kept agrees."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from ideabox.ideas.queries.invariants import violations


@click.command("verify")
@with_appcontext
def verify_command() -> None:
    """Check that votes, budgets, counts and events agree with one another; leave with 1 when they do not."""
    found = violations()
    for name, faults in found.items():
        click.echo(f"{'wrong' if faults else 'ok   '}  {name}")
        for fault in faults:
            click.echo(f"         {fault}")
    sys.exit(1 if any(found.values()) else 0)
