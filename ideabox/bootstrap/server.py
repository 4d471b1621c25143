"""Settings of gunicorn: `gunicorn -c python:ideabox.bootstrap.server 'wsgi:create_app()'`.

No preloading: each worker makes its own connections and threads.
"""

import os
import sys
from pathlib import Path
from typing import Any

bind = os.environ.get("IDEABOX_BIND", "127.0.0.1:8000")
# Without Redis the rate limits count in each process: one process, many threads.
workers = int(os.environ.get("WEB_CONCURRENCY", "2" if os.environ.get("REDIS_URL") else "1"))
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def on_starting(_server: Any) -> None:
    """Check the settings once, before any worker meets them."""
    from ideabox.settings import SettingsError, load

    try:
        load()
    except SettingsError as error:
        sys.exit(str(error))


def post_worker_init(worker: Any) -> None:
    """Print the welcome of `up` when the first worker has loaded the app: from now on a page is answered."""
    welcome = os.environ.get("IDEABOX_WELCOME")
    if welcome and worker.age == 1:
        print(Path(welcome).read_text(encoding="utf-8"), flush=True)
