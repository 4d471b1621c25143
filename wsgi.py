"""The whole product, composed: `gunicorn 'wsgi:create_app()'`, `flask --app wsgi …`."""

from __future__ import annotations

from flask import Flask

import campaigns.part
import ideabox.accounts.part
import ideabox.ideas.part
import ideabox.notifications.part
from ideabox import app as factory
from ideabox.settings import Settings

PARTS = (
    ideabox.accounts.part.part,
    ideabox.notifications.part.part,
    ideabox.ideas.part.part,
    campaigns.part.part,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app with every part, in the order of the staircase."""
    return factory.create_app(PARTS, settings)
