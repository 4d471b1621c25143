"""Standings by themselves: frozen when voting ends, refreshed when votes came by another way, printed by a command."""

from __future__ import annotations

import csv
import json
import sys
from datetime import timedelta
from typing import TextIO

import click
import structlog
from flask.cli import with_appcontext
from sqlalchemy import select

from ideabox import clock
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.actions import standing as actions
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.queries import standing as queries

#: A standing beside the frozen one is not computed again sooner than this.
REST = timedelta(minutes=5)
log = structlog.get_logger()


def freeze_on_close(event: Event) -> None:
    """Reaction to a phase that has moved: when it left the vote, the standing is frozen."""
    if event.campaign_id is not None:
        actions.freeze(event.campaign_id)


def keep_standings() -> None:
    """Tick: freeze what a crash or an import left without a standing, refresh what has had votes since."""
    for campaign_id in queries.standings_due():
        try:
            if actions.freeze(campaign_id) is not None and _is_old(campaign_id):
                actions.refresh(campaign_id)
            db.session.commit()
        except Exception:
            # One campaign's trouble is not the others': they have waited as long.
            db.session.rollback()
            log.exception("standing failed", campaign=campaign_id)


def _is_old(campaign_id: int) -> bool:
    latest = queries.latest_standing(campaign_id)
    return latest is not None and latest.computed_at < clock.now() - REST


@click.command("standing")
@click.argument("campaign")
@click.option("--json", "as_json", is_flag=True, help="Everything that was computed, with its digest, as JSON.")
@click.option("--frozen", is_flag=True, help="The standing frozen when voting ended, computed again and compared.")
@with_appcontext
def standing_command(campaign: str, as_json: bool, frozen: bool) -> None:
    """Print the order of a campaign's ideas (CAMPAIGN is the code in its address), as `python -m scoring rank` does."""
    found = db.session.scalar(select(Campaign).where(Campaign.uid == campaign))
    if found is None:
        raise click.ClickException(f"There is no campaign {campaign}. Its code stands in its address: /campaigns/CODE.")
    computed = (
        _frozen(found) if frozen else actions.score(queries.counts_of(found.id), places=found.places, seed=found.seed)
    )
    (_print_json if as_json else _print_csv)(computed, sys.stdout)


def _frozen(campaign: Campaign) -> actions.Computed:
    standing = queries.frozen_standing(campaign.id)
    if standing is None:
        raise click.ClickException("Nothing was frozen yet: that happens when voting ends.")
    computed = actions.score(queries.stored_counts(standing), places=standing.places, seed=standing.seed)
    if computed.digest != standing.digest:
        click.echo(
            f"The recount does not match: frozen {standing.digest} by {standing.code_version}, "
            f"now {computed.digest} by {actions.code_version()}.",
            err=True,
        )
    return computed


def _print_csv(computed: actions.Computed, out: TextIO) -> None:
    from scoring.cli import HEADER, cells

    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(HEADER)
    lines.writerows(cells(idea) for idea in computed.scored.ideas)


def _print_json(computed: actions.Computed, out: TextIO) -> None:
    from scoring.record import record

    json.dump({"digest": computed.digest, **record(computed.scored)}, out, ensure_ascii=False)
    out.write("\n")
