"""Forms of accounts. Their validators ask the rules, so that page and action refuse the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from ideabox.accounts.models import KEYS, LANGUAGES, ROLES, THEMES
from ideabox.accounts.rules.names import may_be_name
from ideabox.accounts.rules.passwords import may_be_password
from ideabox.forms import Form, Safe
from ideabox.verdict import Verdict

LANGUAGE_NAMES = (("en", "English"), ("fr", "Français"))
ROLE_NAMES = (
    ("admin", _l("Admin")),
    ("leadership", _l("Leadership")),
    ("moderator", _l("Moderator")),
    ("talent", _l("Talent")),
)
KEY_NAMES = (
    ("culture", _l("Culture")),
    ("innovation", _l("Innovation")),
    ("reactivity", _l("Reactivity")),
    ("attractiveness", _l("Attractiveness")),
)
OPEN_TO_NAMES = (
    ("build", _l("Build on ideas")),
    ("review", _l("Review a draft")),
    ("mentor", _l("Mentor somebody")),
)
assert {name for name, _label in ROLE_NAMES} == set(ROLES)  # noqa: S101
assert {name for name, _label in KEY_NAMES} == set(KEYS)  # noqa: S101
assert {name for name, _label in LANGUAGE_NAMES} == set(LANGUAGES)  # noqa: S101


class Ruled:
    """Validator that asks a rule about the text."""

    def __init__(self, rule: Callable[[str], Verdict]) -> None:
        self.rule = rule

    def __call__(self, _form: Any, field: Any) -> None:
        verdict = self.rule(field.data or "")
        if not verdict:
            raise ValidationError(str(verdict.reason))


def address_of(text: str) -> str:
    """An e-mail address as it is stored (lower case, ASCII host); ValueError with a sentence when it is none."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        raise ValueError(_("This is not an e-mail address, such as ada@company.com.")) from None
    return str(checked.ascii_email or checked.normalized).lower()


class Address:
    """Validator for an e-mail address; leaves it as it is stored."""

    def __call__(self, _form: Any, field: Any) -> None:
        try:
            field.data = address_of(field.data or "")
        except ValueError as fault:
            raise ValidationError(str(fault)) from None


def email_field() -> StringField:
    needed = InputRequired(_l("Type an e-mail address."))
    return StringField(_l("Work e-mail"), validators=[needed, Length(max=254), Address()])


def name_field(label: Any) -> StringField:
    return StringField(label, validators=[InputRequired(_l("Type a name.")), Ruled(may_be_name)])


def password_field() -> PasswordField:
    return PasswordField(_l("New password"), validators=[InputRequired(_l("Choose a password."))])


class _Password(Form):
    """A form in which a new password is chosen. `known` holds email and name that it must not repeat."""

    known: dict[str, str]

    def __init__(self, *args: Any, known: dict[str, str] | None = None, **kwargs: Any) -> None:
        self.known = known or {}
        super().__init__(*args, **kwargs)

    def validate_password(self, field: Any) -> None:
        own = {name: self[name].data or "" for name in ("email", "name") if name in self}
        Ruled(lambda text: may_be_password(text, **{**self.known, **own}))(self, field)


class SignInForm(Form):
    email = StringField(_l("Work e-mail"), validators=[InputRequired(_l("Type your address.")), Length(max=254)])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Type your password.")), Length(max=1000)])
    next = HiddenField()


class ForgotForm(Form):
    email = email_field()


class ResetForm(_Password):
    password = password_field()


class InvitationForm(_Password):
    name = name_field(_l("Your name"))
    password = password_field()


class WelcomeForm(_Password):
    organisation = name_field(_l("Name of your organisation"))
    name = name_field(_l("Your name"))
    email = email_field()
    password = password_field()
    lang = SelectField(_l("Language"), choices=LANGUAGE_NAMES)
    timezone = HiddenField(default="Europe/Paris")

    def validate_timezone(self, field: Any) -> None:
        if field.data not in available_timezones():
            field.data = "Europe/Paris"


class ChangePasswordForm(_Password):
    current = PasswordField(_l("Present password"), validators=[InputRequired(_l("Type your present password."))])
    password = password_field()


class CheckboxesField(SelectMultipleField):
    """Several of a few, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class IdentityForm(Form):
    name = name_field(_l("Name"))
    help_with = TextAreaField(_l("What I can help with"), validators=[Optional(), Length(max=500), Safe()])
    languages = StringField(_l("Languages"), validators=[Optional(), Length(max=200), Safe()])
    open_to = CheckboxesField(_l("Open to"), choices=OPEN_TO_NAMES)


class LookForm(Form):
    theme = RadioField(
        _l("Colours"),
        choices=[
            ("system", _l("Like the device")),
            ("light", _l("Light")),
            ("dark", _l("Dark")),
            ("contrast", _l("High contrast")),
        ],
    )
    density = RadioField(_l("Density"), choices=[("comfortable", _l("Comfortable")), ("compact", _l("Compact"))])
    lang = SelectField(_l("Language"), choices=LANGUAGE_NAMES)
    timezone = SelectField(_l("Time zone"))
    keys_on = BooleanField(_l("Single keys"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timezone.choices = zones()


assert [value for value, _label in LookForm.theme.kwargs["choices"]] == list(THEMES)  # noqa: S101


def zones() -> list[str]:
    """Names of time zones a person may live in, without the old and the technical ones."""
    old = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "posix", "right/")
    return [*sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(old)), "UTC"]


class UnitChoice(SelectField):
    """A unit of the tree by its uid; empty for none. Choices are set by the view."""

    def offer(self, branches: Any, nothing: Any) -> None:
        indented = [(branch.uid, "\u2003" * branch.depth + branch.name) for branch in branches]
        self.choices = [("", nothing), *indented]


class AddPersonForm(Form):
    name = name_field(_l("Name"))
    email = email_field()
    unit = UnitChoice(_l("Unit"), default="")
    lang = SelectField(_l("Language"), choices=LANGUAGE_NAMES)


class PersonForm(Form):
    name = name_field(_l("Name"))
    unit = UnitChoice(_l("Unit"), default="")
    roles = CheckboxesField(_l("Roles"), choices=ROLE_NAMES)


_CODE = Regexp(r"^[a-z0-9][a-z0-9._-]*$", message=_l("Small letters, digits, dots and hyphens."))


class AddUnitForm(Form):
    name = name_field(_l("Name"))
    code = StringField(_l("Code"), validators=[InputRequired(_l("Type a code.")), Length(max=60), _CODE])
    parent = UnitChoice(_l("Stands below"), default="")


class UnitForm(Form):
    name = name_field(_l("Name"))
    parent = UnitChoice(_l("Stands below"), default="")


class OrganisationForm(Form):
    name = name_field(_l("Name of the organisation"))
    lang = SelectField(_l("Language of new people"), choices=LANGUAGE_NAMES)
    timezone = SelectField(_l("Time zone of new people"))
    leading_key = RadioField(_l("The key that leads"), choices=KEY_NAMES)
    answer_hours = IntegerField(
        _l("First answer within, in hours"), validators=[InputRequired(), NumberRange(min=1, max=720)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timezone.choices = zones()


class ImportForm(Form):
    file = FileField(_l("CSV file"), validators=[FileRequired(_l("Choose a file."))])
    invite = BooleanField(_l("Mail an invitation to each new person"))
    do = BooleanField()
