"""Signed-in browsers, as far as a server can tell: a cookie, a token, kept-alive connections."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from ideabox.accounts.models import UserSession
from ideabox.database import db
from ideabox.ids import new_token

_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass
class Client:
    """One person's browser. Not for use by two threads at once."""

    port: int
    cookie: str
    person_id: int
    token: str = ""
    connection: HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str) -> tuple[int, int, str]:
        """Status, number of SQL statements, body."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, int, str]:
        """A form sent; the token is that of the first page this browser has read."""
        return self._ask("POST", path, {**fields, "csrf_token": self.token})

    def learn_token(self) -> None:
        found = _TOKEN.search(self.get("/help")[2])
        if found is None:
            raise RuntimeError("the page for signed-in people does not open: is the client signed in?")
        self.token = found[1]

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> tuple[int, int, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection = self.connection or HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        if method == "GET":
            self._keep_cookie(answer.headers.get_all("Set-Cookie") or [])
        # After a form a browser reads the next page, which takes the message out of the cookie again.
        return answer.status, int(answer.headers.get("X-Statements", 0)), body

    def _keep_cookie(self, given: list[str]) -> None:
        for line in given:
            if line.startswith(self.cookie.partition("=")[0] + "="):
                self.cookie = line.partition(";")[0]


def sign_in(app: Flask, port: int, person_ids: list[int]) -> list[Client]:
    """A browser for each of these people, signed in without a password. Commits."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise RuntimeError("the app has no secret key")
    clients = []
    for person_id in person_ids:
        row = UserSession(uid=new_token(), person_id=person_id)
        db.session.add(row)
        words = signer.dumps({"_user_id": row.uid, "_fresh": True})
        clients.append(Client(port, f"{app.config['SESSION_COOKIE_NAME']}={words}", person_id))
    db.session.commit()
    for client in clients:
        client.learn_token()
    return clients
