"""Kinds of notices: what each says, why one gets it, where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import LazyString


@dataclass(frozen=True)
class Kind:
    """`sentence` and `address` take the notice's data and are called in the reader's request."""

    name: str
    klass: str
    why: LazyString | str
    sentence: Callable[[dict[str, Any]], str]
    address: Callable[[dict[str, Any]], str]
    icon: str = "bell"
    mutable: bool = True


def kind_named(name: str) -> Kind | None:
    """The kind, or None when a feature that wrote notices has gone."""
    found: Kind | None = current_app.extensions["ideabox"]["notices"].get(name)
    return found
