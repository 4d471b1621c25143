"""The servers start, answer, and are gone afterwards, even when the process that started them is killed."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.services import watchdog
from tests.services.network import NetworkRefused

ROOT = Path(__file__).parents[2]


def _wait_gone(pid: int, seconds: float = 15.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if watchdog._is_gone(pid):
            return True
        time.sleep(0.05)
    return False


def test_other_machines_are_out_of_reach() -> None:
    with socket.socket() as probe, pytest.raises(NetworkRefused):
        probe.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("example.org", 80)


def test_a_killed_run_leaves_no_server_and_no_folder() -> None:
    program = """
        import os, psycopg, signal
        from tests.services import postgresql, valkey
        with postgresql.database("killed") as url, valkey.database(0):
            plain = url.replace("+psycopg", "")
            with psycopg.connect(plain) as connection:
                folder = connection.execute("SHOW data_directory").fetchone()[0]
            with open(folder + "/postmaster.pid") as lines:
                print(lines.readline().strip(), folder, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    """
    keep = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(program)],
        cwd=ROOT, env=keep, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == -signal.SIGKILL, run.stderr
    pid, folder = run.stdout.split()
    assert _wait_gone(int(pid))
    end = time.monotonic() + 10
    while Path(folder).exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(folder).exists()
