"""The service with its database, and what can be done to both: start, wait, renew the index.

In: a folder and an index. Out: a service on one port, however often it is started. It must not know what is measured.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from time import monotonic, sleep
from urllib.request import urlopen

import psutil

from bench.siege.service import Service, free_port, serving
from bench.soak.calling import Caller
from bench.soak.clock import Clock
from bench.soak.ledger import Ledger
from bench.soak.people import as_another_client
from bot.indexing.store import BuildStore
from tests.real_postgres import RealPostgres

METRICS_TOKEN = "m" * 32
_PATIENCE_S = 300.0
# As many in a row as would hardly miss a worker that does not store yet.
_IN_A_ROW = 8
_MOST_APART_S = 60


class Stand:
    """A service with workers over a real PostgreSQL."""

    def __init__(self, folder: Path, index: Path, postgres: RealPostgres, *, workers: int) -> None:
        self.folder, self.index, self.postgres = folder, index, postgres
        self.temporary = folder / "tmp"
        self.port = free_port()
        self.clock = Clock(folder)
        self._workers = workers
        self._running: AbstractContextManager[Service] | None = None
        self._service: Service | None = None

    @property
    def pid(self) -> int:
        """The first process of the service, which leads its group."""
        assert self._service is not None, "it was not started"
        return self._service.pid

    def running_pid(self) -> int | None:
        """The same, or nothing while it is down."""
        return None if self._service is None else self._service.pid

    def master(self) -> psutil.Process:
        """The process of gunicorn that starts workers; ``exec`` of the Procfile makes it the first one."""
        return psutil.Process(self.pid)

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self.temporary.mkdir(exist_ok=True)
        self._running = serving(
            self.folder, self.index, workers=self._workers, database_url=self.postgres.url, port=self.port,
            TMPDIR=str(self.temporary), BOT_METRICS_TOKEN=METRICS_TOKEN, **self.clock.environment,
        )  # fmt: skip
        self._service = self._running.__enter__()

    def stop(self) -> None:
        """Stop it, if it runs."""
        running, self._running, self._service = self._running, None, None
        if running is not None:
            with suppress(Exception):
                running.__exit__(None, None, None)

    def start_again(self) -> None:
        """Start it after it was killed."""
        self.stop()
        self.start()

    def command(self, *words: str) -> str:
        """Return what a command of ``python -m bot`` prints."""
        return run_bot(*words, DATABASE_URL=self.postgres.url, BOT_INDEX=str(self.index))

    def wait_until_ready(self) -> None:
        """Wait until it has an index and answers."""
        _wait(lambda: self._status("/readyz") == 200, "the service was not ready again")

    def wait_until_served(self) -> None:
        """Wait until every worker answers from the Build that the index points to."""
        pointed = BuildStore(self.index).pointed()
        assert pointed is not None, "the index points to nothing"
        row = 0

        def holds() -> bool:
            nonlocal row
            # Who asks makes a worker look for a newer one.
            told = self._caller().call("POST", "/api/v1/chat", {"message": "hello"})
            row = row + 1 if told.status == 200 and told.json()["build"] == pointed.name else 0
            return row >= _IN_A_ROW

        _wait(holds, "the newest Build was not served")

    def wait_until_stored(self) -> None:
        """Wait until what is asked is stored again, on every worker."""
        row = 0

        def holds() -> bool:
            nonlocal row
            row = row + 1 if self._is_stored() else 0
            return row >= _IN_A_ROW

        _wait(holds, "turns were not stored again")

    def postgres_processes(self) -> list[psutil.Process]:
        """The processes of the database that are there."""
        with suppress(OSError, psutil.Error, IndexError, ValueError):
            head = psutil.Process(int((self.postgres.folder / "postmaster.pid").read_text().split()[0]))
            return [head, *head.children(recursive=True)]
        return []

    def postgres_again(self) -> None:
        """Start the database if it is down."""
        with suppress(Exception):
            self.postgres.start()

    def not_stored(self) -> float | None:
        """Return how many turns the service could not store since its start; ``None`` if it does not say."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
            lines = connection.getresponse().read().decode().splitlines()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return next(
            (float(line.split()[1]) for line in lines if line.startswith("explainer_turns_not_stored_total ")), None
        )

    def put_clock(self, seconds: int) -> None:
        """Put the service's clock so far ahead of the machine's, and wait until an answer has that time."""
        self.clock.set(seconds)
        _wait(lambda: abs(self._ahead_s() - seconds) < _MOST_APART_S, "the service's clock did not jump")

    def _ahead_s(self) -> float:
        """How far ahead the service's clock is, by the day and time in the head of an answer."""
        with suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return (parsedate_to_datetime(answer.headers["Date"]) - datetime.now(UTC)).total_seconds()
        return inf

    def _caller(self) -> Caller:
        return Caller(self.port, Ledger(), "probe", as_another_client())

    def _status(self, path: str) -> int:
        return self._caller().call("GET", path).status

    def _is_stored(self) -> bool:
        caller = self._caller()
        reply = caller.call("POST", "/api/v1/chat", {"message": "hello"})
        if reply.status != 200:
            return False
        return caller.call("GET", f"/api/v1/conversations/{reply.json()['conversation_id']}").status == 200


@contextmanager
def a_folder(prefix: str, *, keep: bool) -> Iterator[Path]:
    """Yield a folder for all that is written; it goes in the end, or stays and is named on stderr."""
    if not keep:
        with TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as scratch:
            yield Path(scratch)
        return
    kept = Path(mkdtemp(prefix=prefix))
    print(f"The log is in {kept}", file=sys.stderr)
    yield kept


def run_bot(*words: str, **settings: str) -> str:
    """Return what a command of ``python -m bot`` prints; raises RuntimeError with what it says when it fails."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", **settings}
    command = [sys.executable, "-m", "bot", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"bot {words[0]}: {done.stderr.strip()[-300:]}")
    return done.stdout


def made_site(stand: Stand) -> tuple[str, str]:
    """Return the id and the key of a partner's site that was just made."""
    made = json.loads(stand.command("site", "add", "--name", "Partner", "--json"))
    return made["id"], made["key"]


@contextmanager
def a_stand(folder: Path, index: Path, *, workers: int) -> Iterator[Stand]:
    """Yield a service that is ready, with a database of its own."""
    postgres = RealPostgres()
    stand = Stand(folder, index, postgres, workers=workers)
    try:
        postgres.start()
        run_bot("migrate", DATABASE_URL=postgres.url)
        stand.start()
        yield stand
    finally:
        stand.stop()
        postgres.remove()


def _wait(holds: Callable[[], bool], otherwise: str) -> None:
    until = monotonic() + _PATIENCE_S
    while not holds():
        if monotonic() > until:
            raise TimeoutError(f"{otherwise} after {_PATIENCE_S:.0f} s")
        sleep(0.1)
