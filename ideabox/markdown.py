"""Markdown to safe HTML: CommonMark without raw HTML, then an allow-list. The source is what is stored."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "br", "strong", "em", "del", "s", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "a"}
TAGS |= {"h3", "h4", "h5"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}}
LINKS_ARE = "nofollow noopener noreferrer"
SCHEMES = {"http", "https", "mailto"}
_ABSOLUTE = re.compile(r"^(https?://[^/\\]|mailto:[^/])", re.IGNORECASE)


def _link_allowed(address: str) -> bool:
    """Only with a scheme: `//host` and `/\\host` look like our own pages and are not."""
    return bool(_ABSOLUTE.match(address.strip()))


def _build() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    parser.disable(["image"])
    parser.validateLink = _link_allowed  # type: ignore[method-assign, assignment]
    return parser


_parser = _build()
_HEADING = re.compile(r"<(/?)h([1-6])>")


def _lower_heading(match: re.Match[str]) -> str:
    """A text's headings stand below those of the page."""
    return f"<{match[1]}h{min(int(match[2]) + 2, 5)}>"


def render(source: str) -> str:
    """Safe HTML for a text as its author typed it."""
    html = _HEADING.sub(_lower_heading, _parser.render(source))
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=LINKS_ARE)


@lru_cache(maxsize=4096)
def cached(source: str) -> Markup:
    """`render`, remembered per process: the same text is read far more often than written."""
    return Markup(render(source))  # noqa: S704 - cleaned by nh3 just above


def excerpt(source: str, length: int = 240) -> str:
    """The beginning of a text without its marks, cut at a word, for cards and mails."""
    text = unescape(" ".join(nh3.clean(_parser.render(source), tags=set()).split()))
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0] + "…"
