"""What accounts bring to the app."""

from __future__ import annotations

from ideabox import mail
from ideabox.accounts import browsers, mails, overview, session
from ideabox.accounts.views import links, people, settings, sign_in, welcome  # noqa: F401 - their routes
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
    ),
    reactions={
        "password.reset_asked": (mails.mail_reset,),
        "person.invited": (mails.mail_invitation,),
    },
    hooks=(session.install, browsers.install),
    ticks=(mail.send_due,),
)
