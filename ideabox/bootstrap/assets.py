"""The front-end files: fetched by npm from the lock, then the few we serve are copied beside our own."""

import shutil
from pathlib import Path

from ideabox.bootstrap import icons, stamps

FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "idiomorph-ext.min.js": "idiomorph/dist/idiomorph-ext.min.js",
    "fonts/hanken-grotesk-latin-wght-normal.woff2": "@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-wght-normal.woff2",
    "fonts/hanken-grotesk-latin-ext-wght-normal.woff2": "@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-ext-wght-normal.woff2",
    "fonts/newsreader-latin-wght-normal.woff2": "@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2",
    "fonts/newsreader-latin-ext-wght-normal.woff2": "@fontsource-variable/newsreader/files/newsreader-latin-ext-wght-normal.woff2",
    "fonts/newsreader-latin-wght-italic.woff2": "@fontsource-variable/newsreader/files/newsreader-latin-wght-italic.woff2",
    "fonts/newsreader-latin-ext-wght-italic.woff2": "@fontsource-variable/newsreader/files/newsreader-latin-ext-wght-italic.woff2",
    "licences/hanken-grotesk.txt": "@fontsource-variable/hanken-grotesk/LICENSE",
    "licences/newsreader.txt": "@fontsource-variable/newsreader/LICENSE",
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/idiomorph.txt": "idiomorph/LICENSE",
    "licences/lucide.txt": "lucide-static/LICENSE",
}
SPRITE = "icons.svg"
STAMP = ".stamp"


def vendor_folder(root: Path) -> Path:
    """Return the git-ignored folder that holds the copied files."""
    return root / "ideabox" / "static" / "vendor"


def fingerprint(root: Path) -> str:
    """Return the digest of all that decides what the folder should hold."""
    here = root / "ideabox" / "bootstrap"
    return stamps.digest([root / "package-lock.json", here / "assets.py", here / "icons.py"])


def are_current(root: Path) -> bool:
    """Tell whether the folder was made from the lock and the lists of this version."""
    return stamps.is_current(vendor_folder(root) / STAMP, fingerprint(root))


def copy(root: Path) -> None:
    """Copy the named files out of node_modules and build the sprite; the stamp comes last."""
    vendor, modules = vendor_folder(root), root / "node_modules"
    shutil.rmtree(vendor, ignore_errors=True)
    for name, source in FILES.items():
        (vendor / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, vendor / name)
    sprite = icons.build_sprite(modules / "lucide-static" / "icons")
    (vendor / SPRITE).write_text(sprite, encoding="utf-8")
    stamps.write(vendor / STAMP, fingerprint(root))
