"""What the talk wants of a person: questions to answer, reports to judge."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from ideabox.database import db
from ideabox.ideas.models.idea import LIVE, Idea, IdeaTally
from ideabox.ideas.queries.moderation import waiting_things
from ideabox.needs import Entry, Need
from ideabox.viewer import Viewer

MINUTES_EACH = 3
MOST = 5


def questions(viewer: Viewer) -> list[Need]:
    """Open questions on one's own ideas, an idea a line."""
    query = (
        select(Idea.uid, Idea.title, IdeaTally.questions)
        .join(IdeaTally, IdeaTally.idea_id == Idea.id)
        .where(Idea.author_id == viewer.id, Idea.stage.in_(LIVE), Idea.hidden_at.is_(None), IdeaTally.questions > 0)
        .order_by(Idea.id)
        .limit(MOST)
    )
    return [
        Need(
            key=f"question-{row.uid}",
            title=row.title,
            why=ngettext("%(num)d open question", "%(num)d open questions", row.questions),
            action=_("Answer"),
            url=url_for("ideas.show", uid=row.uid) + "#talk",
            icon="message-circle-question-mark",
            minutes=MINUTES_EACH * row.questions,
        )
        for row in db.session.execute(query)
    ]


def reports(viewer: Viewer) -> list[Need]:
    """Reports that wait for a moderator."""
    waiting = waiting_things() if viewer.is_moderator else 0
    if not waiting:
        return []
    title = ngettext("%(num)d text was reported", "%(num)d texts were reported", waiting)
    return [
        Need(
            key="reports",
            title=title,
            why=_("You are a moderator"),
            action=_("Decide"),
            url=url_for("moderate.index"),
            icon="shield-check",
            minutes=MINUTES_EACH * waiting,
            people_voice=False,
        )
    ]


def entries(viewer: Viewer) -> list[Entry]:
    """The command menu's own lines of this feature."""
    return [Entry(_("Do"), _("New idea"), "plus", url_for("ideas.compose"), "c")]
