"""Settings, read once from the environment and checked whole at start."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import AliasChoices, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

EXAMPLE_SECRET_KEY = "change-me"  # noqa: S105 - the one that is refused
ROOT = Path(__file__).resolve().parent.parent


class SettingsError(click.ClickException):
    """The environment does not make a working Ideabox; the message says what to mend, on a command line too."""


class Settings(BaseSettings):
    """Every knob of an installation. Each is described in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="IDEABOX_", extra="ignore", populate_by_name=True)

    secret_key: str = EXAMPLE_SECRET_KEY
    demo: bool = False
    testing: bool = False
    data_dir: Path = ROOT / "instance"
    database_url: str = Field("", validation_alias=AliasChoices("DATABASE_URL", "IDEABOX_DATABASE_URL"))
    redis_url: str = Field("", validation_alias=AliasChoices("REDIS_URL", "IDEABOX_REDIS_URL"))
    base_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = Field(0, ge=0, le=5)
    secure_cookies: bool | None = None
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    log_format: str = Field("json", pattern="^(json|console)$")
    smtp_host: str = ""
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: bool = False
    mail_from: str = "Ideabox <ideabox@localhost>"
    max_upload_mb: int = Field(10, ge=1, le=100)
    metrics_token: str = ""
    background: bool = True

    @model_validator(mode="after")
    def _fill_and_check(self) -> Settings:
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'ideabox.sqlite'}"
        self.database_url = _with_driver(self.database_url)
        if self.secure_cookies is None:
            self.secure_cookies = self.base_url.startswith("https://")
        self._refuse_example_key()
        return self

    def _refuse_example_key(self) -> None:
        if self.demo or self.testing:
            return
        if self.secret_key == EXAMPLE_SECRET_KEY or len(self.secret_key) < 32:
            raise ValueError(
                "IDEABOX_SECRET_KEY is missing, the example, or under 32 characters; "
                "make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def _with_driver(url: str) -> str:
    """Name psycopg 3 in plain postgres addresses, as hosting companies hand them out."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def load(**overrides: object) -> Settings:
    """Read the environment; raise SettingsError with one sentence per fault."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "; ".join(_sentence(dict(fault)) for fault in error.errors())
        raise SettingsError(f"Ideabox cannot start: {faults}") from None


def _sentence(fault: dict[str, object]) -> str:
    where = ".".join(str(part) for part in fault.get("loc", ()))  # type: ignore[attr-defined]
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{where}: {message}" if where else message
