"""The only clock: every moment in the product comes from here, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in UTC, for things kept no finer than a day."""
    return now().date()
