"""Forms of those who talk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from ideabox import ids
from ideabox.forms import Form, Safe

MOST_WORDS = 5000


class CommentForm(Form):
    """One turn of talk. `parent` is the uid of the comment it answers."""

    body = TextAreaField(
        _l("What would you add?"),
        validators=[DataRequired(_l("Write something first.")), Length(max=MOST_WORDS), Safe()],
    )
    question = BooleanField(_l("This is a question to the author"))
    parent = HiddenField(validators=[Optional(), Regexp(f"^[2-9a-z]{{{ids.LENGTH}}}$")])


class CommentEditForm(Form):
    """Other words for one's own comment."""

    body = TextAreaField(
        _l("Your words"), validators=[DataRequired(_l("Write something first.")), Length(max=MOST_WORDS), Safe()]
    )
