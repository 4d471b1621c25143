"""Do it: come in, go out, choose a password, use a one-time link."""

from __future__ import annotations

from typing import cast

from ideabox import events
from ideabox.accounts import links, session
from ideabox.accounts.models import Person
from ideabox.accounts.rules.access import may_edit_profile, may_use_link
from ideabox.accounts.rules.names import may_be_name
from ideabox.database import db
from ideabox.viewer import Viewer


def come_in(person: Person) -> Viewer:
    """Sign this browser in, under a new session, whose password was right."""
    viewer = session.begin(person)
    events.record("person.signed_in", actor_id=person.id, subject=person.uid)
    return viewer


def go_out(viewer: Viewer) -> None:
    """Sign this browser out."""
    session.end(viewer.session_uid)
    events.record("person.signed_out", actor_id=viewer.id, subject=viewer.uid)


def go_out_everywhere(viewer: Viewer) -> None:
    """Sign all browsers of the person out, this one too."""
    session.end_all(viewer.id)
    session.end(viewer.session_uid)
    events.record("person.signed_out", actor_id=viewer.id, subject=viewer.uid, everywhere=True)


def end_one(viewer: Viewer, number: int) -> None:
    """Sign out one other browser of the viewer, by the number its session has in their list."""
    may_edit_profile(viewer, viewer.id).enforce()
    session.end_number(viewer.id, number)
    events.record("person.signed_out", actor_id=viewer.id, subject=viewer.uid, other=True)


def ask_reset(person: Person | None) -> None:
    """Note that a reset was asked for; a reaction writes the mail. Costs the same when there is no such person."""
    events.record("password.reset_asked", actor_id=None, subject=person.uid if person else "")


def change_password(viewer: Viewer, password_hash: str) -> Viewer:
    """Store a new password, end every session of the person and open links, and give this browser a new session."""
    may_edit_profile(viewer, viewer.id).enforce()
    person = db.session.get_one(Person, viewer.id)
    _store(person, password_hash)
    events.record("password.changed", actor_id=person.id, subject=person.uid)
    return session.begin(person)


def reset_password(token: str, password_hash: str) -> Viewer:
    """Use a reset link up: new password, all sessions ended, this browser signed in. Refused (409) when it was used."""
    person = _use(token, links.RESET)
    _store(person, password_hash)
    events.record("password.reset", actor_id=person.id, subject=person.uid)
    return session.begin(person)


def accept_invitation(token: str, *, name: str, password_hash: str) -> Viewer:
    """Use an invitation up: the person's own name and password, and this browser signed in."""
    may_be_name(name).enforce()
    person = _use(token, links.INVITE)
    person.name = name
    _store(person, password_hash)
    events.record("person.invitation_accepted", actor_id=person.id, subject=person.uid)
    return session.begin(person)


def _use(token: str, purpose: str) -> Person:
    person = links.holder(token, purpose)
    won = person is not None and links.use(token, purpose)
    may_use_link(won).enforce()
    return cast(Person, person)


def _store(person: Person, password_hash: str) -> None:
    person.password_hash = password_hash
    session.end_all(person.id)
    links.end_all(person.id)
