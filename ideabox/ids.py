"""Unguessable names for things that stand in addresses."""

from __future__ import annotations

import secrets

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 14


def new_uid() -> str:
    """14 letters from an alphabet of 31 (about 69 random bits), none of them easily mistaken."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def new_token() -> str:
    """256 random bits, for links that open something by themselves."""
    return secrets.token_urlsafe(32)
