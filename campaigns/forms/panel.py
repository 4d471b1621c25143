"""Forms of the panel: begin, brief, team, phases, news."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange
from wtforms.validators import Optional as May

from campaigns.forms.panel_fields import MomentField, PlausibleYear
from ideabox.forms import Form, Safe
from ideabox.ideas.words import KEYS

TEXTS = (
    "problem",
    "who_suffers",
    "good_looks_like",
    "in_scope",
    "out_of_bounds",
    "afterwards",
    "questions_answered",
    "prizes",
)
MOMENTS = ("suggest_at", "improve_at", "vote_at", "evaluate_at", "decide_at", "deliver_at", "close_at")
CRITERIA = range(1, 7)
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "CAD", "SEK", "PLN", "JPY")
MOST_MONEY = 2_000_000_000
LANGUAGES = (SelectChoice("en", _l("English")), SelectChoice("fr", _l("French")))


def _text(label: Any) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=8000), Safe()])


def _number(label: Any, least: int, most: int) -> IntegerField:
    said = _l("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
    return IntegerField(label, validators=[NumberRange(least, most, message=said)])


class BeginForm(Form):
    """From which template, in which language."""

    template = RadioField(_l("Start from"), default="blank", validators=[DataRequired()])
    lang = SelectField(_l("Language of the campaign"), choices=LANGUAGES)


class BriefForm(Form):
    """Everything about a campaign but its team. `base`: what was stored when the form was opened."""

    base = HiddenField(validators=[Length(max=20)])
    question = StringField(
        _l("The question"),
        validators=[DataRequired(_l("Write the question that people will answer.")), Length(max=200), Safe()],
    )
    problem = _text(_l("The problem"))
    who_suffers = _text(_l("Who suffers from it"))
    good_looks_like = _text(_l("What good looks like"))
    in_scope = _text(_l("In scope"))
    out_of_bounds = _text(_l("Out of bounds"))
    afterwards = _text(_l("What happens afterwards"))
    questions_answered = _text(_l("Questions and answers"))
    prizes = _text(_l("Thanks"))
    leading_key = SelectField(_l("What it serves first"), choices=[SelectChoice(*key) for key in KEYS.items()])
    lang = SelectField(_l("Language"), choices=LANGUAGES)
    audience = RadioField(
        _l("Who is asked"), choices=[SelectChoice("all", _l("Everybody")), SelectChoice("units", _l("Some units"))]
    )
    units = SelectMultipleField(
        _l("Units that are asked"),
        validate_choice=True,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    suggest_at = MomentField(_l("Suggest opens"))
    improve_at = MomentField(_l("Improve opens"))
    vote_at = MomentField(_l("Vote opens"))
    evaluate_at = MomentField(_l("Evaluate opens"))
    decide_at = MomentField(_l("Decide opens"))
    deliver_at = MomentField(_l("Deliver opens"))
    close_at = MomentField(_l("Closes"))
    promise_on = DateField(_l("Every idea is answered by"), validators=[May(), PlausibleYear()])
    good_limit = _number(_l("How many ideas may each voter call good?"), 1, 50)
    best_limit = _number(_l("How many of them may be one of the best?"), 0, 50)
    places = _number(_l("Places on the shortlist"), 1, 500)
    budget = IntegerField(
        _l("Budget"),
        validators=[
            May(),
            NumberRange(0, MOST_MONEY, message=_l("Write a whole sum, from 0 to 2 thousand million.")),
        ],
    )
    currency = SelectField(_l("Currency"), choices=[SelectChoice(code) for code in CURRENCIES])

    def validate_best_limit(self, field: Any) -> None:
        good = self.good_limit.data
        if field.data is not None and good is not None and field.data > good:
            raise ValidationError(_("The best are among the good: not more than %(n)s.", n=good))

    @property
    def criteria(self) -> list[tuple[Any, Any, Any, Any]]:
        """The six rows of fields: name, low end, high end, weight."""
        parts = ("", "_low", "_high", "_weight")
        return [tuple(self[f"criterion_{n}{part}"] for part in parts) for n in CRITERIA]  # type: ignore[misc]

    @property
    def criteria_data(self) -> list[dict[str, Any]]:
        """The rows in which a name stands, in order."""
        return [
            {
                "name": name.data,
                "low_anchor": low.data or "",
                "high_anchor": high.data or "",
                "weight": weight.data or 0,
            }
            for name, low, high, weight in self.criteria
            if name.data
        ]


for _n in CRITERIA:
    _short = [Length(max=200), Safe()]
    _weight = NumberRange(0, 100, message=_l("Write a whole number from 0 to 100."))
    setattr(BriefForm, f"criterion_{_n}", StringField(_l("Criterion %(n)s", n=_n), validators=list(_short)))
    setattr(BriefForm, f"criterion_{_n}_low", StringField(_l("Its low end"), validators=list(_short)))
    setattr(BriefForm, f"criterion_{_n}_high", StringField(_l("Its high end"), validators=list(_short)))
    setattr(BriefForm, f"criterion_{_n}_weight", IntegerField(_l("Weight"), validators=[May(), _weight]))


class TeamForm(Form):
    """People by name or e-mail, one a line. `base`: as for the brief."""

    base = HiddenField(validators=[Length(max=20)])
    sponsor = StringField(_l("Sponsor"), validators=[Length(max=254), Safe()])
    managers = TextAreaField(_l("Campaign managers"), validators=[Length(max=4000), Safe()])
    evaluators = TextAreaField(_l("Evaluators"), validators=[Length(max=8000), Safe()])


class MoveForm(Form):
    """To which phase, and why."""

    to = RadioField(_l("Move to"), validators=[DataRequired(_l("Choose a phase."))])
    reason = TextAreaField(_l("Why now?"), validators=[Length(max=500), Safe()])


class NewsForm(Form):
    """News in Markdown."""

    body = TextAreaField(_l("News"), validators=[DataRequired(_l("Write what is new.")), Length(max=8000), Safe()])


class PlainForm(Form):
    """A button: nothing but the client key."""
