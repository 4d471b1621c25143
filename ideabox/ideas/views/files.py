"""Files of ideas: handed out, taken away. They come in with the composer's form."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from ideabox import files as store
from ideabox.database import db
from ideabox.ideas.actions.files import detach
from ideabox.ideas.queries.files import file_for
from ideabox.verdict import Missing
from ideabox.web import done, viewer

blueprint = Blueprint("files", __name__)


@blueprint.get("/files/<uid:uid>")
def show(uid: str) -> Response:
    attachment, _idea, _campaign = file_for(viewer(), uid)
    if not store.path_of(uid).exists():
        raise Missing
    return store.serve(uid, name=attachment.name, content_type=attachment.content_type, kind=attachment.kind)


@blueprint.post("/files/<uid:uid>/remove")
def remove(uid: str) -> Response:
    attachment, idea, campaign = file_for(viewer(), uid)
    detach(viewer(), attachment, idea, campaign)
    db.session.commit()
    store.remove(uid)
    back = url_for("ideas.edit", uid=idea.uid)
    return done(_("%(name)s was taken away", name=attachment.name), back)
