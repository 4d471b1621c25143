"""English words that are two words in French."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% from 'components/idea.html' import idea_state %}{{ idea_state('read') }}", "Lue"),
        ("{{ pgettext('verb', 'Open') }}", "Ouvrir"),
        ("{{ _('Open') }}", "Ouvertes"),
    ],
)
def test_a_word_is_said_as_it_is_meant(app: Flask, template: str, said: str) -> None:
    with app.test_request_context("/"), force_locale("fr"):
        assert said in render_template_string(template)
