"""The words of mails: a template in text and one in HTML, in the receiver's language, with full addresses."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import force_locale
from werkzeug.routing import MapAdapter

from ideabox.settings import Settings


def address(endpoint: str, **values: Any) -> str:
    """The full address of a page, from IDEABOX_BASE_URL: never from what a request claims its host to be."""
    settings: Settings = current_app.extensions["ideabox"]["settings"]
    paths: MapAdapter = current_app.url_map.bind("ideabox.invalid")
    return settings.base_url.rstrip("/") + paths.build(endpoint, values)


def render(name: str, lang: str, **facts: Any) -> tuple[str, str]:
    """The text and the HTML (styles inlined) of `templates/emails/<name>.txt` and `.html`."""
    settings: Settings = current_app.extensions["ideabox"]["settings"]
    known = {"lang": lang, "base_url": settings.base_url.rstrip("/"), **facts}
    with force_locale(lang):
        templates = current_app.jinja_env
        text = templates.get_template(f"emails/{name}.txt").render(known)
        html = templates.get_template(f"emails/{name}.html").render(known)
    return text.strip() + "\n", _inliner().inline(html)


@lru_cache(maxsize=1)
def _inliner() -> Any:
    # Imported when the first mail is written: most processes that serve pages write none.
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
