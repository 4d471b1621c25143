"""The app factory: puts ground and parts together, in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import click
from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy.pool import NullPool

from ideabox import assets, cli, database, health, locale, logs, parts, queue, security, web
from ideabox.database import db
from ideabox.parts import Part
from ideabox.settings import ROOT, Settings, load


def create_app(with_parts: Sequence[Part], settings: Settings | None = None) -> Flask:
    """Build the app from its parts. Raises SettingsError when the environment does not make sense."""
    settings = settings or load()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = Flask("ideabox", root_path=str(ROOT / "ideabox"), template_folder=str(ROOT / "templates"))
    app.extensions["ideabox"] = {"settings": settings}
    app.config.from_mapping(_flask_config(settings))
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.auto_reload = False
    for ground in (logs, database, locale, assets, security, web, health, queue, cli):
        ground.install(app)
    parts.join(app, with_parts)
    _install_migrations(app)
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 500,
        "WTF_CSRF_TIME_LIMIT": None,
        "SESSION_COOKIE_NAME": "__Host-ideabox" if settings.secure_cookies else "ideabox",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
    }


def _engine_options(settings: Settings) -> dict[str, object]:
    if settings.is_sqlite:
        return {"connect_args": {"timeout": 15, "check_same_thread": False}} | (
            {"poolclass": NullPool} if settings.testing else {}
        )
    options = "-c statement_timeout=15000 -c lock_timeout=8000 -c idle_in_transaction_session_timeout=60000"
    return {"pool_size": 8, "max_overflow": 16, "pool_recycle": 600, "connect_args": {"options": options}}


def _install_migrations(app: Flask) -> None:
    # Alembic costs a quarter of a second at import; only commands need it.
    if click.get_current_context(silent=True) is not None:
        from flask_migrate import Migrate

        Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
