"""The product's words for what is stored: phases, keys, seats, sums of money."""

from __future__ import annotations

from functools import lru_cache

from babel.numbers import format_compact_currency
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ideabox.ideas.models import campaign as c

PHASES = {
    c.DRAFT: _l("Draft"),
    c.SUGGEST: _l("Suggest"),
    c.IMPROVE: _l("Improve"),
    c.VOTE: _l("Vote"),
    c.EVALUATE: _l("Evaluate"),
    c.DECIDE: _l("Decide"),
    c.DELIVER: _l("Deliver"),
    c.CLOSED: _l("Closed"),
}
KEYS = {
    "culture": _l("Culture"),
    "innovation": _l("Innovation"),
    "reactivity": _l("Reactivity"),
    "attractiveness": _l("Attractiveness"),
}
SEATS = {c.SPONSOR: _l("Sponsor"), c.MANAGER: _l("Campaign manager"), c.EVALUATOR: _l("Evaluator")}


def cost(low: int | None, high: int | None, currency: str = "EUR") -> str:
    """What an idea would cost, in the few words of a card; empty when nobody has said."""
    if low is None and high is None:
        return ""
    low, high = low or 0, high if high is not None else low or 0
    if high == 0:
        return _("no cost")
    if low in (0, high):
        return _("about %(sum)s", sum=money(high, currency)) if low else _("up to %(sum)s", sum=money(high, currency))
    return _("%(low)s to %(high)s", low=money(low, currency), high=money(high, currency))


def money(amount: int, currency: str = "EUR") -> str:
    """€3K, €420, 1,2 M€: short enough for a card, as the reader's language writes it."""
    return _compact(amount, currency, str(get_locale() or "en"))


@lru_cache(maxsize=4096)
def _compact(amount: int, currency: str, locale: str) -> str:
    leading = int(str(amount)[: (len(str(amount)) - 1) % 3 + 1])
    return format_compact_currency(amount, currency, locale=locale, fraction_digits=1 if leading < 10 else 0)
