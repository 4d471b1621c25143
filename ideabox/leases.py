"""Rows that wait for work: `next_try_at` says when one is due, and holds it for whoever works on it.

Taking a row moves its moment to the end of a lease, so that nobody else finds it due; a process that dies leaves it to
come due again. A failure moves the moment too, each time farther. So one column, moved by one conditional UPDATE, is
lease and growing wait at once. None: nobody has looked at it yet, it is due.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ideabox import clock
from ideabox.database import Key, changed, db

#: After the first failure, the second, and so on; the last one repeats.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
#: Failures: with the waits above about a day and a half, longer than a night without anybody at a dead server.
GIVE_UP_AFTER = 40


class Waits:
    """Columns of a table whose rows wait. `tries` counts failures only."""

    id: Mapped[Key]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]

    @classmethod
    def undone(cls) -> ColumnElement[bool]:
        """What is true of rows whose work has not been done."""
        raise NotImplementedError

    @classmethod
    def due(cls) -> ColumnElement[bool]:
        free = cls.next_try_at.is_(None) | (cls.next_try_at <= clock.now())
        return cls.undone() & (cls.tries < GIVE_UP_AFTER) & free

    @classmethod
    def given_up(cls) -> ColumnElement[bool]:
        return cls.undone() & (cls.tries >= GIVE_UP_AFTER)


def take(model: type[Waits], row_id: int, lease: timedelta) -> datetime | None:
    """Claim a due row and commit. Returns the end of the lease, by which it is given back; None: not due any more."""
    until = clock.now() + lease
    won = changed(update(model).where(model.id == row_id, model.due()).values(next_try_at=until)) == 1
    db.session.commit()
    return until if won else None


def finish(model: type[Waits], row_id: int, until: datetime, **facts: Any) -> bool:
    """Write what the work came to into the running transaction. False: the lease ran out, and somebody else has it."""
    held = update(model).where(model.id == row_id, model.undone(), model.next_try_at == until)
    return changed(held.values(next_try_at=None, **facts)) == 1


def fail(model: type[Waits], row_id: int, until: datetime, **facts: Any) -> None:
    """Undo what is unfinished, count the failure, let the row wait longer than before, and commit."""
    db.session.rollback()
    tries = (db.session.scalar(select(model.tries).where(model.id == row_id)) or 0) + 1
    held = update(model).where(model.id == row_id, model.undone(), model.next_try_at == until)
    db.session.execute(held.values(tries=tries, next_try_at=clock.now() + _wait(tries), **facts))
    db.session.commit()


def _wait(tries: int) -> timedelta:
    return WAITS[min(tries, len(WAITS)) - 1]


def revive(model: type[Waits]) -> int:
    """Let all that were given up start anew, after the commit. Returns how many."""
    # Only these: a row that waits may be in somebody's hands, and would be done twice.
    count = changed(update(model).where(model.given_up()).values(tries=0, next_try_at=None))
    db.session.info["wake"] = True
    return count
