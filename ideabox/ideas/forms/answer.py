"""Forms of whoever reads a letter."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from ideabox.forms import Form, Safe


class ReplyForm(Form):
    """The author's one answer to a letter."""

    words = TextAreaField(
        _l("Your answer"),
        validators=[DataRequired(_l("Write your answer first.")), Length(max=2000), Safe()],
    )
