"""Whatever is typed into whatever field: no answer of 500, and what was typed comes back with the reason."""

from __future__ import annotations

import html
import itertools
import unicodedata
from collections.abc import Iterator

from ideabox.forms import tidy
from tests.hostile.conftest import FULL, Field
from tests.hostile.corpus import HUGE, SHARPEST, corpus
from tests.hostile.pages import Found, filled, find_forms, send

#: How many of the corpus each field gets in the short run, beside the sharpest; fields go on where the last one ended.
SAMPLE = 5


def tries(forms: list[Found]) -> Iterator[tuple[Found, str, bytes]]:
    """Each field of each form with its share of the corpus; with all of it in the full run."""
    everything = corpus()
    round_and_round = itertools.cycle(everything)
    for found in forms:
        for name in found.fields:
            share = everything if FULL else [*SHARPEST, *itertools.islice(round_and_round, SAMPLE)]
            yield from ((found, name, text) for text in share)


def comes_back(text: bytes, page: str) -> bool:
    """Whether a text that can be shown stands in the page, escaped; texts that no page can hold need not."""
    try:
        typed = str(tidy(text.decode()))
    except UnicodeDecodeError:
        return True
    shown = not any(unicodedata.category(char) in {"Cc", "Cs", "Cn", "Co", "Cf"} for char in typed)
    return not shown or " ".join(typed.split()) in " ".join(html.unescape(page).split())


def test_no_field_breaks_a_page_and_nothing_typed_is_lost(ground: Field) -> None:
    with ground.held():
        forms = find_forms(ground.runner)
    faults, asked, refused = [], 0, 0
    for found, name, text in tries(forms):
        ground.clean()
        with ground.held():
            try:
                answer = send(ground.runner, found, filled(found.form, {name: text}))
            except Exception as fault:
                faults.append(f"{found}, {name}={text[:60]!r}: {type(fault).__name__}: {str(fault)[:200]}")
                continue
        asked += 1
        if answer.status_code >= 500:
            faults.append(f"{found}, {name}={text[:60]!r}: {answer.status_code}")
        if answer.status_code == 422 and name in found.typed and answer.is_json is False:
            refused += 1
            if not comes_back(text, answer.text):
                faults.append(f"{found}, {name}={text[:60]!r}: what was typed is lost")
    print(
        f"hostile forms: {len(forms)} forms, {asked} answers, {refused} refusals that were read, {len(faults)} faults"
    )
    assert len(forms) > 40
    assert refused > 50
    assert not faults, "\n".join(faults)


def test_more_than_any_form_holds_is_refused(ground: Field) -> None:
    with ground.held():
        forms = [found for found in find_forms(ground.runner) if found.route[1] == "POST"]
    written = {found.route: found for found in forms if found.typed & set(found.fields)}
    for found in written.values():
        name = min(found.typed & set(found.fields))
        ground.clean()
        with ground.held():
            answer = send(ground.runner, found, filled(found.form, {name: HUGE}))
        assert answer.status_code == 413, f"{found}: {answer.status_code}"
    assert len(written) > 15


def test_a_lost_text_turns_it_red() -> None:
    assert comes_back(b"<b>kept</b>", "<textarea>&lt;b&gt;kept&lt;/b&gt;</textarea>")
    assert not comes_back(b"<b>kept</b>", "<textarea></textarea>")
    assert comes_back(b"a\x00b", "nothing")
