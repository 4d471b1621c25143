"""The one sprite of icons: a <symbol> for each Lucide icon the interface uses.

Add a name to ICONS to use an icon; the sprite is made again at the next set-up.
The symbols carry no stroke width: the style sheet sets it where the icon is used.
"""

import re
from pathlib import Path

ICONS = tuple(
    """
    house signpost lightbulb users-round library
    clipboard-check list-checks wallet chart-no-axes-column sprout settings-2 scroll-text circle-question-mark
    menu search plus check x
    gallery-vertical-end star circle-check circle-x circle-dashed undo-2 shuffle
    pen-line pencil-line history equal-not columns-2 message-circle-question-mark message-square image calculator
    hand-helping
    circle-slash circle-pause circle-dot package-check mail send
    hourglass calendar bell lock eye eye-off user-round building-2 coins handshake
    scissors rotate-ccw shield-check file-check-2 sliders-horizontal
    layout-grid list map table-2 columns-3 chevron-down chevron-right chevrons-up-down
    arrow-up arrow-down arrow-left arrow-right arrow-up-right move-right ellipsis archive
    triangle-alert octagon-alert circle-alert languages printer
    flag paperclip download upload log-out key-round link quote corner-down-right copy trash-2
    shield inbox megaphone refresh-cw info bell-off user-plus star-off
    """.split()
)

SPRITE = '<svg xmlns="http://www.w3.org/2000/svg">\n{}\n</svg>\n'
SYMBOL = (
    '<symbol id="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    ' stroke-linecap="round" stroke-linejoin="round">{}</symbol>'
)


def build_sprite(folder: Path, names: tuple[str, ...] = ICONS) -> str:
    """Return the text of the sprite, from the `NAME.svg` files of a folder.

    Raises FileNotFoundError for a name that the folder lacks.
    """
    return SPRITE.format("\n".join(SYMBOL.format(name, _drawing(folder / f"{name}.svg")) for name in names))


def _drawing(file: Path) -> str:
    found = re.search(r"<svg\b[^>]*>(.*)</svg>", file.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise ValueError(f"{file} holds no <svg> element")
    return re.sub(r">\s+<", "><", found.group(1).strip())
