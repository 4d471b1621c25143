"""Stamps: a small file beside what a step made, holding the digest of what it was made from."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return the SHA-256 (hexadecimal) of files, of the Python files under folders, and of words."""
    seal = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            seal.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
    for word in words:
        seal.update(word.encode() + b"\0")
    return seal.hexdigest()


def is_current(stamp: Path, expected: str) -> bool:
    """Tell whether a stamp is there and holds the expected digest."""
    try:
        return stamp.read_text(encoding="ascii").strip() == expected
    except (OSError, UnicodeDecodeError):
        return False


def write(stamp: Path, value: str) -> None:
    """Write a stamp, making its folder when it is missing."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value + "\n", encoding="ascii")
