"""Turns are not lost: ``python -m bench.kills`` kills the real service with SIGKILL under load, again and again.

Clients ask without a pause and note the id of every turn whose answer they got in full. Most kills hit one worker;
every twentieth hits all processes at once, and the service is started anew. In the end each noted id must be stored.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy import select

from bot.storage.connections import Database
from bot.storage.tables import Turn

TOP = Path(__file__).parent.parent
CLIENTS = 6
QUESTIONS = ("what is gene therapy", "how long does a genetic test take", "is a phase 1 trial dangerous", "hello")
ALL_AT_ONCE = 20


class Clients:
    """Families that ask without a pause; ``kept`` are the ids of turns whose answers arrived whole."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.kept: list[str] = []
        self.broken = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        draw, connection = random.Random(number), None
        while not self._stop.is_set():
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
                body = json.dumps({"message": draw.choice(QUESTIONS)})
                connection.request("POST", "/api/v1/chat", body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                content = response.read()
                if response.status == 200:
                    self.kept.append(json.loads(content)["turn_id"])
            except (OSError, http.client.HTTPException):
                self.broken += 1
                if connection is not None:
                    connection.close()
                connection = None
                time.sleep(0.02)


def main() -> int:
    """Print what was killed and what is there; 1 if a turn is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", help="address of an empty database; a SQLite file of its own by default")
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        url = options.database or f"sqlite:///{scratch}/turns.sqlite3"
        port = _free_port()
        with Clients(port) as clients:
            whole = _kill_again_and_again(port, url, options)
        stored = _stored(url)
    lost = [turn for turn in clients.kept if turn not in stored]
    print(f"{options.kills} kills with SIGKILL, {whole} of them of all processes at once; {url.split(':')[0]}")
    print(f"{len(clients.kept)} turns acknowledged, {clients.broken} requests cut off, {len(stored)} turns stored")
    print(f"{len(lost)} acknowledged turns lost")
    return 1 if lost else 0


def _kill_again_and_again(port: int, url: str, options: argparse.Namespace) -> int:
    draw, whole, killed = random.Random(7), 0, 0
    while killed < options.kills:
        with _service(port, url, options.workers) as service:
            for _ in range(min(ALL_AT_ONCE - 1, options.kills - killed)):
                time.sleep(draw.uniform(0.05, 0.4))
                workers = psutil.Process(service.pid).children()
                if workers:
                    draw.choice(workers).kill()
                    killed += 1
            if killed < options.kills:
                time.sleep(draw.uniform(0.05, 0.4))
                os.killpg(service.pid, signal.SIGKILL)
                killed, whole = killed + 1, whole + 1
        print(f"{killed} kills", file=sys.stderr)
    return whole


@contextmanager
def _service(port: int, url: str, workers: int) -> Iterator[subprocess.Popen[bytes]]:
    """The service, until it is told to end or was killed."""
    settings = {"DATABASE_URL": url, "WEB_CONCURRENCY": str(workers), "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "bot.wsgi:app", "--log-level", "critical"],
        cwd=TOP,
        env={**os.environ, **settings},
        start_new_session=True,
    )
    try:
        _wait_until_ready(port)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()


def _wait_until_ready(port: int) -> None:
    for _ in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise TimeoutError("The service was not ready after a minute; its log is above.")


def _stored(url: str) -> set[str]:
    with Database(url).statement() as connection:
        return set(connection.scalars(select(Turn.id)))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
