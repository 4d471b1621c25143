"""Signed-in browsers: Flask-Login holds the cookie, a row of ours says whether it still counts."""

from __future__ import annotations

from flask import Flask, request, session
from flask_login import LoginManager, login_user
from sqlalchemy import update

from ideabox import clock, ids
from ideabox.accounts.models import Person, UserSession
from ideabox.accounts.queries import load_viewer
from ideabox.database import db
from ideabox.viewer import Viewer

manager = LoginManager()
manager.user_loader(load_viewer)


def install(app: Flask) -> None:
    manager.init_app(app)


def begin(person: Person) -> Viewer:
    """Sign this browser in as the person, under a new session id; the caller commits."""
    if "_user_id" in session:
        end(session["_user_id"])
    session.clear()
    row = UserSession(uid=ids.new_token(), person_id=person.id, browser=request.user_agent.string[:200])
    person.last_seen_on = clock.today()
    db.session.add(row)
    db.session.flush()
    viewer = load_viewer(row.uid)
    if viewer is None:
        raise LookupError("the person cannot sign in")
    login_user(viewer)
    session.permanent = True
    return viewer


def end(session_uid: str) -> None:
    """Sign out this browser; the caller commits."""
    query = update(UserSession).where(UserSession.uid == session_uid, UserSession.ended_at.is_(None))
    db.session.execute(query.values(ended_at=clock.now()))
    session.clear()


def end_all(person_id: int, *, but: str = "") -> None:
    """Sign the person out everywhere, at each browser's next request; the caller commits."""
    query = update(UserSession).where(UserSession.person_id == person_id, UserSession.ended_at.is_(None))
    db.session.execute(query.where(UserSession.uid != but).values(ended_at=clock.now()))


def end_number(person_id: int, number: int) -> None:
    """Sign out one browser of the person by the id of its row; the caller commits."""
    query = update(UserSession).where(UserSession.person_id == person_id, UserSession.id == number)
    db.session.execute(query.where(UserSession.ended_at.is_(None)).values(ended_at=clock.now()))
