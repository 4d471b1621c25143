"""Forms of the letters."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional

from ideabox.forms import Form, Safe
from ideabox.ideas.rules.answer import ACCEPTED, NEEDS_CLARIFICATION, NOT_RETAINED, PARKED, Answer

PART = [Length(max=2000), Safe()]


class LetterForm(Form):
    """Outcome and five short parts. `seen` lists which letter of each idea its writer answers after ("uid:0,uid:1")."""

    seen = HiddenField(validators=[Length(max=400), Safe()])
    outcome = RadioField(
        _l("What became of it"),
        choices=[
            SelectChoice(ACCEPTED, _l("Accepted")),
            SelectChoice(NOT_RETAINED, _l("Not retained")),
            SelectChoice(PARKED, _l("Parked until a date")),
            SelectChoice(NEEDS_CLARIFICATION, _l("Needs clarification")),
        ],
        validators=[InputRequired(_l("Choose what became of the idea."))],
    )
    parked_until = DateField(_l("Parked until"), validators=[Optional()])
    understood = TextAreaField(_l("What we understood"), validators=PART)
    spoke_for = TextAreaField(_l("What spoke for it"), validators=PART)
    reason = TextAreaField(
        _l("Why"), validators=[DataRequired(_l("Say why. It is what the author reads first.")), *PART]
    )
    would_change = TextAreaField(_l("What would change it"), validators=PART)
    next_step = TextAreaField(_l("What you may do next"), validators=PART)
    tell_voters = BooleanField(default=True)

    def answer(self) -> Answer:
        """What was written, whether or not it is complete."""
        parts = ("understood", "spoke_for", "reason", "would_change", "next_step")
        words = {name: self._fields[name].data or "" for name in parts}
        return Answer(outcome=self.outcome.data or "", parked_until=self.parked_until.data, **words)

    def numbers(self) -> dict[str, int]:
        """Letters that each idea had when the form was opened."""
        pairs = (pair.partition(":") for pair in (self.seen.data or "").split(",") if ":" in pair)
        return {uid: int(count) for uid, _colon, count in pairs if count.isdecimal() and len(count) < 4}

    def storable(self) -> bool:
        """Whether a draft can be kept: nothing too long, nothing unsafe. A draft may lack what a letter must have."""
        self.validate()
        asked = {
            str(_required) for _required in (self.outcome.validators[0].message, self.reason.validators[0].message)
        }
        faults = [str(fault) for field in self for fault in field.errors if field.name != "outcome"]
        return all(fault in asked for fault in faults)


def filled(draft: Any) -> dict[str, Any]:
    """A kept draft as the data of a new form."""
    names = ("outcome", "understood", "spoke_for", "reason", "would_change", "next_step", "parked_until")
    return {name: getattr(draft, name) for name in names} if draft else {}


class FollowUpForm(Form):
    """How an accepted idea goes on."""

    stage = HiddenField(validators=[AnyOf(("in_progress", "delivered"))])
    words = StringField(
        _l("What has happened"),
        validators=[DataRequired(_l("Say in a line what has happened.")), Length(max=200), Safe()],
    )
