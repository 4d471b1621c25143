"""How often one may try. Wrong tries slow down; they never shut the owner out.

Ten wrong passwords in ten minutes for an account count against strangers only: a browser in which its owner has signed
in before has a count of its own, and the link by mail always works.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from ideabox.security import limiter
from ideabox.web import settings, viewer

COOKIE = "known-browser"
DAYS = 180
WRONG = 422


def wrong_tries(view: Callable[..., Any]) -> Callable[..., Any]:
    """Slow down whoever has answered wrong (422) 10 times for one account, or 100 times from one address, in 10 min."""
    for rate, key in (("10 per 10 minutes", _account), ("100 per 10 minutes", None)):
        view = limiter.limit(rate, key_func=key, methods=["POST"], deduct_when=_was_wrong)(view)
    return view


def mails_asked(view: Callable[..., Any]) -> Callable[..., Any]:
    """At most 5 mails asked for per account, and 100 from one address, in 10 min."""
    for rate, key in (("5 per 10 minutes", _account), ("100 per 10 minutes", None)):
        view = limiter.limit(rate, key_func=key, methods=["POST"])(view)
    return view


def links_tried(view: Callable[..., Any]) -> Callable[..., Any]:
    """At most 100 one-time links looked at from one address in 10 min."""
    decorated: Callable[..., Any] = limiter.limit("100 per 10 minutes")(view)
    return decorated


def remember_browser(answer: Response, email: str) -> Response:
    """Let this browser be known to the account from now on."""
    answer.set_cookie(
        COOKIE,
        _signer().dumps(_digest(email)),
        max_age=DAYS * 86400,
        secure=bool(settings().secure_cookies),
        httponly=True,
        samesite="Lax",
        path="/sign-in",
    )
    return answer


def _was_wrong(answer: Response) -> bool:
    return answer.status_code == WRONG


def _account() -> str:
    digest = _digest(request.form.get("email", ""))
    mark = request.cookies.get(COOKIE, "")
    return f"known:{digest}:{_digest(mark)}" if mark and _knows(mark, digest) else f"account:{digest}"


def _knows(mark: str, digest: str) -> bool:
    try:
        return bool(_signer().loads(mark) == digest)
    except BadSignature:
        return False


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known-browser")


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()[:32]


def wrong_tries_of_viewer(view: Callable[..., Any]) -> Callable[..., Any]:
    """Slow down a signed-in browser that has answered wrong 10 times in 10 min: it may be a stranger's hand."""
    limited = limiter.limit("10 per 10 minutes", key_func=_signed_in, methods=["POST"], deduct_when=_was_wrong)
    decorated: Callable[..., Any] = limited(view)
    return decorated


def _signed_in() -> str:
    return f"person:{viewer().id}"
