"""Texts of people become safe HTML."""

from __future__ import annotations

import re

import pytest

from ideabox.markdown import excerpt, render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](http://tracker.example/pixel.png)",
    "<a href='https://a.example' onclick='x()'>a</a>",
    "<svg/onload=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>body{display:none}</style>",
    "<iframe src=//evil.example></iframe>",
    "[a]: javascript:alert(1)\n\n[a]",
    "```html\n<script>alert(1)</script>\n```",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "<form action=https://evil.example><input name=password></form>",
]
FORBIDDEN = re.compile(r"script|\son\w+\s*=|style|img|svg|iframe|form|input|title=", re.I)
LINK = re.compile(r'href="([^"]*)"')


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_hostile_survives(source: str) -> None:
    html = render(source)
    tags = re.findall(r"<[^>]*>", html)
    assert not [tag for tag in tags if FORBIDDEN.search(tag)]
    assert all(re.match(r"(https?://[^/\\]|mailto:)", address) for address in LINK.findall(html))


def test_what_people_write_is_kept() -> None:
    text = "# Big\n\nA *b* **c** [d](https://e.example/f?g=1&h=2)\n\n- one\n- two\n\n"
    html = render(text + "| a | b |\n|---|---|\n| 1 | 2 |")
    for piece in ("<h3>Big</h3>", "<em>b</em>", "<strong>c</strong>", "<li>one</li>", "<td>1</td>", 'rel="nofollow'):
        assert piece in html


def test_an_excerpt_keeps_what_a_text_says_of_itself() -> None:
    """No-break spaces stand before French colons; an entity somebody typed about stays as typed."""
    assert excerpt("Une question\u00a0: pourquoi\u00a0?") == "Une question\u00a0: pourquoi\u00a0?"
    assert excerpt("Write `&lt;` for a smaller sign, `&nbsp;` for a space") == (
        "Write &lt; for a smaller sign, &nbsp; for a space"
    )


def test_an_excerpt_is_plain_and_cut_at_a_word() -> None:
    text = excerpt("**Shut** the `compressors` & lights <b>now</b> " + "word " * 100, length=60)
    assert text.startswith("Shut the compressors & lights <b>now</b> word")
    assert text.endswith("word…")
    assert len(text) <= 61
