"""What notifications bring to the app."""

from __future__ import annotations

from sqlalchemy import func, select

from ideabox.accounts.models import Person
from ideabox.accounts.queries import extra_facts
from ideabox.notifications.models import Notice
from ideabox.notifications.views import commands, inbox, mailbox
from ideabox.parts import Part

extra_facts["unread"] = (
    select(func.count())
    .select_from(Notice)
    .where(Notice.person_id == Person.id, Notice.read_at.is_(None))
    .correlate(Person)
    .scalar_subquery()
)

part = Part(
    name="notifications",
    blueprints=(inbox.blueprint, mailbox.blueprint, commands.blueprint),
    events=("notice.muted", "notice.unmuted"),
)
