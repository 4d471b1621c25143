"""A browser for tests: each request in a context of its own."""

from __future__ import annotations

import contextvars
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ideabox.database import db


class Browser(FlaskClient):
    """A test client whose requests share nothing with the test's own app context, as in production.

    Without this, Flask reuses the context the test stands in: whoever was signed in first stays signed in (`g`), and
    an open SQLite transaction of the test blocks the request's own.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        _let_go()
        return contextvars.Context().run(super().open, *args, **kwargs)


def _let_go() -> None:
    """End the test's own read, so that its lock and its stale rows do not outlive it."""
    if not current_app:
        return
    waiting = [*db.session.new, *db.session.dirty, *db.session.deleted]
    assert not waiting, f"commit before sending a request: {waiting}"
    db.session.rollback()
    db.session.expire_all()
