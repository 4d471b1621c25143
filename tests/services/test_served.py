"""Processes of their own serve the same data to the same people."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.factories import make_person


def _status(address: str, cookie: str = "") -> tuple[int, str]:
    request = urllib.request.Request(address, headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.url


def test_production_processes_answer_and_know_the_person(
    served: Callable[..., str], cookie_of: Callable[[Any], tuple[str, str]]
) -> None:
    cookie = "=".join(cookie_of(make_person("Zoé Lefèvre")))
    address = served(workers=2)
    with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
        assert json.load(answer)["ok"] is True
    status, where = _status(f"{address}/", cookie)
    assert (status, where) == (200, f"{address}/")
    status, where = _status(f"{address}/")
    assert "sign-in" in where
