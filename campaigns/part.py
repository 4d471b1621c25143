"""What the sponsor's team's rooms bring to the app."""

from __future__ import annotations

from campaigns.bench import command as bench
from campaigns.models import shortlist  # noqa: F401 - the tables
from campaigns.views import decide, decide_needs, export, letter  # noqa: F401 - pages of one blueprint
from campaigns.views import panel, panel_brief, panel_run  # noqa: F401 - pages of one blueprint
from ideabox.parts import Part

part = Part(
    name="campaigns",
    blueprints=(decide.blueprint, panel.blueprint),
    events=(
        "campaign.created",
        "campaign.discarded",
        "campaign.edited",
        "campaign.seated",
        "shortlist.chosen",
        "shortlist.confirmed",
        "shortlist.objection",
        "shortlist.taken_off",
    ),
    commands=(bench.group,),
    needs=(decide_needs.needs,),
)
