"""The only clock: every moment in the product comes from here, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def day_everywhere(moment: datetime | None = None) -> date:
    """The date where a day ends last (12 hours behind UTC), now or then: a day before it is over in every zone."""
    return ((moment or now()) - timedelta(hours=12)).date()


def today() -> date:
    """Today's date in UTC, for things kept no finer than a day."""
    return now().date()
