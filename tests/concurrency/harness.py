"""Callers that act at the same moment, each a signed-in person with a connection of their own.

    callers = crowd(url, [cookie_of(person) for person in people])
    answers = at_once(callers, lambda caller: caller.post(path, choice="good"))

IDEABOX_ROUNDS=1000 runs every test at the length that a release asks for.
"""

from __future__ import annotations

import http.client
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from tests.services.forms import read_forms

# Read when the module is loaded: the fixtures take away what the person running the tests has set.
ASKED_ROUNDS = int(os.environ.get("IDEABOX_ROUNDS", "0"))
IN_SUITE = 480
PATIENCE = 60
Result = TypeVar("Result")


def rounds(parallel: int) -> int:
    """How often a race of so many is run: about 480 requests in the suite, 1,000 rounds where a release asks."""
    return ASKED_ROUNDS or max(IN_SUITE // parallel, 4)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str = ""
    text: str = field(default="", repr=False)


class Caller:
    """A signed-in browser without scripts: a cookie and a CSRF token. Each request has a connection of its own."""

    def __init__(self, url: str, cookie: tuple[str, str]) -> None:
        self.host = urlsplit(url).netloc
        self.cookie = "=".join(cookie)
        self.token = ""

    def prepare(self, page: str) -> None:
        """Read a page, for its token."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get(page).text)
        assert found, f"{page} has no token"
        self.token = found[1]

    def get(self, path: str) -> Answer:
        return self._call("GET", path)

    def post(self, path: str, **fields: Any) -> Answer:
        """Send a form as a browser without scripts does."""
        return self._call("POST", path, urlencode({"csrf_token": self.token, **fields}, doseq=True))

    def fill(self, path: str, action: str, button: str = "", **values: Any) -> tuple[str, dict[str, Any]]:
        """Read the form of a page whose action ends so, and fill it in: where to send what, every time the same."""
        forms = [form for form in read_forms(self.get(path).text) if form.method == "post"]
        form = next(form for form in forms if urlsplit(form.action or path).path.endswith(action))
        sent = dict(form.fill(values).items(multi=True))
        name, _, value = button.partition("=")
        return form.action or path, {**sent, **({name: value} if button else {})}

    def _call(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": self.cookie, "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection(self.host, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            if set_cookie := answer.getheader("Set-Cookie"):
                self.cookie = set_cookie.partition(";")[0]
            return Answer(answer.status, answer.getheader("Location", ""), answer.read().decode("utf-8", "replace"))


def crowd(url: str, cookies: Iterable[tuple[str, str]], page: str = "/campaigns") -> list[Caller]:
    """A caller for each cookie, ready to send forms; those with the same cookie share a token."""
    first: dict[tuple[str, str], Caller] = {}
    callers = []
    for cookie in cookies:
        if cookie not in first:
            first[cookie] = Caller(url, cookie)
            first[cookie].prepare(page)
        callers.append(copy(first[cookie]))
    return callers


def at_once(actors: Sequence[Any], act: Callable[[Any], Result]) -> list[Result]:
    """Let all actors act at the same moment, a thread each; results in their order. An error of one is raised."""
    start = threading.Barrier(len(actors))
    results: list[Any] = [None] * len(actors)

    def run(place: int) -> None:
        start.wait(PATIENCE)
        try:
            results[place] = act(actors[place])
        except BaseException as error:  # it is raised again in the test's own thread
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(actors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def faults(answers: Iterable[Answer], *, allowed: Iterable[int] = (303, 409)) -> list[str]:
    """What no answer may be: an error of the server, or anything that was not foreseen."""
    odd = Counter(answer.status for answer in answers if answer.status not in set(allowed))
    return [f"{count} answers of {status}" for status, count in sorted(odd.items())]
