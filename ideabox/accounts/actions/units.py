"""Do it: add, rename and move units. The paths of all units below follow in the same transaction."""

from __future__ import annotations

from sqlalchemy import func, select, update

from ideabox import events
from ideabox.accounts.models import Unit
from ideabox.accounts.rules.access import may_add_unit, may_administer, may_stand_under
from ideabox.accounts.rules.names import may_be_name
from ideabox.database import db, upsert
from ideabox.viewer import Viewer


def add_unit(
    viewer: Viewer, *, name: str, code: str, parent: Unit | None = None, client_key: str | None = None
) -> Unit:
    """Add a unit at the top or below `parent`. Refused (409) when the code is taken."""
    may_administer(viewer).enforce()
    may_be_name(name).enforce()
    may_stand_under("", parent.path if parent else "").enforce()
    row = upsert(Unit.__table__).values(name=name, code=code, parent_id=parent.id if parent else None)
    number = db.session.scalar(row.on_conflict_do_nothing(index_elements=["code"]).returning(Unit.id))
    may_add_unit(taken=number is None).enforce()
    unit = db.session.get_one(Unit, number)
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    events.record("unit.added", actor_id=viewer.id, subject=unit.uid, client_key=client_key, called=name)
    return unit


def rename_unit(viewer: Viewer, unit: Unit, name: str) -> None:
    """Give a unit another name; its code stays, so that imports find it."""
    may_administer(viewer).enforce()
    may_be_name(name).enforce()
    if unit.name == name:
        return
    events.record("unit.renamed", actor_id=viewer.id, subject=unit.uid, before=unit.name, after=name)
    unit.name = name


def move_unit(viewer: Viewer, unit: Unit, parent: Unit | None) -> None:
    """Put a unit with all below it under another, or at the top. Refused (422) for a circle."""
    may_administer(viewer).enforce()
    _hold_tree()
    old, target = unit.path, parent.path if parent else ""
    may_stand_under(old, target).enforce()
    if unit.parent_id == (parent.id if parent else None):
        return
    new = f"{target or '/'}{unit.id}/"
    below = update(Unit).where(Unit.path.startswith(old, autoescape=True))
    rewritten = below.values(path=new + func.substr(Unit.path, len(old) + 1))
    db.session.execute(rewritten, execution_options={"synchronize_session": False})
    unit.parent_id = parent.id if parent else None
    db.session.flush()
    db.session.expire_all()
    events.record("unit.moved", actor_id=viewer.id, subject=unit.uid, under=parent.uid if parent else "")


def _hold_tree() -> None:
    """Two moves at once could close a circle that neither sees: hold every unit, and read the paths afresh."""
    db.session.execute(select(Unit.id).order_by(Unit.id).with_for_update())
    db.session.expire_all()
