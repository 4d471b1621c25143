"""Fields of the panel: a moment on the viewer's wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, ValidationError

from ideabox.locale import zone_named
from ideabox.web import viewer

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
YEARS = range(2000, 2101)


class MomentField(DateTimeLocalField):
    """A moment, typed and shown in the viewer's zone, held in UTC. `data` is aware or None.

    An hour that summer time skips does not exist: it is refused with its reason. One that comes twice means the first.
    """

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, format=FORMATS, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        if not valuelist[0].strip():
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a date and a time, such as 2027-03-15 18:00.")) from None
        wall: Any = self.data
        self.data = in_utc(wall, zone_named(viewer().timezone))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(zone_named(viewer().timezone)).strftime(FORMATS[0]) if self.data else ""


def in_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which that zone's clocks show this. ValueError, with a sentence, when they never do."""
    if wall.year not in YEARS:
        raise ValueError(_("Choose a year between 2000 and 2100."))
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise ValueError(_("That night clocks are put forward, and this hour does not exist. Choose another."))
    return moment


class PlausibleYear:
    """Validator of a date: between 2000 and 2100."""

    def __call__(self, _form: Any, field: Any) -> None:
        if isinstance(field.data, date) and field.data.year not in YEARS:
            raise ValidationError(_l("Choose a year between 2000 and 2100."))
