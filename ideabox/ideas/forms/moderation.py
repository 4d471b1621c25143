"""Forms of reporting and moderating."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from ideabox.forms import Form, Safe

REASONS = (
    ("insult", _l("It insults or threatens somebody")),
    ("private", _l("It shows something private or secret")),
    ("false_name", _l("It pretends to be somebody else")),
    ("advert", _l("It is an advertisement")),
    ("other", _l("Something else, told below")),
)


class ReportForm(Form):
    """Why a moderator should look."""

    reason = RadioField(
        _l("What is wrong?"),
        choices=[SelectChoice(*reason) for reason in REASONS],
        validators=[InputRequired(_l("Choose one."))],
    )
    words = TextAreaField(_l("In your words"), validators=[Length(max=1000), Safe()])


class ResolveForm(Form):
    """What a moderator decides, and why."""

    resolution = RadioField(
        _l("Decision"),
        choices=[SelectChoice("kept", _l("Keep it")), SelectChoice("hidden", _l("Hide it"))],
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = TextAreaField(
        _l("Reason, told to whoever wrote it"),
        validators=[
            InputRequired(_l("Give the reason: it is told to whoever wrote this.")),
            Length(min=10, max=200, message=_l("Between %(min)d and %(max)d characters.")),
            Safe(),
        ],
    )
