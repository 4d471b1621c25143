"""Passwords: hashed by Argon2id, and checked in the same time whether or not there is anything to check against."""

from __future__ import annotations

import threading
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

#: 46 MiB, two passes, one lane: above what OWASP asks for, and small enough for a web process.
_hasher = PasswordHash((Argon2Hasher(memory_cost=47104, time_cost=2, parallelism=1),))
# Each check needs its 46 MiB: a burst of sign-ins waits here instead of filling the memory.
_room = threading.Semaphore(2)


def hash_of(password: str) -> str:
    """The stored form of a password; new salt each time."""
    with _room:
        return _hasher.hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one. Without a stored one it takes as long, and the answer is no."""
    against = stored or _nobodys()
    with _room:
        try:
            right = _hasher.verify(password, against)
        except UnknownHashError:
            return False
    return right and stored is not None


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hash_of("the password of nobody")


def prepare() -> None:
    """Make the hash that unknown people are checked against, so that the first of them waits no longer than others."""
    _nobodys()
