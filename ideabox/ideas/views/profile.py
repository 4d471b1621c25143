"""What a person's page says of their ideas: those sent under their name, and what became of them."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup

from ideabox.ideas.queries.profile import named_ideas_of
from ideabox.viewer import Viewer


def ideas_section(viewer: Viewer, person_id: int) -> Markup | str:
    """A piece of the person's page; nothing where there is nothing that this viewer may know."""
    ideas = named_ideas_of(viewer, person_id)
    return Markup(render_template("ideas/_profile.html", ideas=ideas)) if ideas else ""  # noqa: S704 - our template
