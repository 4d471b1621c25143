"""Is it well? For machines: /healthz and /metrics."""

from __future__ import annotations

import hmac
import time

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, request
from prometheus_client import Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select, text

from ideabox import clock
from ideabox.database import db
from ideabox.events import Event
from ideabox.settings import Settings
from ideabox.web import public

blueprint = Blueprint("health", __name__)
LATE_SECONDS = 300
LOOPBACK = {"127.0.0.1", "::1", None}
REQUESTS = Counter("ideabox_requests", "Answers given", ["endpoint", "status"])
SECONDS = Histogram("ideabox_request_seconds", "Time to answer", ["endpoint"])
QUEUE_AGE = Gauge("ideabox_queue_age_seconds", "How long the longest due event has waited")


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.after_request(_count)


@blueprint.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """200 when the database answers and nothing has waited for over five minutes; else 503 with what is wrong."""
    wrong = []
    try:
        db.session.execute(text("SELECT 1"))
        if queue_age() > LATE_SECONDS:
            wrong.append("events have waited for over five minutes")
    except Exception:
        wrong.append("the database does not answer")
    return jsonify(ok=not wrong, wrong=wrong), 503 if wrong else 200


def queue_age() -> float:
    """Seconds that the longest due event has waited; 0 when none is due.

    One whose reaction failed is not due before its next try: a fault in a reaction must not call the server ill.
    """
    oldest = db.session.scalar(select(func.min(func.coalesce(Event.next_try_at, Event.at))).where(Event.due()))
    return (clock.now() - oldest).total_seconds() if oldest else 0.0


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    REQUESTS.labels(endpoint, str(response.status_code)).inc()
    if "started" in g:
        SECONDS.labels(endpoint).observe(time.perf_counter() - g.started)
    return response


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Prometheus text; for this machine, or with the token of IDEABOX_METRICS_TOKEN."""
    if not _may_measure():
        abort(404)
    QUEUE_AGE.set(queue_age())
    return Response(generate_latest(), mimetype="text/plain")


def _may_measure() -> bool:
    settings: Settings = current_app.extensions["ideabox"]["settings"]
    if settings.metrics_token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.metrics_token}".encode())
    return request.remote_addr in LOOPBACK and not settings.trusted_proxies
