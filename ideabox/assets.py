"""Static files: one style sheet made of small ones, and addresses that change with the content."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request, url_for

blueprint = Blueprint("assets", __name__)
BUNDLE = "css/app.css"
ICONS = "vendor/icons.svg"
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
TEXTS = {"text/css", "text/javascript", "image/svg+xml"}


def install(app: Flask) -> None:
    folder = Path(str(app.static_folder))
    app.extensions["ideabox"]["bundle"] = _bundle(folder / "css")
    app.extensions["ideabox"]["marks"] = {}
    app.register_blueprint(blueprint)
    app.add_template_global(asset_url)
    app.context_processor(_sprite)
    app.after_request(_cache)


def _bundle(folder: Path) -> str:
    """The small style sheets one after the other, in the order of bundle.txt."""
    order = folder / "bundle.txt"
    names = order.read_text().split() if order.exists() else []
    return _marked_urls(_tight("\n".join((folder / name).read_text() for name in names)), folder.parent)


def _tight(css: str) -> str:
    """Without comments and indentation, which a browser does not read."""
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).splitlines())
    return "\n".join(line for line in lines if line)


def _marked_urls(css: str, static: Path) -> str:
    """Mark the files a style sheet names as asset_url does, so that a preloaded font is not fetched twice."""

    def marked(found: re.Match[str]) -> str:
        file = static / found[1]
        mark = hashlib.sha256(file.read_bytes() if file.exists() else b"").hexdigest()[:10]
        return f'url("../{found[1]}?v={mark}")'

    return re.sub(r'url\("\.\./([^"]+)"\)', marked, css)


def _sprite() -> dict[str, str]:
    return {"icon_sprite": asset_url(ICONS)}


def asset_url(path: str) -> str:
    """The address of a static file, with a mark that changes when the file does."""
    marks: dict[str, str] = current_app.extensions["ideabox"]["marks"]
    if path not in marks:
        marks[path] = f"{current_app.static_url_path}/{path}?v={_mark(path)}"
    return marks[path]


def _mark(path: str) -> str:
    if path == BUNDLE:
        content = current_app.extensions["ideabox"]["bundle"].encode()
    else:
        file = Path(str(current_app.static_folder)) / path
        content = file.read_bytes() if file.exists() else b""
    return hashlib.sha256(content).hexdigest()[:10]


@blueprint.get("/static/css/app.css")
def bundle() -> Response:
    return Response(current_app.extensions["ideabox"]["bundle"], mimetype="text/css")


@blueprint.get("/favicon.ico")
def favicon() -> Any:
    return current_app.redirect(url_for("static", filename="img/favicon.svg"), 302)


def _cache(response: Response) -> Response:
    if request.endpoint in ("static", "assets.bundle"):
        marked = "v" in request.args
        response.headers["Cache-Control"] = FOREVER if marked else ASK_AGAIN
        _pack(response)
    return response


def _pack(response: Response) -> None:
    """Send texts packed to whoever takes them so; the fonts are packed already."""
    if response.mimetype not in TEXTS or response.status_code != 200:
        return
    response.vary.add("Accept-Encoding")
    if "gzip" not in request.accept_encodings or request.method != "GET":
        return
    response.direct_passthrough = False
    response.set_data(_packed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    mark = response.get_etag()[0]
    if mark:
        response.set_etag(mark, weak=True)


@lru_cache(maxsize=64)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
