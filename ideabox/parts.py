"""What a feature brings to the app: blueprints, reactions, ticks, commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from click import Command
from flask import Blueprint, Flask

from ideabox.events import Reaction

Hook = Callable[[Flask], None]
Tick = Callable[[], None]


@dataclass(frozen=True)
class Part:
    """One feature.

    `ticks` run about every 30 s in a transaction each and must be idempotent. `notices` are kinds of notices
    (notifications/kinds.py), `needs` functions from a viewer to what waits for them on the home page (needs.py),
    `commands_menu` functions from a viewer to entries of the command menu (needs.py).
    """

    name: str
    blueprints: Sequence[Blueprint] = ()
    events: Sequence[str] = ()
    reactions: Mapping[str, Sequence[Reaction]] = field(default_factory=dict)
    ticks: Sequence[Tick] = ()
    commands: Sequence[Command] = ()
    hooks: Sequence[Hook] = ()
    notices: Sequence[Any] = ()
    needs: Sequence[Any] = ()
    commands_menu: Sequence[Any] = ()


def join(app: Flask, parts: Sequence[Part]) -> None:
    """Register each part, and check that nobody listens for an event that nobody sends."""
    box: dict[str, Any] = app.extensions.setdefault("ideabox", {})
    box.update(parts=tuple(parts), reactions={}, ticks=[], notices={}, needs=[], commands_menu=[])
    known = {name for part in parts for name in part.events}
    for part in parts:
        unknown = set(part.reactions) - known
        if unknown:
            raise RuntimeError(f"part {part.name} reacts to events nobody sends: {sorted(unknown)}")
        _join_one(app, box, part)


def _join_one(app: Flask, box: dict[str, Any], part: Part) -> None:
    for blueprint in part.blueprints:
        app.register_blueprint(blueprint)
    for name, functions in part.reactions.items():
        box["reactions"].setdefault(name, []).extend(functions)
    for listed in ("ticks", "needs", "commands_menu"):
        box[listed].extend(getattr(part, listed))
    box["notices"].update({kind.name: kind for kind in part.notices})
    for command in part.commands:
        app.cli.add_command(command)
    for hook in part.hooks:
        hook(app)
