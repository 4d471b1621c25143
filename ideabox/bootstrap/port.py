"""The port to serve on."""

import socket

from ideabox.bootstrap.trouble import Trouble

HOST = "127.0.0.1"


def hold(port: int) -> socket.socket:
    """Take the port now and keep it through the set-up; the server is handed the socket itself."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind((HOST, port))
    except PermissionError:
        raise Trouble(f"Port {port} is kept for the system: choose one above 1023 with --port.") from None
    except OSError:
        mend = f"or choose another: `python3 -m ideabox up --port {_free()}`."
        told = f"Port {port} is in use: stop the program that holds it (is Ideabox running already?), {mend}"
        raise Trouble(told) from None
    return holder


def _free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
