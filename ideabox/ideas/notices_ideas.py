"""Who hears of talk, new versions and moderation: the author, those addressed, those who follow."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.models.campaign import Campaign
from ideabox.ideas.models.idea import Idea, IdeaFollow
from ideabox.ideas.models.talk import Comment, Mention, Report
from ideabox.ideas.rules.names import author_shown
from ideabox.markdown import excerpt
from ideabox.notifications.actions import notify
from ideabox.notifications.kinds import Kind
from ideabox.notifications.models import AROUND, ASKED, YOURS

EVENTS = (
    "comment.deleted",
    "comment.edited",
    "comment.posted",
    "draft.discarded",
    "file.described",
    "idea.edited",
    "idea.followed",
    "idea.reported",
    "idea.submitted",
    "idea.unfollowed",
    "idea.withdrawn",
    "question.answered",
    "report.resolved",
)
SAID = 120
NOBODY = 0


def _idea(data: dict[str, Any]) -> str:
    return url_for("ideas.show", uid=data["about"])


def _comment(data: dict[str, Any]) -> str:
    return url_for("ideas.show", uid=data["about"], turn=data["comment"], _anchor=f"c-{data['comment']}")


def _who(data: dict[str, Any]) -> str:
    return data["who"] or _("The author")


def _asks(data: dict[str, Any]) -> str:
    return _("%(who)s asks about “%(title)s”: %(said)s", who=_who(data), title=data["title"], said=data["said"])


def _addresses(data: dict[str, Any]) -> str:
    return _("%(who)s addresses you at “%(title)s”: %(said)s", who=_who(data), title=data["title"], said=data["said"])


def _answers(data: dict[str, Any]) -> str:
    return _("%(who)s answers you at “%(title)s”: %(said)s", who=_who(data), title=data["title"], said=data["said"])


def _says(data: dict[str, Any]) -> str:
    return _("%(who)s about “%(title)s”: %(said)s", who=_who(data), title=data["title"], said=data["said"])


def _changed(data: dict[str, Any]) -> str:
    return _("“%(title)s” has a new version, number %(version)s", title=data["title"], version=data["version"])


def _judged(data: dict[str, Any]) -> str:
    if data["hidden"]:
        return _("Moderators have hidden what you wrote at “%(title)s”: %(why)s", title=data["title"], why=data["why"])
    return _("What you wrote at “%(title)s” was reported and stays: %(why)s", title=data["title"], why=data["why"])


def _decided(data: dict[str, Any]) -> str:
    if data["hidden"]:
        return _("What you reported at “%(title)s” is hidden: %(why)s", title=data["title"], why=data["why"])
    return _("What you reported at “%(title)s” stays: %(why)s", title=data["title"], why=data["why"])


def _reported(data: dict[str, Any]) -> str:
    return _("A report waits for a moderator: “%(title)s”", title=data["title"])


def _report(data: dict[str, Any]) -> str:
    return url_for("moderate.show", uid=data["report"])


def _home(_data: dict[str, Any]) -> str:
    return url_for("moderate.index")


_AUTHOR, _FOLLOWS = _l("You wrote the idea."), _l("You follow this idea.")
KINDS = (
    Kind("idea.question", ASKED, _AUTHOR, _asks, _comment, "message-circle-question-mark"),
    Kind("comment.mention", ASKED, _l("You are addressed by name."), _addresses, _comment, "message-square"),
    Kind("comment.answer", YOURS, _l("It answers what you said."), _answers, _comment, "message-square"),
    Kind("idea.comment", YOURS, _AUTHOR, _says, _comment, "message-square"),
    Kind("idea.talk", AROUND, _FOLLOWS, _says, _comment, "message-square"),
    Kind("idea.version", AROUND, _FOLLOWS, _changed, _idea, "history"),
    Kind("text.judged", YOURS, _l("You wrote it."), _judged, _idea, "shield-check", mutable=False),
    Kind("report.decided", YOURS, _l("You reported it."), _decided, _home, "shield-check"),
    Kind("report.waits", ASKED, _l("You are a moderator."), _reported, _report, "shield-check"),
)


def followers(idea_id: int) -> set[int]:
    return set(db.session.scalars(select(IdeaFollow.person_id).where(IdeaFollow.idea_id == idea_id)))


def tell_of_comment(event: Event) -> None:
    """One notice a person: being addressed counts before being answered, that before being the author or a follower."""
    comment = db.session.scalar(select(Comment).where(Comment.uid == event.subject, Comment.deleted_at.is_(None)))
    if comment is None or comment.hidden_at is not None:
        return
    idea, campaign = _of(comment.idea_id)
    data = {"title": idea.title, "comment": comment.uid, "said": excerpt(comment.body, SAID)}
    data["who"] = _speaker(comment, idea, campaign)
    told: set[int] = set()
    for kind, people in _hearers(comment, idea):
        notify(event, people - told, kind, about=idea.uid, **data)
        told |= people


def _of(idea_id: int) -> tuple[Idea, Campaign]:
    query = select(Idea, Campaign).join(Campaign, Campaign.id == Idea.campaign_id).where(Idea.id == idea_id)
    idea, campaign = db.session.execute(query).one()
    return idea, campaign


def _speaker(comment: Comment, idea: Idea, campaign: Campaign) -> str:
    """The name of whoever speaks; empty for an author whose name is not shown."""
    if comment.author_id == idea.author_id:
        shown = author_shown(NOBODY, idea.author_id, idea.privacy, campaign.phase)
        if comment.as_author or shown != "named":
            return ""
    return db.session.scalar(select(Person.name).where(Person.id == comment.author_id)) or ""


def _hearers(comment: Comment, idea: Idea) -> list[tuple[str, set[int]]]:
    mentioned = set(db.session.scalars(select(Mention.person_id).where(Mention.comment_id == comment.id)))
    parent = db.session.get(Comment, comment.parent_id) if comment.parent_id else None
    return [
        ("comment.mention", mentioned),
        ("comment.answer", {parent.author_id} if parent else set()),
        ("idea.question" if comment.is_question else "idea.comment", {idea.author_id}),
        ("idea.talk", followers(idea.id)),
    ]


def tell_of_version(event: Event) -> None:
    if event.idea_id is not None:
        idea, _campaign = _of(event.idea_id)
        people = followers(idea.id)
        notify(event, people, "idea.version", about=idea.uid, title=idea.title, version=event.data["version"])


def tell_moderators(event: Event) -> None:
    if event.idea_id is not None:
        idea, _campaign = _of(event.idea_id)
        people = db.session.scalars(select(Person.id).where(Person.is_moderator, Person.active))
        notify(event, set(people), "report.waits", about=idea.uid, title=idea.title, report=event.subject)


def tell_of_decision(event: Event) -> None:
    """Whoever wrote it and whoever reported it."""
    report = db.session.scalar(select(Report).where(Report.uid == event.subject))
    if report is None:
        return
    idea, _campaign = _of(report.idea_id)
    comment = db.session.get(Comment, report.comment_id) if report.comment_id else None
    facts = {"title": idea.title, "hidden": event.data["resolution"] == "hidden", "why": event.data["reason"]}
    notify(event, {comment.author_id if comment else idea.author_id}, "text.judged", about=idea.uid, **facts)
    same = Report.comment_id == report.comment_id if comment else Report.comment_id.is_(None)
    reporters = db.session.scalars(select(Report.reporter_id).where(Report.idea_id == idea.id, same))
    notify(event, set(reporters), "report.decided", about=idea.uid, **facts)


REACTIONS = {
    "comment.posted": (tell_of_comment,),
    "idea.edited": (tell_of_version,),
    "idea.reported": (tell_moderators,),
    "report.resolved": (tell_of_decision,),
}
