"""Statements made once and run for every viewer: building them anew would cost more than running them.

A prepared statement is a function from a viewer to a SELECT. It is called once for each mix of roles, with a stand-in
whose id and units are parameters, so that the conditions of `visible` go into it unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam

from ideabox.database import db
from ideabox.viewer import Viewer

Build = Callable[[Viewer], Any]


def run(build: Build, viewer: Viewer, **values: Any) -> Any:
    """Run what `build` makes, for this viewer, with these values of its other parameters. A result of plain rows."""
    statement = _prepared(build, viewer.is_admin, viewer.is_leadership, viewer.is_moderator)
    whose = {"viewer_id": viewer.id, "viewer_units": viewer.unit_path}
    return db.session.connection().execute(statement, whose | values)


def load(build: Build, viewer: Viewer, **values: Any) -> Any:
    """Run what `build` makes through the session: rows may hold entities, which can then be changed."""
    statement = _prepared(build, viewer.is_admin, viewer.is_leadership, viewer.is_moderator)
    whose = {"viewer_id": viewer.id, "viewer_units": viewer.unit_path}
    return db.session.execute(statement, whose | values)


@cache
def _prepared(build: Build, is_admin: bool, is_leadership: bool, is_moderator: bool) -> Any:
    anyone: Any = {
        "id": bindparam("viewer_id", type_=Integer),
        "unit_path": bindparam("viewer_units", type_=Integer, expanding=True),
    }
    roles: Any = {"is_admin": is_admin, "is_leadership": is_leadership, "is_moderator": is_moderator}
    return build(Viewer(uid="", name="", email="", session_uid="", **anyone, **roles))
