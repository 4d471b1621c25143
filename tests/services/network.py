"""A guard: the tests may speak to this machine and to nobody else."""

import ipaddress
import socket
from typing import Any

import pytest


class NetworkRefused(RuntimeError):
    """A test tried to reach another machine."""


def is_local(family: int, address: Any) -> bool:
    """Tell whether a socket address stays on this machine."""
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = str(address[0])
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in {"", "localhost"}


def guard(patch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and name lookup that would leave this machine."""
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    lookup = socket.getaddrinfo

    def local_lookup(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if not is_local(socket.AF_INET, (name,)):
            raise NetworkRefused(f"a test looked up {name}")
        return lookup(host, *args, **options)

    patch.setattr(socket, "getaddrinfo", local_lookup)


def _guarded(connect: Any) -> Any:
    def local_connect(self: socket.socket, address: Any) -> Any:
        if not is_local(self.family, address):
            raise NetworkRefused(f"a test reached out to {address}")
        return connect(self, address)

    return local_connect
