"""The two blueprints of accounts, apart from their views so that each view file can stand on them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for

from ideabox import nav
from ideabox.accounts.queries import anybody
from ideabox.accounts.rules.access import may_administer
from ideabox.web import OPEN_TO_ALL, viewer

accounts = Blueprint("accounts", __name__)
admin = Blueprint("admin", __name__, url_prefix="/admin")
#: What works before there is anybody.
_EARLY = OPEN_TO_ALL | {"accounts.welcome", "accounts.language", "health.healthz", "health.metrics"}


@accounts.record_once
def _start(state: Any) -> None:
    state.app.extensions["ideabox"]["founded"] = False


@accounts.before_app_request
def lead_to_welcome() -> Any:
    """While there is nobody, every address leads to the first-run page. Asked until the first yes, then never again."""
    box = current_app.extensions["ideabox"]
    if box["founded"] or request.endpoint in _EARLY:
        return None
    box["founded"] = anybody()
    return None if box["founded"] else redirect(url_for("accounts.welcome"), 303)


@admin.before_request
def open_to_admins() -> None:
    """Every page below /admin."""
    may_administer(viewer()).enforce()
    nav.stand_at("admin")
