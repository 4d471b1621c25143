"""Forms of the author: the composer, a new version, a withdrawal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import HiddenInput

from ideabox import ids
from ideabox.forms import Form, Safe, fault_in, tidy
from ideabox.ideas.models.idea import NAMED, SEALED

MOST_TAGS, TAG_LENGTH = 5, 30
MOST_COST = 1_000_000_000
MOST_FILES = 10
BODY_LENGTH = 20_000
_UID = f"^[2-9a-z]{{{ids.LENGTH}}}$"


def tidy_tags(text: str | None) -> str:
    """Tags as they are stored: 'energy, night shift'; each once, in the order given."""
    words = (" ".join(word.split()) for word in re.split(r"[,;\n]", text or ""))
    return ", ".join(dict.fromkeys(word for word in words if word))


def _one_line(text: Any) -> Any:
    return " ".join(text.split()) if isinstance(text, str) else text


class Words(Form):
    """The text of an idea and what may be said beside it."""

    title = StringField(
        _l("In one line, what would you change?"),
        filters=[_one_line],
        validators=[DataRequired(_l("Say in one line what you would change.")), Length(max=200), Safe()],
    )
    body = TextAreaField(
        _l("Why, and for whom?"),
        validators=[
            DataRequired(_l("Say in a sentence or two why, and for whom.")),
            Length(max=BODY_LENGTH),
            Safe(),
        ],
    )
    difference = StringField(
        _l("In one sentence, what is different?"), filters=[_one_line], validators=[Length(max=400), Safe()]
    )
    differs_from = StringField(_l("Differs from"), validators=[Optional(), Regexp(_UID)])
    cost_low = IntegerField(_l("At least"), validators=[Optional(), NumberRange(0, MOST_COST)])
    cost_high = IntegerField(_l("At most"), validators=[Optional(), NumberRange(0, MOST_COST)])
    cost_note = StringField(_l("What it would be spent on"), validators=[Length(max=200), Safe()])
    who_could_help = StringField(_l("Who could help"), validators=[Length(max=200), Safe()])
    tried_where = StringField(_l("Where it was tried"), validators=[Length(max=200), Safe()])
    tags = StringField(_l("Tags"), filters=[tidy_tags], validators=[Length(max=200), Safe()])
    files = MultipleFileField(_l("Pictures and files"))

    def validate_cost_high(self, field: Any) -> None:
        if field.data is not None and self.cost_low.data is not None and field.data < self.cost_low.data:
            raise ValidationError(_("At most is less than at least. Swap them, or leave one out."))

    def validate_tags(self, field: Any) -> None:
        tags = [tag for tag in (field.data or "").split(", ") if tag]
        if len(tags) > MOST_TAGS or any(len(tag) > TAG_LENGTH for tag in tags):
            raise ValidationError(
                _("At most %(n)s tags of %(length)s letters, parted by commas.", n=MOST_TAGS, length=TAG_LENGTH)
            )


def words_of(form: Words, names: Iterable[str]) -> dict[str, Any]:
    """The fields' values as they are stored: a text that was not sent at all is empty."""
    fields = {name: getattr(form, name) for name in names}
    return {name: field.data if field.type == "IntegerField" else field.data or "" for name, field in fields.items()}


def pictures_described(sent: Mapping[str, str]) -> dict[str, str]:
    """What the fields "alt-<uid of a file>" say of pictures; one that cannot be stored safely is left out."""
    found = {name.removeprefix("alt-"): _one_line(tidy(words)) for name, words in sent.items() if name[:4] == "alt-"}
    kept = list(found.items())[:MOST_FILES]
    return {uid: words for uid, words in kept if re.match(_UID, uid) and len(words) <= 200 and not fault_in(words)}


class IdeaForm(Words):
    """The composer, when the idea is sent."""

    draft = HiddenField(default=ids.new_uid, validators=[Regexp(_UID)])
    base = IntegerField(default=0, widget=HiddenInput(), validators=[NumberRange(0, 2**31 - 1)])
    privacy = RadioField(
        _l("Your name"),
        choices=[SelectChoice(NAMED, _l("Shown")), SelectChoice(SEALED, _l("Sealed"))],
        default=NAMED,
        validators=[InputRequired()],
    )


class DraftForm(IdeaForm):
    """The composer, while the text may still be empty."""

    title = StringField(IdeaForm.title.args[0], filters=[_one_line], validators=[Length(max=200), Safe()])
    body = TextAreaField(IdeaForm.body.args[0], validators=[Length(max=BODY_LENGTH), Safe()])


class VersionForm(Words):
    """A new version of a sent idea. `base` is the version it was made from."""

    base = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    note = StringField(_l("What did you change?"), filters=[_one_line], validators=[Length(max=200), Safe()])


class ReasonForm(Form):
    """A reason one may leave out."""

    reason = StringField(_l("Why"), filters=[_one_line], validators=[Length(max=200), Safe()])
