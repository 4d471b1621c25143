"""The environment is checked whole at start."""

from __future__ import annotations

from pathlib import Path

import pytest

from ideabox.settings import EXAMPLE_SECRET_KEY, Settings, SettingsError, load

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"
GOOD_KEY = "k" * 32


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IDEABOX_DEMO", "IDEABOX_TESTING", "IDEABOX_SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("key", ["", EXAMPLE_SECRET_KEY, "short"])
def test_weak_secret_key_refuses_to_start(key: str) -> None:
    with pytest.raises(SettingsError, match="IDEABOX_SECRET_KEY"):
        load(secret_key=key)


def test_the_demo_starts_with_the_example_key() -> None:
    assert load(demo=True).secret_key == EXAMPLE_SECRET_KEY


def test_every_fault_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDEABOX_SMTP_PORT", "0")
    monkeypatch.setenv("IDEABOX_LOG_LEVEL", "LOUD")
    with pytest.raises(SettingsError) as told:
        load(secret_key=GOOD_KEY)
    assert "smtp_port" in str(told.value)
    assert "log_level" in str(told.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_plain_postgresql_addresses_get_the_driver_we_ship(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://u:p@h/db")
    assert load(demo=True).database_url == "postgresql+psycopg://u:p@h/db"


def test_cookies_are_secure_where_the_address_is() -> None:
    assert load(demo=True, base_url="https://ideas.example").secure_cookies is True
    assert load(demo=True, base_url="http://127.0.0.1").secure_cookies is False


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_each_setting_is_documented(name: str) -> None:
    variable = {"database_url": "DATABASE_URL", "redis_url": "REDIS_URL"}.get(name, f"IDEABOX_{name.upper()}")
    assert f"| `{variable}` |" in DOCS.read_text()
