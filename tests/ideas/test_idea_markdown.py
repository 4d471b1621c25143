"""About a hundred hostile texts, as ideas and comments store them: no script, no handler, no style, no odd scheme."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from ideabox.markdown import SCHEMES, TAGS, render
from tests.ideas.markdown_samples import HOSTILE


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(tag)
        for name, value in attrs:
            allowed = name == "rel" or (name == "href" and (value or "").partition(":")[0].lower() in SCHEMES)
            if tag != "a" or not allowed:
                self.faults.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_nothing_is_left_that_could_act(number: int) -> None:
    reader = _Reader()
    reader.feed(render(HOSTILE[number]))
    assert not reader.faults, HOSTILE[number]


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) >= 60
