"""The colours hold their contrast: the pairs the design names, in three themes, read from the token file itself."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "ideabox/static/css/tokens.css"
THEMES = ("light", "dark", "contrast")
GROUNDS = ("desk", "sheet", "raised", "sunken", "hover")
TEXTS = ("ink", "ink2", "ink3", "blue", "red", "green", "gold-ink")
DATA = ("d1", "d2", "d3", "d4")
CHART_GROUNDS = ("desk", "sheet", "raised", "sunken")  # a chart is never a hovered row

TEXT_PAIRS = [
    *product(TEXTS, GROUNDS),
    *product(("ink", "ink2"), ("gold", "gold-soft", "pressed")),
    *product(("ink",), ("a1", "a2", "a3", "a4", "a5", "a6", "s1", "s2", "s3", "n1", "n2", "n3", "n0")),
    ("ink3", "gold-soft"),
    ("blue", "blue-soft"),
    ("blue-hi", "sheet"),
    ("red", "red-soft"),
    ("green", "green-soft"),
    ("ink-inv", "ink"),
    ("ink-inv", "s5"),
    ("ink-inv", "s6"),
]
LINE_PAIRS = [
    *product(DATA, CHART_GROUNDS),
    *product(("edge",), GROUNDS),
    ("dgrey", "sheet"),
    ("gold-line", "sheet"),
    ("edge", "gold-soft"),
]


def _declared(css: str) -> dict[str, tuple[str, str]]:
    found = re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", css)
    return {name: (light, dark) for name, light, dark in found}


def _contrast_blocks(css: str) -> list[dict[str, str]]:
    blocks = re.findall(r"color-scheme: light;\s+--sh-1: none;(.*?)\}", css, re.DOTALL)
    return [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block)) for block in blocks]


def _palettes() -> dict[str, dict[str, str]]:
    css = TOKENS.read_text()
    both = _declared(css)
    return {
        "light": {name: pair[0] for name, pair in both.items()},
        "dark": {name: pair[1] for name, pair in both.items()},
        "contrast": _contrast_blocks(css)[0],
    }


def _luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, 0 to 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _ratio(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_themes_name_the_same_colours() -> None:
    css = TOKENS.read_text()
    chosen, preferred = _contrast_blocks(css)
    assert len(_declared(css)) == 52
    assert set(chosen) == set(_declared(css))
    assert chosen == preferred


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme: str) -> None:
    palette = _palettes()[theme]
    least = 7.0 if theme == "contrast" else 4.5
    weak = {pair: round(_ratio(palette[pair[0]], palette[pair[1]]), 2) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_data_can_be_seen(theme: str) -> None:
    palette = _palettes()[theme]
    weak = {pair: round(_ratio(palette[pair[0]], palette[pair[1]]), 2) for pair in LINE_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3.0} == {}


def test_the_ratio_is_that_of_the_standard() -> None:
    assert round(_ratio("#000000", "#ffffff"), 2) == 21.0
    assert round(_ratio("#767676", "#ffffff"), 2) == 4.54
