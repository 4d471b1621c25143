"""Structured logs: one line of JSON an event, with the request's id; never bodies, tokens or names."""

from __future__ import annotations

import logging
import sys
import time

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

from ideabox.ids import new_uid
from ideabox.settings import Settings

log = structlog.get_logger()
QUIET = {"static", "assets.bundle", "health.healthz", "health.metrics"}


def install(app: Flask) -> None:
    settings: Settings = app.extensions["ideabox"]["settings"]
    _configure(settings)
    app.before_request(_open)
    app.after_request(_close)


def _configure(settings: Settings) -> None:
    level = logging.getLevelNamesMapping()[settings.log_level]
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    steps.append(_renderer(settings.log_format))
    structlog.configure(
        processors=steps,
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if settings.testing else level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=not settings.testing,
    )


def _renderer(log_format: str) -> Processor:
    if log_format == "console":
        return structlog.dev.ConsoleRenderer(colors=False)
    return structlog.processors.JSONRenderer()


def _open() -> None:
    g.request_id = new_uid()
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _close(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if request.endpoint not in QUIET:
        took = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
        log.info("request", method=request.method, endpoint=request.endpoint, status=response.status_code, ms=took)
    return response
