"""A PostgreSQL of a test's own, reached over TCP, that can be stopped, started, and made to hang."""

from __future__ import annotations

import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class RealPostgres:
    """The server; it keeps its port and its data while it is down."""

    def __init__(self) -> None:
        import pgserver

        # As in conftest: short, and not in pytest's own folder.
        self.folder = Path(tempfile.mkdtemp(prefix="bot-pg-"))
        self._made = pgserver.get_server(self.folder, cleanup_mode="delete")
        self._command("-m", "fast", "stop")
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder}"
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

        pgserver.pg_ctl(["-w", *words], pgdata=self.folder, user=self._made.system_user, timeout=60)


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
