"""Things that must happen by themselves: one process wins each turn by a conditional update."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import String, update
from sqlalchemy.orm import Mapped, mapped_column

from ideabox import clock
from ideabox.database import Base, changed, db, upsert

log = structlog.get_logger()
EVERY = timedelta(seconds=25)
LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class Turn(Base):
    """When the ticks last ran."""

    __tablename__ = "turn"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


def run_due() -> bool:
    """Run all ticks unless another process did within the last 25 s."""
    if not _win("ticks"):
        return False
    run_all()
    return True


def run_all() -> None:
    """Run every part's ticks now, each in a transaction of its own; one that fails stops no other."""
    for tick in current_app.extensions["ideabox"]["ticks"]:
        try:
            tick()
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("tick failed", tick=tick.__name__)


def _win(name: str) -> bool:
    moment = clock.now()
    row = upsert(Turn.__table__).values(name=name, at=LONG_AGO).on_conflict_do_nothing()
    db.session.execute(row)
    turn = update(Turn).where(Turn.name == name, Turn.at < moment - EVERY).values(at=moment)
    won = changed(turn) == 1
    db.session.commit()
    return won
