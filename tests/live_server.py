"""The service as it runs in production: real gunicorn workers, and the command line beside them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.patience import PATIENCE_S
from tests.structure.tree import TOP

# What works "at once" does so within a second; the rest is for a machine that is busy with other tests.
AT_ONCE_S = 120.0


class Server:
    """Gunicorn with several workers, and the command line of the same deployment."""

    def __init__(self, log: Path, *, index: Path, database_url: str, workers: int, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = log
        self.address = f"http://127.0.0.1:{self.port}"
        self.patience_s = 120.0
        self._environment = {
            **os.environ, "DATABASE_URL": database_url, "BOT_INDEX": str(index),
            "PORT": str(self.port), "WEB_CONCURRENCY": str(workers), **settings,
        }  # fmt: skip
        with self.log.open("wb") as out:
            words = ["-m", "gunicorn", "-c", "gunicorn.conf.py", "bot.wsgi:app"]
            self.process = subprocess.Popen(
                [sys.executable, *words], cwd=TOP, env=self._environment, stdout=out, stderr=out
            )

    def run(self, *words: str) -> str:
        """What a command of ``python -m bot`` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=TOP,
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def call(self, path: str, body: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        """The status and the text of an answer; each call is a connection of its own, so any worker may take it."""
        data = None if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json", "Connection": "close", **headers}
        request = urllib.request.Request(self.address + path, data=data, headers=given)
        try:
            with urllib.request.urlopen(request, timeout=self.patience_s) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait(self, patience_s: float = PATIENCE_S) -> None:
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.call("/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)


@contextmanager
def running(log: Path, *, index: Path, database_url: str, workers: int, **settings: str) -> Iterator[Server]:
    """A server that is ready; it is stopped in the end."""
    server = Server(log, index=index, database_url=database_url, workers=workers, **settings)
    try:
        server.wait()
        yield server
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(PATIENCE_S)
