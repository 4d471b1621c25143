"""The inbox: what happened, why one hears of it, and how to hear less."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from ideabox import nav
from ideabox.database import db
from ideabox.forms import printable
from ideabox.notifications import actions, queries
from ideabox.notifications.kinds import Kind, kind_named
from ideabox.notifications.models import CLASSES, Mute, Notice
from ideabox.web import done, go, safe_next, viewer

blueprint = Blueprint("inbox", __name__)


@dataclass(frozen=True)
class Line:
    """A notice in the reader's words."""

    notice: Notice
    kind: Kind
    sentence: str


@blueprint.get("/inbox")
def index() -> str:
    nav.stand_at("home")
    klass = request.args.get("show", "")
    klass = klass if klass in CLASSES else ""
    found = queries.inbox_of(viewer(), klass=klass, before=_before())
    lines = [line for notice in found[: queries.PAGE] if (line := _line(notice))]
    older = found[queries.PAGE - 1].id if len(found) > queries.PAGE else None
    return render_template("inbox/index.html", lines=lines, klass=klass, older=older)


def _before() -> int | None:
    given = request.args.get("before", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _line(notice: Notice) -> Line | None:
    kind = kind_named(notice.kind)
    return Line(notice, kind, kind.sentence(notice.data)) if kind else None


@blueprint.post("/inbox/<uid:uid>/open")
def open_notice(uid: str) -> Response:
    """Mark it read and go where it leads (a POST, so that following a link changes nothing by itself)."""
    notice = queries.notice_of(viewer(), uid)
    actions.mark_read(viewer(), notice)
    db.session.commit()
    kind = kind_named(notice.kind)
    return go(safe_next(kind.address(notice.data) if kind else None))


@blueprint.post("/inbox/read")
def read_all() -> Response:
    actions.mark_all_read(viewer())
    db.session.commit()
    return done(_("All marked as read"), url_for("inbox.index"))


@blueprint.post("/inbox/<uid:uid>/mute")
def mute(uid: str) -> Response:
    """Mute the kind of this notice: everywhere, or only for what it is about."""
    notice = queries.notice_of(viewer(), uid)
    about = str(notice.data.get("about", "")) if request.form.get("only") == "here" else ""
    actions.mute(viewer(), notice.kind, about)
    db.session.commit()
    return done(_("Muted. Your settings list what is muted."), url_for("inbox.index"))


@blueprint.get("/settings/notices")
def settings() -> str:
    shown = [(mute, kind) for mute in queries.mutes_of(viewer()) if (kind := kind_named(mute.kind))]
    return render_template("inbox/settings.html", mutes=shown)


@blueprint.post("/settings/notices/unmute")
def unmute() -> Response:
    given = Mute(kind=printable(request.form.get("kind")), about=printable(request.form.get("about")))
    actions.unmute(viewer(), given.kind, given.about)
    db.session.commit()
    return done(_("You will hear of it again"), url_for("inbox.settings"))
