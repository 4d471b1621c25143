"""Starting servers for a measurement, and reading from the system what they have used. Linux only (/proc)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from ideabox.settings import ROOT

TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PROC = Path("/proc")


@dataclass(frozen=True)
class Server:
    """A running server: its port and the id of its first process."""

    port: int
    pid: int


@contextmanager
def serve(factory: str, workers: int, env: dict[str, str]) -> Iterator[Server]:
    """Gunicorn on a free port of this machine, gone at the end."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", str(workers), "-k", "gthread"]
    command += ["--threads", "4", "--keep-alive", "600", "--no-control-socket"]
    command += ["--log-level", "error", factory]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env})
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server to measure did not start")


def family(pid: int) -> set[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = set(), [pid]
    while waiting:
        current = waiting.pop()
        found.add(current)
        waiting += children.get(current, [])
    return found


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the name; empty when the process has gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def cpu_ms(pids: set[int]) -> float:
    """User and system time of these processes and of their ended children, in ms."""
    fields = [_stat(pid) for pid in pids]
    return sum(sum(int(ticks) for ticks in field[11:15]) for field in fields if field) * 1000 / TICK


def memory_mb(pid: int) -> float:
    """Resident memory of one process, in MB."""
    try:
        status = (PROC / str(pid) / "status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0")
    return int(line.split()[1]) / 1024


def get(port: int, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
    """One GET on a connection of its own: status, headers, body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()
