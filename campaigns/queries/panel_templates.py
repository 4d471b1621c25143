"""The templates a campaign can start from: full texts in English and French, with what to fill in [in brackets]."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "templates_data"
NAMES = ("energy", "product", "first_week", "safety", "paperwork", "open_innovation")
#: Text in square brackets that is not the label of a link.
_TO_FILL = re.compile(r"\[[^\[\]\n]+\](?!\()")


@dataclass(frozen=True)
class Template:
    """One template in one language. `texts` are columns of Campaign, `days` how long each phase lasts."""

    name: str
    icon: str
    leading_key: str
    title: str
    about: str
    texts: dict[str, str]
    criteria: tuple[dict[str, Any], ...]
    days: dict[str, int]


def all_templates(lang: str) -> list[Template]:
    return [template_named(name, lang) for name in NAMES]


@lru_cache(maxsize=32)
def template_named(name: str, lang: str) -> Template:
    """Raises KeyError for a name that is not in NAMES, or a language that is neither en nor fr."""
    if name not in NAMES:
        raise KeyError(name)
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    words = dict(data[lang])
    title, about, criteria = words.pop("name"), words.pop("about"), tuple(words.pop("criteria"))
    texts = {column: text.strip() for column, text in words.items()}
    return Template(name, data["icon"], data["key"], title, about, texts, criteria, data["days"])


def left_to_fill(text: str) -> list[str]:
    """What still stands in square brackets in a text."""
    return _TO_FILL.findall(text)
