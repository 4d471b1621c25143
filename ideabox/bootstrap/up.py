"""`python3 -m ideabox up`: from an empty clone to a running server; what is done already is skipped."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ideabox.bootstrap import data, environment, port
from ideabox.bootstrap.trouble import Trouble

SERVE = ["-m", "gunicorn", "-c", "python:ideabox.bootstrap.server", "wsgi:create_app()"]


@dataclass(frozen=True)
class Options:
    """What the person asked for."""

    port: int = 8000
    empty: bool = False

    @property
    def address(self) -> str:
        return f"http://{port.HOST}:{self.port}"


def parse(words: list[str]) -> Options | None:
    """Read the words after `up`; None when they make no sense."""
    number, empty, rest = str(Options.port), False, list(words)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name == "--port" and (equals or rest):
            number = value if equals else rest.pop(0)
        elif name == "--empty" and not equals:
            empty = True
        else:
            return None
    return Options(int(number), empty) if number.isdecimal() and 1 <= int(number) <= 65535 else None


def run(root: Path, options: Options) -> NoReturn:
    """Set up, then become the server: this process turns into gunicorn and keeps its id."""
    if os.name != "posix":
        raise Trouble("Ideabox serves on Linux and macOS: on Windows, use it inside WSL.")
    environment.check_writable(root)
    holder = port.hold(options.port)
    state = data.open_state(root)
    empty = data.is_empty(state, options.empty)
    env = _environ(root, options, empty)
    environment.prepare(root, "production" if data.database_url().startswith("postgres") else "run", env)
    data.fill(root, state, env, empty)
    welcome = data.write_welcome(state, options.address, empty)
    holder.set_inheritable(True)
    _serve(root, env | {"IDEABOX_BIND": f"fd://{holder.fileno()}", "IDEABOX_WELCOME": str(welcome)})


def _environ(root: Path, options: Options, empty: bool) -> dict[str, str]:
    """Give the settings their values where the person has not."""
    ours = {
        "IDEABOX_DEMO": "0" if empty else "1",
        "IDEABOX_BASE_URL": options.address,
        "IDEABOX_LOG_LEVEL": "WARNING",
        "IDEABOX_LOG_FORMAT": "console",
    }
    if "IDEABOX_SECRET_KEY" not in os.environ:
        ours["IDEABOX_SECRET_KEY"] = data.secret_key(root)
    return ours | dict(os.environ)


def _serve(root: Path, env: dict[str, str]) -> NoReturn:
    python = str(environment.python(root))
    os.chdir(root)
    sys.stdout.flush()
    os.execve(python, [python, *SERVE], env)  # noqa: S606 - no shell, our own words
