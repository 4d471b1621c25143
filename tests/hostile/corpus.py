"""Three hundred things that people, programs and attackers type. All our own, as the bytes that a form sends."""

from __future__ import annotations

import unicodedata

_CONTROLS = [f"a{chr(code)}b" for code in (0, 1, 7, 8, 11, 12, 27, 127, 0x80, 0x85, 0x9F)]
_BROKEN = [
    b"\xed\xa0\x80",  # half of a pair, high
    b"\xed\xb0\x80",  # half of a pair, low
    b"abc\xed\xa0\xbdxyz",
    b"\xff\xfe",
    b"\xc3\x28",
    b"\xf5\x80\x80\x80",
    b"\xc0\xae\xc0\xae/",
    b"%00",
    b"%0d%0aSet-Cookie: a=b",
    b"\xef\xbb\xbfwith a mark",
]
_NUMBERS = [
    "0 -0 1 -1 00 0x10 1e3 1e309 -1e309 1.5 1,5 ½ ٣ NaN nan inf -inf Infinity None null true undefined",
    f"{2**31 - 1} {2**31} {2**32} {2**53 + 1} {2**63 - 1} {2**63} -{2**63 + 1} {2**64} {10**30} {'9' * 400}",
]
_DIRECTION = ["\u202eevil", "a\u202db", "\u2066x\u2069", "\u200f\u200e", "x\u2067", "\u061c"]
_INVISIBLE = ["\u200b", "a\u200bb", "\ufeff", "\u2060", "\u00ad", "\u3164", "\u2028", "\u2029", "\u180e", "\ue000"]
_SPACES = [chr(code) for code in (*range(0x2000, 0x200B), 0x00A0, 0x1680, 0x202F, 0x205F, 0x3000)]
_NO_CHARACTERS = [chr(code) for code in (0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xFFFD, 0xFFF9, 0xF8FF)]
_WORDS = (
    "admin sponsor leadership draft withdrawn delivered accepted sealed vote closed en fr xx EUR none all *".split()
)
_MARKS = ["e" + "\u0301" * 500, "Z" + "\u0351\u036f\u0489" * 40, "\u0301", "a\u0338", "\u0e33" * 50]
_LOOKALIKES = ["Аda", "pаypаl", "аdmin", "ɑda", "Ａｄａ", "ⓐⓓⓜⓘⓝ", "ℌ", "ﬁ", "ǅ", "İ", "ı", "ß", "ẞ", "K"]
_EMOJI = ["👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇫🇷", "💡" * 200, "\U0001f468\u200d", "\U000e0067", "🫠"]
_MARKERS = [
    "{{7*7}}",
    "${7*7}",
    "<%= 7*7 %>",
    "#{7*7}",
    "{% raw %}",
    "{{ config }}",
    "{{''.__class__.__mro__}}",
    "%(secret)s",
    "%s%s%s%n",
    "{0.__class__}",
    "$(id)",
    "`id`",
    "; ls",
    "| cat /etc/passwd",
    "\\N{SNOWMAN}",
    "@@version",
    "[[${x}]]",
]
_SQL = [
    "'",
    '"',
    "''",
    "' OR '1'='1",
    "'; DROP TABLE idea; --",
    "1); DELETE FROM vote; --",
    "' UNION SELECT password_hash FROM person --",
    "%",
    "_",
    "\\",
    "\\'",
    "a' || pg_sleep(5) || 'b",
    "1 AND randomblob(100000000)",
    "/**/",
    "NULL",
    "*",
    '"*" AND (',
    "^",
    ":name",
    "?",
    "$1",
]
_LOGS = ["a\nINFO forged=1", "a\r\nSet-Cookie: x=y", "\x1b[31mred", '"}\n{"level":"error"', "a\\nb", "a\x0bb\x0cc"]
_MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!--",
    "]]>",
    "<![CDATA[x]]>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "&#0;",
    "&#x110000;",
    "[x](javascript:alert(1))",
    "[x](//evil.example)",
    "![x](data:text/html,x)",
    "[x]: <javascript:alert(1)>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "```" * 400,
    "> " * 500,
    "* " * 500,
    "[" * 5000,
    "**" * 3000,
    "_" * 3000,
    "|a|" * 800,
    "<" * 3000,
    "#" * 200 + " x",
    "1. " * 800,
    "![" * 2000,
    "\\" * 3000,
    "`" * 3001,
]
_PATHS = [
    "../../etc/passwd",
    "..\\..\\x",
    "/etc/passwd",
    "C:\\x",
    "file:///x",
    "//evil.example",
    "/\\evil.example",
    "con",
]
_ADDRESSES = [
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://127.0.0.1:6379/",
    "mailto:a@b.c?cc=d@e.f",
    "a@b@c.de",
    '"a b"@halden.example',
    "a@[127.0.0.1]",
    "ada@halden.example\nBcc: x@evil.example",
    "ada@ＨＡＬＤＥＮ.example",
    "@",
    "a@",
    "@b",
    "a" * 65 + "@halden.example",
]
_FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1"]
_DATES = "0000-00-00 2026-02-30 9999-12-31 10000-01-01 2026-13-01T25:61 1969-12-31 -1-01-01 2026-07-28T09:00Z".split()
_JSON = ['{"a":1}', "[]", "[[[[", "a[b]=c", "a[]=1", "__proto__", "constructor", "{}", '"', "\\u0000"]
_LENGTHS = ["", " ", "\n", "\t", "x" * 39, "x" * 200, "x" * 201, "x" * 2001, "x" * 8001, "word " * 5000, "y" * 100_000]
_SCRIPTS = ["日本語の提案", "مرحبا", "שלום", "ไทย", "हिन्दी", "ᚠᚢᚦ", "Ελληνικά", "Привет", "𝕳𝖊𝖑𝖑𝖔", "中文" * 2000]
_FRENCH = [
    "L’idée « simple »",
    "œuf",
    "naïve",
    "ÉTÉ",
    "e\u0301te\u0301",
    "n\u00b0 5",
    "espace\u00a0insécable",
    "a\u202fb",
]
_FORMS = ["NFD: " + unicodedata.normalize("NFD", "éàü"), "\ufb01ancé", "\u1e9b\u0323", "ﷺ" * 18]


def corpus() -> list[bytes]:
    """All of it, each once, in a steady order."""
    words = [*_WORDS, *(word for line in _NUMBERS for word in line.split())]
    texts = [*_CONTROLS, *words, *_DIRECTION, *_INVISIBLE, *_SPACES, *_NO_CHARACTERS, *_MARKS, *_LOOKALIKES, *_EMOJI]
    texts += [*_MARKERS, *_SQL, *_LOGS, *_MARKUP, *_PATHS, *_ADDRESSES, *_FORMULAS, *_DATES, *_JSON, *_LENGTHS]
    texts += [*_SCRIPTS, *_FRENCH, *_FORMS]
    return list(dict.fromkeys([*(text.encode() for text in texts), *_BROKEN]))


#: Sent once to each form: more than any form may hold.
HUGE = b"x" * 5_000_000
#: Tried in every field, whatever the sample.
SHARPEST = [b"a\x00b", b"\xed\xa0\x80", str(2**63).encode(), "\u202eevil".encode(), b"<script>alert(1)</script>", b""]
