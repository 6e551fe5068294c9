"""The real service under gunicorn with the current Build and a database of its own, for measurements in a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).parent.parent


def settings_in(folder: Path) -> dict[str, str]:
    """Return the environment of a service whose database is in a folder."""
    return {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'turns.sqlite3'}", "HF_HUB_OFFLINE": "1"}


@contextmanager
def running_in(folder: Path) -> Iterator[str]:
    """Yield the address of a service that is ready; its Build must be there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**settings_in(folder), "PORT": str(port), "WEB_CONCURRENCY": "1"}
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "bot.wsgi:app", "--log-level", "warning"]
    with subprocess.Popen(command, cwd=TOP, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} was not ready in time")
