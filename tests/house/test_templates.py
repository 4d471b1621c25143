"""House test 6: templates use what they import, hold no script and no style, and every word passes a translation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.house.templates import ROOT, loose_words, page_faults, plain_faults, templates, unused_imports

#: Mails are read by programs that know neither our style sheet nor our policy.
MAILS = ROOT / "emails"
#: Strings in expressions that look like words and are none, by template.
NO_WORDS = {"accounts/_language.html": {"line 6: 'English' is not translated"}}


def collected(paths: Iterable[Path], check: Callable[[str], Iterable[str]]) -> list[str]:
    return [f"{path.relative_to(ROOT)} {fault}" for path in paths for fault in check(path.read_text(encoding="utf-8"))]


def pages() -> list[Path]:
    return [path for path in templates() if path.suffix == ".html"]


def test_each_import_is_used() -> None:
    assert collected(templates(), unused_imports) == []


def test_pages_hold_no_script_no_style_and_no_plain_words() -> None:
    faults = collected(pages(), page_faults)
    assert [fault for fault in faults if not (fault.startswith("emails/") and "style" in fault)] == []


def test_text_mails_hold_no_plain_words() -> None:
    assert collected([path for path in templates() if path.suffix == ".txt"], plain_faults) == []


def test_no_label_is_handed_on_untranslated() -> None:
    faults = collected(templates(), loose_words)
    known = {f"{name} {words}" for name, all_words in NO_WORDS.items() for words in all_words}
    assert [fault for fault in faults if fault not in known] == []


def test_there_are_templates_to_look_at() -> None:
    assert len(templates()) > 80


@pytest.mark.parametrize(
    "text",
    [
        "{% from 'a.html' import icon, chip %}{{ icon('x') }}",
        "{% import 'a.html' as parts %}",
        "{% from 'a.html' import icon as sign %}{{ icon }}",
    ],
)
def test_an_idle_import_turns_it_red(text: str) -> None:
    assert list(unused_imports(text))


@pytest.mark.parametrize(
    "text",
    [
        "<p>Save your idea</p>",
        "<p>{{ _('Fine') }} but this</p>",
        "<img alt='A chart'>",
        '<button title="Close {{ name }}">x</button>',
        "<input placeholder='Type here'>",
        "<a aria-label='{% if x %}Open{% endif %}'></a>",
        "<p>{% trans %}Fine{% endtrans %} not fine</p>",
        "{% macro a() %}<span>Never</span>{% endmacro %}",
        "<p style='color: red'></p>",
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        "<a onclick='go()'>{{ _('Go') }}</a>",
        "<a href=' javascript:go()'>{{ _('Go') }}</a>",
    ],
)
def test_script_style_and_plain_words_turn_it_red(text: str) -> None:
    assert page_faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "<p class='t-lead' {% if x %}data-open{% endif %}>{{ _('Save') }}: {{ name }} (3)</p>",
        "{% trans n=3 %}{{ n }} ideas{% endtrans %}",
        "{# a comment of words #}<kbd>Ctrl</kbd><script src='x'></script>",
        "{{ button(_('Save'), 'primary') }}<input title=\"{{ _('Close %(n)s', n=name) }}\">",
    ],
)
def test_what_is_sound_stays_green(text: str) -> None:
    assert not page_faults(text)
    assert not list(loose_words(text))


def test_a_plain_label_or_mail_turns_it_red() -> None:
    assert list(loose_words("{{ button('Save it now') }}"))
    assert list(loose_words("{{ button('Save') }}"))
    assert plain_faults("{{ _('Hello') }}\nYour idea has its answer.")
