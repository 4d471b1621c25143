"""Do a transaction again when the database gave it up in favour of another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import OperationalError

from ideabox.database import db

log = structlog.get_logger()
Answer = TypeVar("Answer")
TRIES = 3
#: PostgreSQL's words for "not your fault, do it again": serialisation failure, deadlock.
GIVEN_UP = {"40001", "40P01"}


def again(work: Callable[[], Answer]) -> Answer:
    """Run `work`, which reads, writes and commits; at most twice more after a deadlock or serialisation failure."""
    for left in reversed(range(TRIES)):
        try:
            return work()
        except OperationalError as error:
            db.session.rollback()
            if not left or getattr(error.orig, "sqlstate", None) not in GIVEN_UP:
                raise
            log.warning("transaction given up, doing it again", tries_left=left)
    raise AssertionError("unreachable")
