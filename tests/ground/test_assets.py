"""The style sheet and the scripts: in order, marked, packed, and the first page light enough."""

from __future__ import annotations

import gzip
import re

from flask import Flask
from flask.testing import FlaskClient

from ideabox.assets import asset_url

TAKES_GZIP = {"Accept-Encoding": "gzip"}


def test_the_sheet_keeps_its_rules_and_loses_its_remarks(client: FlaskClient) -> None:
    css = client.get("/static/css/app.css").text
    assert css.index("@layer tokens") < css.index("@layer base {") < css.index("@layer components {")
    assert "/*" not in css
    assert "light-dark(#ebf2ed, #0b1313)" in css


def test_texts_travel_packed_to_whoever_takes_them_so(client: FlaskClient) -> None:
    plain = client.get("/static/css/app.css")
    packed = client.get("/static/css/app.css", headers=TAKES_GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]


def test_a_packed_script_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/static/js/app.js", headers=TAKES_GZIP)
    again = client.get("/static/js/app.js", headers=TAKES_GZIP | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_fonts_named_by_the_sheet_are_those_that_are_preloaded(app: Flask, client: FlaskClient) -> None:
    css = client.get("/static/css/app.css").text
    font = re.search(r'url\("\.\./(vendor/fonts/hanken-grotesk-latin-wght-normal\.woff2\?v=\w+)"\)', css)
    with app.test_request_context():
        assert font and asset_url("vendor/fonts/hanken-grotesk-latin-wght-normal.woff2") == f"/static/{font[1]}"
