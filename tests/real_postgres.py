"""A PostgreSQL of a test's own, reached over TCP, that can be stopped, started, and made to hang."""

from __future__ import annotations

import atexit
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from tests.patience import PATIENCE_S


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def made_server() -> Any:
    """A new PostgreSQL of pgserver's, which gives a start ten seconds; on a busy machine it is there a little later."""
    import pgserver

    # Not in pytest's own folder: as root, PostgreSQL runs as another user, and each pytest that starts shuts others out
    # of that one. Short, because the server's socket lives there and its address may be no longer than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="bot-pg-")).resolve()
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return pgserver.get_server(folder, cleanup_mode="delete")
        except (subprocess.SubprocessError, AssertionError):
            if time.monotonic() > until:
                raise
            atexit.unregister(pgserver.PostgresServer._instances.pop(folder)._cleanup)
            time.sleep(0.5)


class RealPostgres:
    """The server; it keeps its port and its data while it is down."""

    def __init__(self) -> None:
        self._made = made_server()
        self.folder = self._made.pgdata
        self._command("-m", "fast", "stop")
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        # -F: what the machine's own death would take is no matter here, and waiting for the disk is.
        options = f"-F -h 127.0.0.1 -p {self.port} -k {self.folder}"
        self._command("-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """As after a power cut: connections are gone, new ones are refused."""
        with suppress(Exception):
            self._command("-m", "immediate", "stop")

    def pause(self) -> None:
        """It accepts connections, because the kernel does, and answers nothing."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def remove(self) -> None:
        with suppress(Exception):
            self.resume()
        self.stop()
        self._made.cleanup()

    def _signal(self, number: int) -> None:
        postmaster = psutil.Process(int((self.folder / "postmaster.pid").read_text().split()[0]))
        # The postmaster first, so that it makes no more of those that answer.
        for process in (postmaster, *postmaster.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _command(self, *words: str) -> None:
        import pgserver

        pgserver.pg_ctl(["-w", *words], pgdata=self.folder, user=self._made.system_user, timeout=PATIENCE_S)


@contextmanager
def real_postgres(*, started: bool = True) -> Iterator[RealPostgres]:
    made = RealPostgres()
    try:
        if started:
            made.start()
        yield made
    finally:
        made.remove()


@contextmanager
def silent_listener() -> Iterator[str]:
    """The address of a database that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        yield f"postgresql://bot@127.0.0.1:{listening.getsockname()[1]}/bot"
