"""Stops a server when the process that started it is gone, however it went.

Run as a program with a process id, a signal number and a folder: waits until its standard input closes, which the
kernel does even for a killed parent, then signals the server and removes its folder.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from signal import SIGKILL

PATIENCE = 10.0  # seconds


def guard(pid: int, signal: int, folder: Path) -> "subprocess.Popen[bytes]":
    """Start a watchdog over a server; closing its `stdin` stops the server."""
    command = [sys.executable, __file__, str(pid), str(int(signal)), str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def release(watchdog: "subprocess.Popen[bytes]") -> None:
    """Stop the guarded server now and wait until it is gone."""
    watchdog.communicate()


def _stop(pid: int, signal: int) -> None:
    try:
        os.kill(pid, signal)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(0.05)
            if _is_gone(pid):
                return
        os.kill(pid, SIGKILL)
    except ProcessLookupError:
        return


def _is_gone(pid: int) -> bool:
    """Tell whether a process has ended; one that ended but was not yet reaped by its parent counts as gone."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except ProcessLookupError:
        return True
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    sys.stdin.buffer.read()
    _stop(int(sys.argv[1]), int(sys.argv[2]))
    shutil.rmtree(sys.argv[3], ignore_errors=True)
