"""Ideas that stand near one another, and those that build on others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.demo.stage import Scene
from ideabox import bulk
from ideabox.ideas.models.idea import Idea, IdeaLink
from ideabox.ideas.queries.similar import similar

NEAREST = 2
LEAST = 0.22


def link(scene: Scene) -> None:
    """As sending an idea does: to the nearest ones sent before it; and where the script says so."""
    rows: list[dict[str, Any]] = []
    for row in scene.script.ideas:
        idea = scene.ideas[row["title"]]
        near = _found_near(scene, idea) if scene.script.open_to_readers() else {}
        if "near" in row:
            near.setdefault(row["near"], "")
        near.pop(row.get("builds_on", ""), None)
        rows += [_row(idea, scene.ideas[title], "near", note) for title, note in near.items()]
        if source := scene.ideas.get(row.get("builds_on", "")):
            rows.append(_row(idea, source, "builds_on", ""))
            scene.tallies[source.id].builds += 1
    bulk.insert(IdeaLink, rows)


def _found_near(scene: Scene, idea: Idea) -> dict[str, str]:
    """Titles of earlier ideas of the campaign with the words they share."""
    viewer = scene.cast.viewer("Marta Kowalska")
    found = similar(viewer, idea.title, idea.body, campaign_id=scene.campaign.id, but=idea.id, limit=NEAREST)
    earlier = [near for near in found if near.score >= LEAST and _sent(scene.ideas[near.title]) < _sent(idea)]
    return {near.title: ", ".join(near.shared[:6]) for near in earlier}


def _sent(idea: Idea) -> datetime:
    assert idea.submitted_at is not None  # noqa: S101 - only sent ideas are in the index
    return idea.submitted_at


def _row(idea: Idea, other: Idea, kind: str, note: str) -> dict[str, Any]:
    return {"from_id": idea.id, "to_id": other.id, "kind": kind, "note": note, "created_at": _sent(idea)}
