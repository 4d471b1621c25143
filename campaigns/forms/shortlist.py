"""Forms of the ranking page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from ideabox import ids
from ideabox.forms import Form, Safe


class ChoiceForm(Form):
    """Put an idea on the shortlist ('1') or take it off ('0')."""

    idea = HiddenField(validators=[Length(ids.LENGTH, ids.LENGTH), Safe()])
    chosen = HiddenField(default="1", validators=[AnyOf(("0", "1"))])
    reason = TextAreaField(_l("If you choose it, why?"), validators=[Length(max=1000), Safe()])


class ObjectionForm(Form):
    """The main thing said against an idea."""

    idea = HiddenField(validators=[Length(ids.LENGTH, ids.LENGTH), Safe()])
    words = StringField(_l("Main objection, in a few words"), validators=[Length(max=80), Safe()])


class PlainForm(Form):
    """A button: nothing but the client key."""
