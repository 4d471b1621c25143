"""Forms: every text is cleaned before a rule or a database sees it, and every form carries a client key."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, ValidationError
from wtforms.i18n import get_translations as library_words
from wtforms.validators import Length

from ideabox import events

ALLOWED_CONTROLS = {"\n", "\t"}
INVISIBLE_DIRECTION = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
MAX_COMBINING_RUN = 8
#: Letters by category that draw nothing: Hangul fillers, the empty Braille cell, the Khmer inherent vowels.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
#: Farther out than any range that a form allows.
BEYOND = 10**30


def printable(value: str | None) -> str:
    """A hidden field as the page wrote it; nothing of one that no page of ours writes."""
    return value if value and value.isprintable() else ""


class Form(FlaskForm):
    """Base of all forms. `client_key` makes sending twice the same as sending once."""

    client_key = HiddenField(default=events.new_client_key, filters=[printable], validators=[Length(max=64)])

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            filters = [*unbound_field.kwargs.get("filters", []), tidy, bounded]
            return unbound_field.bind(form=form, **{**options, "filters": filters})

        def get_translations(self, form: Any) -> Any:
            # Flask-WTF's own reads the library's catalogue from disk for every page that holds a form.
            return _library_words(str(get_locale() or "en"))

    def refuse(self, field: str, sentence: str) -> None:
        """Add an error found by an action, so that the page shows it like any other."""
        target = self._fields[field]
        target.errors = [*target.errors, sentence]


@lru_cache(maxsize=8)
def _library_words(lang: str) -> Any:
    """What the forms library says by itself ("This field is required"), in this language."""
    return library_words([lang])


def tidy(value: Any) -> Any:
    """Normalise line ends and Unicode (NFC), trim; a text of which nothing can be seen is none. Other types stay."""
    if not isinstance(value, str):
        return value
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return value if any(map(_draws, value)) or any(map(_refused, value)) else ""


def _draws(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNPS" and char not in BLANK


def _refused(char: str) -> bool:
    """What `fault_in` tells of by name, rather than that nothing was written."""
    return unicodedata.category(char) in ("Cc", "Cs") or char in INVISIBLE_DIRECTION


def bounded(value: Any) -> Any:
    """Bring a whole number of hundreds of digits to one that is refused as well: range checks turn it into a float."""
    return max(-BEYOND, min(value, BEYOND)) if type(value) is int else value


def fault_in(text: str) -> str | None:
    """Why a text cannot be stored or shown safely, as a sentence; None when it can."""
    if any(unicodedata.category(char) == "Cs" for char in text):
        return str(_l("This text holds half a character. Type the passage again."))
    for char in text:
        if char not in ALLOWED_CONTROLS and unicodedata.category(char) == "Cc":
            return str(_l("This text holds an invisible control character. Paste it as plain text."))
        if char in INVISIBLE_DIRECTION:
            return str(_l("This text holds a hidden mark that reverses the writing direction. Paste it as plain text."))
    return _pile_of_marks(text)


def _pile_of_marks(text: str) -> str | None:
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MAX_COMBINING_RUN:
            return str(_l("A letter in this text carries too many accents to be read. Take some away."))
    return None


class Safe:
    """Validator for every text field: storable on both databases, readable by everybody."""

    def __call__(self, _form: Any, field: Any) -> None:
        fault = fault_in(field.data or "")
        if fault:
            raise ValidationError(fault)
