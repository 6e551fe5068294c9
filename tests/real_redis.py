"""A Redis of a test's own, as a process on a port, that can go and come back with nothing in it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import RedisError

from tests.real_postgres import free_port

_START_S = 60.0


class RealRedis:
    """The server; it keeps its port while it is down."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = shutil.which("redis-server")
        assert command, "There is no Redis for the tests; run `make redis`."
        words = (
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--daemonize",
            "no",
        )
        self._process = subprocess.Popen([command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            try:
                Redis(port=self.port).ping()
            except RedisError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("The Redis of the tests did not start.")

    def stop(self) -> None:
        """As after a power cut: what it knew is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def pause(self) -> None:
        """It takes connections and answers nothing; ``stop`` ends that too."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)


@contextmanager
def real_redis() -> Iterator[RealRedis]:
    server = RealRedis()
    try:
        server.start()
        yield server
    finally:
        server.stop()
