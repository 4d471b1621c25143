"""What accounts bring to the app."""

from __future__ import annotations

from ideabox import mail
from ideabox.accounts import browsers, commands, mails, overview, session
from ideabox.accounts.views import (  # noqa: F401 - their routes
    admin_import,
    admin_people,
    admin_units,
    links,
    people,
    settings,
    sign_in,
    welcome,
)
from ideabox.accounts.views.blueprints import accounts, admin
from ideabox.parts import Part

part = Part(
    name="accounts",
    blueprints=(accounts, admin),
    events=(
        *overview.CHANGES,
        "person.invitation_accepted",
        "person.signed_in",
        "person.signed_out",
        "person.updated",
        "password.changed",
        "password.reset",
        "password.reset_asked",
        "people.exported",
        "mails.tried_again",
        "events.tried_again",
    ),
    reactions={
        "password.reset_asked": (mails.mail_reset,),
        "person.invited": (mails.mail_invitation,),
    },
    commands=(commands.group,),
    hooks=(session.install, browsers.install),
    ticks=(mail.send_due,),
)
