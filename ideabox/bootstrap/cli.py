"""The commands that work in an empty clone."""

import sys
from pathlib import Path

from ideabox.bootstrap import suite, trouble, up

ROOT = Path(__file__).resolve().parents[2]
USAGE = """\
usage: python3 -m ideabox up [--port N] [--empty]   set up if needed, then serve on this machine
       python3 -m ideabox test [pytest arguments]   run every test on real databases and in a real browser

  --port N   the port to serve on (8000)
  --empty    start without the demo company: the first page makes your administrator
"""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 done, 1 trouble, 2 not understood."""
    try:
        return _dispatch(arguments)
    except trouble.Trouble as told:
        return _fail(str(told))
    except OSError as error:
        return _fail(str(trouble.from_os_error(error, ROOT)))
    except KeyboardInterrupt:
        return _fail("Stopped; run the same command again to go on from here.")


def _dispatch(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "test":
        return suite.run(ROOT, rest)
    options = up.parse(rest) if command == "up" else None
    if options is None:
        asked = command in {"-h", "--help", "help"} or (command == "up" and {"-h", "--help"} & set(rest))
        print(USAGE, end="", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    return up.run(ROOT, options)


def _fail(sentence: str) -> int:
    print(f"\n{sentence}", file=sys.stderr)
    return 1
