"""Forms as a browser without scripts sends them: read from the page, filled in, sent with all their hidden fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

UNSENT = {"submit", "button", "reset", "image", "file"}


@dataclass
class Form:
    """One form of a page, with the values that its controls hold."""

    action: str
    method: str
    fields: MultiDict[str, Any] = field(default_factory=MultiDict)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def fill(self, values: dict[str, Any]) -> MultiDict[str, Any]:
        """Return what is sent; a list gives a field several values. KeyError for a field the form lacks."""
        sent = self.fields.copy()
        for name, value in values.items():
            if name not in self.names:
                raise KeyError(f"the form to {self.action} has no field {name}: {sorted(self.names)}")
            sent.setlist(name, list(value) if isinstance(value, list) else [value])
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.current: Form | None = None
        self.area: tuple[Form, str] | None = None
        self.select: tuple[Form, str] | None = None
        self.options: list[tuple[str, bool]] = []
        self.many = False
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.current = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.current)
            self.by_id[given.get("id", "")] = self.current
            return
        form = self.by_id.get(given["form"]) if "form" in given else self.current
        name = given.get("name", "")
        if tag == "option" and self.select:
            self.options.append((given.get("value", ""), "selected" in given))
        if form is None or "disabled" in given:
            return
        if tag == "button" and given.get("type", "submit") == "submit":
            form.buttons.append((name, given.get("value", ""), given.get("formaction", "")))
        if not name or tag not in {"input", "textarea", "select"}:
            return
        form.names.add(name)
        if tag == "textarea":
            self.area, self.text = (form, name), ""
        elif tag == "select":
            self.select, self.options, self.many = (form, name), [], "multiple" in given
        else:
            _read_input(form, name, given)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.current = None
        elif tag == "select":
            self._choose()
        elif tag == "textarea" and self.area:
            self.area[0].fields.add(self.area[1], self.text.removeprefix("\n"))
            self.area = None

    def _choose(self) -> None:
        """What a browser sends of a list: what is selected, else its first line unless several may be chosen."""
        if self.select is None:
            return
        form, name = self.select
        first = [] if self.many else [value for value, _selected in self.options[:1]]
        for value in [value for value, selected in self.options if selected] or first:
            form.fields.add(name, value)
        self.select = None


def _read_input(form: Form, name: str, given: dict[str, str]) -> None:
    kind = given.get("type", "text")
    if kind in {"checkbox", "radio"}:
        if "checked" in given:
            form.fields.add(name, given.get("value", "on"))
    elif kind not in UNSENT:
        form.fields.add(name, given.get("value", ""))


def read_forms(html: str) -> list[Form]:
    """Return the forms of a page in their order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def submit(client: FlaskClient, address: str, action: str = "", /, **values: Any) -> TestResponse:
    """Open a page, fill the form whose action ends with `action` (the first POST form without one) and send it.

    A value `button="name=value"` presses that button. AssertionError when the page or the form is not there.
    """
    page = client.get(address)
    assert page.status_code == 200, f"{address} answered {page.status_code}"
    forms = [form for form in read_forms(page.text) if form.method == "post" or action]
    wanted = [form for form in forms if urlsplit(form.action).path.endswith(action)]
    assert wanted, f"{address} has no form to {action!r}: {[form.action for form in forms]}"
    return send(client, address, wanted[0], **values)


def send(client: FlaskClient, address: str, form: Form, /, **values: Any) -> TestResponse:
    """Fill a form that was read from the page at `address`, and send it."""
    button = str(values.pop("button", ""))
    sent, target = form.fill(values), form.action
    for name, value, other in form.buttons:
        if button and f"{name}={value}" == button:
            sent.add(name, value)
            target = other or target
    where = urljoin(address, target) if target else address
    if form.method == "get":
        return client.get(where, query_string=sent)
    return client.post(where, data=sent)
