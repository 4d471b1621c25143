"""What is there in a person's inbox."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from ideabox.database import db
from ideabox.notifications.models import Mute, Notice
from ideabox.verdict import Missing
from ideabox.viewer import Viewer

PAGE = 30


def inbox_of(viewer: Viewer, *, klass: str = "", before: int | None = None) -> Sequence[Notice]:
    """One page of this person's own notices, newest first, one more than a page when there is another."""
    query = select(Notice).where(Notice.person_id == viewer.id).order_by(Notice.id.desc()).limit(PAGE + 1)
    if klass:
        query = query.where(Notice.klass == klass)
    if before is not None:
        query = query.where(Notice.id < before)
    return db.session.scalars(query).all()


def notice_of(viewer: Viewer, uid: str) -> Notice:
    """This person's own notice; Missing for anybody else's."""
    notice = db.session.scalar(select(Notice).where(Notice.uid == uid, Notice.person_id == viewer.id))
    if notice is None:
        raise Missing
    return notice


def mutes_of(viewer: Viewer) -> Sequence[Mute]:
    return db.session.scalars(select(Mute).where(Mute.person_id == viewer.id).order_by(Mute.kind, Mute.about)).all()
