"""A browser for tests: each request in a context of its own, and pages' own forms filled in and sent."""

from __future__ import annotations

import contextvars
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Browser(FlaskClient):
    """A test client whose requests share nothing with the test's own app context, as in production.

    Without this, Flask reuses the context the test stands in: whoever was signed in first stays signed in (`g`), and
    an open SQLite transaction of the test blocks the request's own.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        _let_go()
        return contextvars.Context().run(super().open, *args, **kwargs)

    def submit(self, page: str, values: dict[str, Any] | None = None, *, form: str = "", **more: Any) -> TestResponse:
        """Open `page`, fill in its form (the one whose action or id holds `form`) and send it, CSRF token and all.

        Values: a string fills a field, a list sends it several times, None leaves it out, a (file, name) tuple uploads.
        Other fields go as the page has them. Fails when the page has no such form, or no such field.
        """
        return self.send(self.get(page), values, form=form, page=page, **more)

    def send(
        self, answer: TestResponse, values: dict[str, Any] | None = None, *, form: str = "", page: str = "", **more: Any
    ) -> TestResponse:
        """The same, for a page already in hand."""
        assert answer.status_code in (200, 422), f"{page or answer.request.path}: {answer.status_code}"
        found = find_form(answer.text, form)
        data = {**found.data(), **{name: value for name, value in (values or {}).items() if value is not None}}
        for name, value in (values or {}).items():
            assert name in found.names, f"the form has no field called {name}: {sorted(found.names)}"
            if value is None:
                data.pop(name, None)
        target = urljoin(page or answer.request.full_path.rstrip("?"), found.action)
        if found.method == "get":
            return self.get(target, query_string=data, **more)
        return self.post(target, data=data, **more)


def _let_go() -> None:
    """End the test's own read, so that its lock and its stale rows do not outlive it."""
    from flask import current_app

    from ideabox.database import db

    if not current_app:
        return
    waiting = [*db.session.new, *db.session.dirty, *db.session.deleted]
    assert not waiting, f"commit before sending a request: {waiting}"
    db.session.rollback()


class PageForm:
    """A form as the page holds it."""

    def __init__(self, attrs: dict[str, str | None]) -> None:
        self.action = attrs.get("action") or ""
        self.id = attrs.get("id") or ""
        self.method = (attrs.get("method") or "get").lower()
        self.fields: list[tuple[str, str]] = []
        self.names: set[str] = set()

    def data(self) -> dict[str, Any]:
        grouped: dict[str, Any] = {}
        for name, value in self.fields:
            grouped.setdefault(name, []).append(value)
        return {name: values if len(values) > 1 else values[0] for name, values in grouped.items()}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.open: PageForm | None = None
        self.select = self.textarea = ""
        self.text: list[str] = []
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        attrs = dict(attributes)
        if tag == "form":
            self.open = PageForm(attrs)
            self.forms.append(self.open)
        elif self.open is not None:
            self._field(tag, attrs, attrs.get("name") or "")

    def _field(self, tag: str, attrs: dict[str, str | None], name: str) -> None:
        assert self.open is not None
        if name and tag in ("input", "select", "textarea", "button"):
            self.open.names.add(name)
        if tag == "input" and name and "disabled" not in attrs:
            self._input(attrs, name)
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((attrs.get("value") or "", "selected" in attrs))
        elif tag == "textarea":
            self.textarea, self.text = name, []

    def _input(self, attrs: dict[str, str | None], name: str) -> None:
        kind = attrs.get("type") or "text"
        if kind in ("checkbox", "radio") and "checked" not in attrs:
            return
        if kind not in ("submit", "image", "file", "button", "reset"):
            default = "on" if kind in ("checkbox", "radio") else ""
            self.open.fields.append((name, attrs.get("value") or default))  # type: ignore[union-attr]

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.textarea and self.open:
            self.open.fields.append((self.textarea, "".join(self.text).removeprefix("\n")))
            self.textarea = ""
        elif tag == "select" and self.select and self.open:
            chosen = [value for value, selected in self.options if selected] or [value for value, _ in self.options[:1]]
            self.open.fields.extend((self.select, value) for value in chosen)
            self.select = ""


def forms_of(html: str) -> list[PageForm]:
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def find_form(html: str, hint: str = "") -> PageForm:
    """The form whose action or id holds `hint`; without one, the first POST form that is not the sign-out button."""
    forms = forms_of(html)
    if hint:
        fitting = [form for form in forms if hint in form.action or hint == form.id]
    else:
        fitting = [form for form in forms if form.method == "post" and "sign-out" not in form.action]
    assert fitting, f"no form {hint!r} among {[(form.method, form.action, form.id) for form in forms]}"
    return fitting[0]
