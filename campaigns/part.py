"""What the sponsor's team's rooms bring to the app."""

from __future__ import annotations

from campaigns import notices_panel
from campaigns.bench import command as bench
from campaigns.demo import command as demo
from campaigns.demo import pictures
from campaigns.models import shortlist  # noqa: F401 - the tables
from campaigns.queries import panel_needs
from campaigns.views import (  # noqa: F401 - some are pages of another's blueprint
    decide,
    decide_needs,
    export,
    letter,
    panel,
    panel_brief,
    panel_run,
)
from ideabox.parts import Part

part = Part(
    name="campaigns",
    blueprints=(decide.blueprint, panel.blueprint),
    events=(
        "campaign.created",
        "campaign.discarded",
        "campaign.edited",
        "campaign.seated",
        "demo.filled",
        "shortlist.chosen",
        "shortlist.confirmed",
        "shortlist.objection",
        "shortlist.taken_off",
    ),
    commands=(bench.group, demo.seed, pictures.pictures),
    reactions={"campaign.seated": (notices_panel.tell_seated,)},
    notices=notices_panel.KINDS,
    needs=(decide_needs.needs, panel_needs.needs),
)
