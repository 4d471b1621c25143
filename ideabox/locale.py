"""Language, zone, and how dates and numbers are written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale, get_timezone, get_translations
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from ideabox import clock

LANGUAGES = ("en", "fr")
DEFAULT_ZONE = "Europe/Paris"
HOUR, DAY = 60, 24 * 60
babel = Babel()


def install(app: Flask) -> None:
    babel.init_app(app, locale_selector=_language, timezone_selector=_zone)
    for name, function in (
        ("date", in_date),
        ("day", in_day),
        ("datetime", in_datetime),
        ("number", in_number),
        ("ago", in_ago),
        ("weekday", in_weekday),
        ("until", in_until),
    ):
        app.add_template_filter(function, name)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda words: _words().ugettext(words),
        lambda one, many, n: _words().ungettext(one, many, n),
        newstyle=True,
        pgettext=lambda context, words: _words().upgettext(context, words),
    )
    # Templates call this a hundred times a page; the extension's own goes through three more calls each time.
    app.jinja_env.globals["_"] = _in_page
    app.context_processor(lambda: {"lang": str(get_locale() or "en")})


@pass_eval_context
def _in_page(kind: EvalContext, words: str, /, **values: Any) -> str:
    """A translated sentence of a template; in a page its values are escaped, in the text of a mail they are not."""
    told = _words().ugettext(words)
    sentence: str = Markup(told) if kind.autoescape else told  # noqa: S704 (the catalogue's sentences are ours)
    return sentence % values


def _words() -> Any:
    """The translations in the present language, looked up once a page: a page asks for a hundred words."""
    page = g._get_current_object().__dict__
    kept: tuple[Any, Any] | None = page.get("words")
    # flask-babel keeps the language of the page here, and changes it while a mail is written in another.
    if kept is None or kept[0] is not getattr(page.get("_flask_babel"), "babel_locale", None):
        found = get_translations()
        kept = page["words"] = (get_locale(), found)
    return kept[1]


def _language() -> str:
    if not has_request_context():
        return "en"
    if current_user.is_authenticated:
        return str(current_user.lang)
    chosen = request.cookies.get("lang")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "en") or "en"


def _zone() -> str:
    if has_request_context() and current_user.is_authenticated:
        return str(current_user.timezone)
    return DEFAULT_ZONE


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """The zone of that name; UTC when a stored one has gone from the tables."""
    return ZoneInfo(name if name in available_timezones() else "UTC")


def local(moment: datetime) -> datetime:
    """A moment as the reader's wall clock shows it."""
    zone = get_timezone()
    return moment.astimezone(zone) if zone else moment


def _as_date(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def in_date(value: date | datetime | None) -> str:
    """28 June 2026."""
    return format_date(_as_date(value), "d MMMM y", locale=get_locale()) if value else ""


def in_day(value: date | datetime | None) -> str:
    """28 June, with the year only when it is another one."""
    if not value:
        return ""
    day = _as_date(value)
    pattern = "d MMMM" if day.year == _as_date(clock.now()).year else "d MMMM y"
    return format_date(day, pattern, locale=get_locale())


def in_weekday(value: date | datetime | None) -> str:
    """Friday 28 June."""
    return format_date(_as_date(value), "EEEE d MMMM", locale=get_locale()) if value else ""


def in_datetime(value: datetime | None) -> str:
    """28 June, 18:00 (in French: 28 juin, 18 h 00)."""
    if not value:
        return ""
    pattern = "HH 'h' mm" if str(get_locale()) == "fr" else "HH:mm"
    clock_time = format_datetime(local(value), pattern, locale=get_locale(), tzinfo=local(value).tzinfo)
    return f"{in_day(value)}, {clock_time}"


def in_until(moment: datetime | None) -> str:
    """Friday 18:00 within the coming six days, else 28 June, 18:00."""
    if moment is None:
        return ""
    if not timedelta(0) <= moment - clock.now() < timedelta(days=6):
        return in_datetime(moment)
    pattern = "EEEE HH 'h' mm" if str(get_locale()) == "fr" else "EEEE HH:mm"
    return format_datetime(local(moment), pattern, locale=get_locale(), tzinfo=local(moment).tzinfo)


def in_number(value: float | int | None) -> str:
    """2 180 or 0.61, as the language writes it, thousands in thin groups."""
    if value is None:
        return ""
    if isinstance(value, int) and 0 <= value < 1000:
        return str(value)
    text = format_decimal(value, locale=get_locale())
    return text.replace(",", "\u202f") if str(get_locale()) == "en" else text


def in_ago(moment: datetime | None) -> str:
    """2 days ago; to the minute at the finest."""
    if moment is None:
        return ""
    minutes = round((moment - clock.now()) / timedelta(minutes=1))
    for unit in (DAY, HOUR):
        if abs(minutes) >= 2 * unit:
            minutes = round(minutes / unit) * unit
    return _ago(minutes or -1, str(get_locale() or "en"))


@lru_cache(maxsize=4096)
def _ago(minutes: int, lang: str) -> str:
    gap = timedelta(minutes=minutes)
    return format_timedelta(gap, granularity="minute", add_direction=True, locale=lang, threshold=2)
