"""The app in processes of its own, as in production: gunicorn with several workers, on a free port."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import watchdog
from tests.services.valkey import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # seconds until the first answer


@contextmanager
def serve(workers: int, settings: dict[str, str], factory: str = "wsgi:create_app()") -> Iterator[str]:
    """Run gunicorn over settings given as environment variables, and give its address once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:ideabox.bootstrap.server", factory]
    env = os.environ | settings | {"IDEABOX_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": str(workers)}
    folder = Path(tempfile.mkdtemp(prefix="ideabox-served-"))
    with (folder / "log").open("w+", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        guard = watchdog.guard(server.pid, signal.SIGTERM, folder)
        try:
            _wait(server, f"http://127.0.0.1:{port}", log.name)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)
            watchdog.release(guard)


def _wait(server: "subprocess.Popen[bytes]", address: str, log: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not answer: " + Path(log).read_text(encoding="utf-8")[-2000:])
