"""Start here: `python3 -m ideabox up` and `python3 -m ideabox test`, before anything is installed.

This file must parse on any Python, however old, so that an old one gets a sentence and not a traceback.
"""

import sys

OLDEST = (3, 11)


def complaint(version):
    """Return the sentence for a Python that is too old, or an empty string."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    told = "Ideabox needs Python " + _dotted(OLDEST) + " or newer and this is Python " + _dotted(version)
    return told + ": install a newer one and call it by its name, for example: python3.12 -m ideabox up\n"


def _dotted(version):
    return ".".join(str(number) for number in version[:2])


if __name__ == "__main__":
    told = complaint(sys.version_info)
    if told:
        sys.stderr.write(told)
        sys.exit(1)

    from ideabox.bootstrap.cli import main

    sys.exit(main(sys.argv[1:]))
