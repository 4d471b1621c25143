"""The servers that are measured: the product with a count of its statements in a header, and a bare one beside it."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, render_template, request
from jinja2 import DictLoader
from sqlalchemy import event, select

from ideabox import clock
from ideabox.database import db, upsert
from ideabox.ideas.models.idea import Idea
from ideabox.ideas.models.vote import Vote
from ideabox.security import csrf
from ideabox.web import public

BARE_PAGE = "<!doctype html><ul>{% for idea in ideas %}<li>{{ idea.title }}: {{ idea.excerpt }}</li>{% endfor %}</ul>"
HEADER = "X-Statements"


def create_app() -> Flask:
    """The product, and two bare routes that do the least one could: 20 rows by the ORM; one upsert and a commit."""
    from wsgi import create_app as whole

    app = whole()
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _count)
    app.before_request_funcs.setdefault(None, []).insert(0, _start)
    app.after_request(_tell)
    return app


def create_bare_app() -> Flask:
    """The same database and libraries without the product around them."""
    from ideabox import database
    from ideabox.settings import load

    settings = load()
    app = Flask("bare")
    app.jinja_loader = DictLoader({"bare.html": BARE_PAGE})  # type: ignore[assignment]
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.extensions["ideabox"] = {"settings": settings}
    database.install(app)
    app.add_url_rule("/bare", view_func=_bare_page)
    app.add_url_rule("/bare-vote", view_func=_bare_vote, methods=["POST"])
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _count)
    app.before_request(_start)
    app.after_request(_tell)
    return app


def _start() -> None:
    g.statements = 0


def _count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if g and "statements" in g and not statement.startswith(("BEGIN", "PRAGMA")):
        g.statements += 1


def _tell(response: Response) -> Response:
    response.headers[HEADER] = str(g.get("statements", 0))
    return response


@public
def _bare_page() -> str:
    ideas = db.session.scalars(select(Idea).order_by(Idea.id).limit(20)).all()
    return render_template("bare.html", ideas=ideas)


@public
@csrf.exempt
def _bare_vote() -> str:
    values = {name: int(request.form[name]) for name in ("campaign_id", "idea_id", "voter_id")}
    row = upsert(Vote.__table__).values(**values, value=-1, surface="bare", cast_at=clock.now())
    db.session.execute(row.on_conflict_do_update(index_elements=["idea_id", "voter_id"], set_={"value": -1}))
    db.session.commit()
    return "ok"
