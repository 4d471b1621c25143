"""Who hears of an answer: the author at once and by mail, those who were for the idea in short form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, union

from ideabox import mail, mailtext
from ideabox.accounts.models import Person
from ideabox.database import db
from ideabox.events import Event
from ideabox.ideas.models.answer import FollowUp, Letter
from ideabox.ideas.models.campaign import MANAGER, SPONSOR, Seat
from ideabox.ideas.models.idea import Idea, IdeaFollow
from ideabox.ideas.models.vote import GOOD, Vote
from ideabox.ideas.rules.answer import NEEDS_CLARIFICATION
from ideabox.notifications.actions import notify
from ideabox.notifications.kinds import Kind
from ideabox.notifications.models import AROUND, ASKED, YOURS

OUTCOME_WORDS = {
    "accepted": _l("accepted"),
    "not_retained": _l("not retained this time"),
    "parked": _l("parked"),
    "needs_clarification": _l("in need of a word from its author"),
    "in_progress": _l("in progress"),
    "delivered": _l("delivered"),
}


def outcome_word(data: dict[str, Any]) -> str:
    return str(OUTCOME_WORDS.get(data.get("outcome", ""), data.get("outcome", "")))


def _letter(data: dict[str, Any]) -> str:
    return url_for("letters.show", uid=data["letter"])


def _idea(data: dict[str, Any]) -> str:
    return url_for("ideas.show", uid=data["about"])


KINDS = (
    Kind(
        "letter.received",
        YOURS,
        _l("You wrote the idea."),
        lambda data: _(
            "Your idea “%(title)s” is %(outcome)s. Read the letter.", title=data["title"], outcome=outcome_word(data)
        ),
        _letter,
        "mail",
        mutable=False,
    ),
    Kind(
        "letter.asks",
        ASKED,
        _l("You wrote the idea."),
        lambda data: _("The sponsor asks you something about “%(title)s”.", title=data["title"]),
        _letter,
        "message-circle-question-mark",
        mutable=False,
    ),
    Kind(
        "letter.short",
        AROUND,
        _l("You were for this idea, or follow it."),
        lambda data: _("“%(title)s” is %(outcome)s.", title=data["title"], outcome=outcome_word(data)),
        _letter,
        "mail",
    ),
    Kind(
        "letter.answered",
        ASKED,
        _l("You run the campaign, and a letter was answered."),
        lambda data: _("The author of “%(title)s” answered the letter.", title=data["title"]),
        lambda data: _letter(data) + "#reply",
        "message-square",
    ),
    Kind(
        "idea.goes_on",
        YOURS,
        _l("You wrote the idea, were for it, or follow it."),
        lambda data: _(
            "“%(title)s” is %(outcome)s: %(words)s",
            title=data["title"],
            outcome=outcome_word(data),
            words=data["words"],
        ),
        _idea,
        "package-check",
    ),
)


def tell_of_letter(event: Event) -> None:
    """Reaction to letter.sent: the author by notice and mail, supporters and followers in short form."""
    letter = db.session.scalar(select(Letter).where(Letter.uid == event.subject))
    idea = db.session.get(Idea, event.idea_id) if letter else None
    if letter is None or idea is None:
        return
    asks = letter.outcome == NEEDS_CLARIFICATION
    data = {"title": idea.title, "outcome": letter.outcome, "letter": letter.uid}
    notify(event, [idea.author_id], "letter.asks" if asks else "letter.received", about=idea.uid, **data)
    if not asks:
        others = set(_supporters(idea.id) if letter.tell_voters else ()) | set(_followers(idea.id))
        notify(event, others - {idea.author_id}, "letter.short", about=idea.uid, **data)
    _mail_author(letter, idea)


def _supporters(idea_id: int) -> Sequence[int]:
    return db.session.scalars(select(Vote.voter_id).where(Vote.idea_id == idea_id, Vote.value >= GOOD)).all()


def _followers(idea_id: int) -> Sequence[int]:
    return db.session.scalars(select(IdeaFollow.person_id).where(IdeaFollow.idea_id == idea_id)).all()


def _mail_author(letter: Letter, idea: Idea) -> None:
    """By mail too, for a letter is worth it; in the author's language, once."""
    author = db.session.get(Person, idea.author_id)
    if author is None or not author.email or not author.active:
        return
    key = f"letter:{letter.uid}"
    if db.session.scalar(select(mail.Mail.id).where(mail.Mail.unique_key == key)):
        return
    signer = db.session.get_one(Person, letter.signer_id)
    twins = len(db.session.scalars(select(Letter.id).where(Letter.batch == letter.batch)).all()) if letter.batch else 1
    with force_locale(author.lang):
        word = outcome_word({"outcome": letter.outcome})
        subject = _("Your idea “%(title)s” is %(outcome)s", title=idea.title, outcome=word)
        together = ngettext(
            "This letter answers %(num)d idea.", "This letter answers %(num)d ideas that ask the same.", twins
        )
    text, html = mailtext.render(
        "letter",
        author.lang,
        letter=letter,
        title=idea.title,
        outcome=word,
        receiver=author.name.split()[0] if author.name else "",
        signer=signer.name,
        together=together if twins > 1 else "",
        url=mailtext.address("letters.show", uid=letter.uid),
    )
    mail.post(to=author.email, subject=subject, text=text, html=html, kind="letter.received", unique_key=key)


def tell_of_reply(event: Event) -> None:
    """Reaction to letter.replied: whoever signed, and the campaign's sponsor and managers."""
    letter = db.session.scalar(select(Letter).where(Letter.uid == event.subject))
    idea = db.session.get(Idea, event.idea_id) if letter else None
    if letter is None or idea is None:
        return
    team = select(Seat.person_id).where(Seat.campaign_id == event.campaign_id, Seat.role.in_((SPONSOR, MANAGER)))
    people = {letter.signer_id, *db.session.scalars(team)} - {idea.author_id}
    # The event names its actor, who may be the author of a sealed idea: the notice does not.
    notify(event, people, "letter.answered", about=idea.uid, title=idea.title, letter=letter.uid)


def tell_of_follow_up(event: Event) -> None:
    """Reaction to idea.followed_up: author, supporters and followers."""
    note = db.session.scalar(select(FollowUp).where(FollowUp.uid == event.subject))
    idea = db.session.get(Idea, event.idea_id) if note else None
    if note is None or idea is None:
        return
    for_it = select(Vote.voter_id).where(Vote.idea_id == idea.id, Vote.value >= GOOD)
    following = select(IdeaFollow.person_id).where(IdeaFollow.idea_id == idea.id)
    people = {idea.author_id, *db.session.scalars(union(for_it, following))}
    notify(event, people, "idea.goes_on", about=idea.uid, title=idea.title, outcome=note.stage, words=note.words)


REACTIONS = {
    "letter.sent": (tell_of_letter,),
    "letter.replied": (tell_of_reply,),
    "idea.followed_up": (tell_of_follow_up,),
}
EVENTS = ("letter.sent", "letter.replied", "letter.rated", "letter.reply_seen", "idea.followed_up")
