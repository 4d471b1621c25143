"""What accounts bring to the app."""

from __future__ import annotations

from ideabox import mail
from ideabox.accounts import session
from ideabox.parts import Part

part = Part(
    name="accounts",
    hooks=(session.install,),
    ticks=(mail.send_due,),
)
