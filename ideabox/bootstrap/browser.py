"""Where the browser tests find their Chromium."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the path of the first Chromium on PATH, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)
