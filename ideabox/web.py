"""What every page shares: who looks, what may be read without signing in, addresses, errors, the rail."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import BaseConverter

from ideabox import clock, ids, nav
from ideabox.database import db, end_reading, writing
from ideabox.queue import start_worker
from ideabox.security import limiter
from ideabox.settings import Settings
from ideabox.verdict import Missing, Refused
from ideabox.viewer import Viewer

log = structlog.get_logger()
View = TypeVar("View", bound=Callable[..., Any])
SAFE = {"GET", "HEAD", "OPTIONS"}
OPEN_TO_ALL = {"static", "assets.bundle", "assets.favicon"}
KNOWN_ERRORS = {400, 403, 404, 409, 413, 422, 429, 500, 503}


class UidConverter(BaseConverter):
    """`<uid:name>` in an address: exactly what `ids.new_uid` makes, so that nothing else reaches a query."""

    regex = f"[2-9a-z]{{{ids.LENGTH}}}"


def public(view: View) -> View:
    """Mark a view that may be read without signing in. All others need a person."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def viewer() -> Viewer:
    """The signed-in person. Only for views that need one."""
    person: Viewer = current_user._get_current_object()
    return person


def settings() -> Settings:
    found: Settings = current_app.extensions["ideabox"]["settings"]
    return found


def install(app: Flask) -> None:
    app.url_map.converters["uid"] = UidConverter
    app.before_request(_begin)
    app.teardown_request(_end)
    app.context_processor(_context)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Missing, lambda _error: error_page(404))
    app.register_error_handler(Exception, _unexpected)


def _begin() -> Any:
    writing.set(request.method not in SAFE)
    if request.endpoint is None or request.endpoint in OPEN_TO_ALL:
        return None
    if settings().background:
        start_worker(current_app._get_current_object())  # type: ignore[attr-defined]
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "is_public", False) or current_user.is_authenticated:
        return None
    return _ask_to_sign_in()


def _ask_to_sign_in() -> Any:
    if wants_fragment():
        answer = make_response("", 401)
        back = _path_of(request.headers.get("HX-Current-URL"))
        answer.headers["HX-Redirect"] = url_for("accounts.sign_in", next=back)
        return answer
    back = request.full_path.rstrip("?") if request.method in SAFE else _path_of(request.referrer)
    return redirect(url_for("accounts.sign_in", next=back))


def _path_of(address: str | None) -> str:
    """The path and query of a page's whole address: signing in leads only to paths of this site."""
    try:
        parts = urlsplit(address or "/")
    except ValueError:
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def _end(error: BaseException | None) -> None:
    if error is None and not writing.get():
        end_reading()
    writing.set(True)


def wants_fragment() -> bool:
    """Whether htmx asks (it wants a piece); a restored history entry wants the whole page."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")


def safe_next(address: str | None) -> str:
    """Where to go after signing in: only a path of this site, else the home page."""
    if not address or any(ord(char) < 33 or char == "\\" for char in address):
        return url_for("home.index")
    if not address.startswith("/") or address.startswith("//"):
        return url_for("home.index")
    return address


def done(message: str, address: str) -> Response:
    """Say that it happened, and go on (303, so that reloading does not send again)."""
    flash(message, "done")
    return go(address)


def go(address: str) -> Response:
    return make_response(redirect(address, 303))


def _context() -> dict[str, Any]:
    person = viewer() if current_user.is_authenticated else None
    return {
        "viewer": person,
        "nav": nav.for_viewer(person),
        "site": {"name": "Ideabox", "demo": settings().demo},
        "fragment": wants_fragment(),
        "csp_nonce": "",
    }


def _refused(refusal: Refused) -> Any:
    return error_page(refusal.status, refusal.reason)


def _csrf_error(_error: CSRFError) -> Any:
    reason = _("This page was open for a long time or in another session. Go back, reload it, and send again.")
    return error_page(400, reason)


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return error_page(error.code)


def _unexpected(error: Exception) -> Any:
    if current_app.testing and not isinstance(error, HTTPException):
        raise error
    log.exception("request failed", endpoint=request.endpoint)
    return error_page(InternalServerError.code)


def error_page(status: int, reason: str = "") -> Any:
    """The page for a refusal or a fault: what happened, what is safe, what to do."""
    db.session.rollback()
    name = status if status in KNOWN_ERRORS else (500 if status >= 500 else 400)
    page = render_template(f"errors/{name}.html", reason=reason, request_id=g.get("request_id", ""), status=status)
    return page, status, _wait_header() if status == 429 else {}


def _wait_header() -> dict[str, str]:
    """Seconds until the limit that was reached lets one knock again."""
    limit = limiter.current_limit
    return {"Retry-After": str(max(1, ceil(limit.reset_at - clock.now().timestamp())))} if limit else {}
