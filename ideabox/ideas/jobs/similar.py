"""The index of stems, made anew by hand: after a change of the analyser."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from ideabox.database import db
from ideabox.ideas.actions.similar import rebuild


@click.command("reindex")
@with_appcontext
def reindex() -> None:
    """Write the index of near ideas anew."""
    ideas = rebuild()
    db.session.commit()
    click.echo(f"{ideas} ideas indexed")
