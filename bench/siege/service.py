"""The service as the Procfile starts it, with a Build, a database and an environment of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

TOP = Path(__file__).parents[2]
SECRET_KEY = "k" * 48
# A machine that does much else gives a start as little as a fiftieth of a core.
PATIENCE_S = 900
# So few that a flood of this size can use them up; the ratio is that of the defaults.
LIMITS = {"BOT_CLIENT_PER_MINUTE": "120", "BOT_SITE_PER_MINUTE": "1200"}


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: where it listens, its process, its database, and the folder it may write to."""

    port: int
    pid: int
    database_url: str
    folder: Path


@contextmanager
def serving(
    folder: Path,
    index: Path,
    *,
    workers: int,
    database_url: str | None,
    trusted: str = "",
    port: int | None = None,
    **more: str,
) -> Iterator[Service]:
    """Yield a service that is ready.

    :param folder: where its database, log and metrics are.
    :param index: where its Build is.
    :param workers: how many.
    :param database_url: a SQLite file in ``folder`` if there is none.
    :param trusted: HOST:PORT that webhooks may reach, with commas between.
    :param port: where it listens; a free one if there is none.
    :param more: more of its environment.
    :returns: the service, stopped in the end whatever its state.
    """
    port = port or free_port()
    url = database_url or f"sqlite:///{folder / 'turns.sqlite3'}"
    (folder / "numbers").mkdir(exist_ok=True)
    environment = {
        **os.environ, **LIMITS, "PORT": str(port), "WEB_CONCURRENCY": str(workers), "DATABASE_URL": url,
        "BOT_INDEX": str(index), "BOT_SECRET_KEY": SECRET_KEY, "BOT_TRUSTED_PROXIES": "1",
        "BOT_TRUSTED_HOSTS": trusted, "PROMETHEUS_MULTIPROC_DIR": str(folder / "numbers"), "HF_HUB_OFFLINE": "1",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **more,
    }  # fmt: skip
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            ["bash", "-c", _web_line()], cwd=TOP, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_until_ready(port, process)
            yield Service(port, process.pid, url, folder)
        finally:
            _stop(process)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _web_line() -> str:
    lines = (TOP / "Procfile").read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("web: ") for line in lines if line.startswith("web: "))


def _wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    until = monotonic() + PATIENCE_S
    while monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                raise RuntimeError("the service ended at its start; its log is in the folder of --keep") from None
            sleep(0.1)
    raise RuntimeError("the service was not ready in time; its log is in the folder of --keep")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and kill what is left of its group: an attack may have left it unable to."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
