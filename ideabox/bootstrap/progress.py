"""Progress on a terminal or in a log: one line a step, with the time it took."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ideabox.bootstrap import trouble

WIDTH = 28  # columns of a step's name
BEAT = 0.2  # seconds between two looks on a terminal
LOG_BEAT = 15.0  # seconds between two signs of life where the output is not a terminal


def say(text: str) -> None:
    """Print a line now."""
    print(text, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Show that a step runs and how long it has been running; one line stays when it is done."""
    started, over = time.monotonic(), threading.Event()
    ticker = threading.Thread(target=_tick, args=(name, started, over), daemon=True)
    ticker.start()
    mark = "failed"
    try:
        yield
        mark = "done"
    finally:
        over.set()
        ticker.join()
        start = "\r" if sys.stdout.isatty() else ""
        say(f"{start}  {name:<{WIDTH}} {mark:>6} {time.monotonic() - started:6.1f} s")


def _tick(name: str, started: float, over: threading.Event) -> None:
    live = sys.stdout.isatty()
    while not over.wait(BEAT if live else LOG_BEAT):
        line = f"  {name:<{WIDTH}}    ... {time.monotonic() - started:6.1f} s"
        print(f"\r{line}" if live else line, end="" if live else "\n", flush=True)


def run(name: str, command: Sequence[str], root: Path, env: Mapping[str, str]) -> str:
    """Run a command as a step and return what it printed; raise Trouble with a sentence when it fails."""
    with step(name):
        done = subprocess.run(
            command,
            cwd=root,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise trouble.from_output(name, done.stdout, root, _keep(root, command, done.stdout))
    return done.stdout


def _keep(root: Path, command: Sequence[str], output: str) -> Path:
    """Write the whole output of a failed command where it can be read later."""
    log = root / "instance" / "setup.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text(f"{' '.join(command)}\n{output}", encoding="utf-8")
    return log
