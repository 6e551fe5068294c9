"""A Dask scheduler and workers of a test's own, as processes that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real_postgres import free_port
from tests.structure.tree import TOP


class RealCluster:
    """A scheduler, and workers by their numbers. A worker has one thread and nobody who starts it again."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self._folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        port = self.address.rsplit(":", 1)[1]
        self._scheduler = self._run(
            "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", log="scheduler"
        )

    def add_worker(self, **settings: str) -> None:
        name = f"worker-{len(self.workers)}"
        words = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name, "--death-timeout", "300")
        self.workers.append(self._run("worker", self.address, *words, log=name, **settings))

    def log(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text(encoding="utf-8")

    def stop(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()

    def _run(self, *words: str, log: str, **settings: str) -> subprocess.Popen[bytes]:
        local = ("--local-directory", str(self._folder / log)) if words[0] == "worker" else ()
        with (self._folder / f"{log}.log").open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words, *local],
                cwd=TOP, env={**os.environ, **settings}, stdout=out, stderr=out,
            )  # fmt: skip


@contextmanager
def real_cluster(folder: Path, workers: int) -> Iterator[RealCluster]:
    cluster = RealCluster(folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.stop()
