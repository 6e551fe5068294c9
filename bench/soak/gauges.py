"""Processes of the service -> memory and file handles over time.

In: the process that started them. Out: a row a look. It must not know what they do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic

import psutil

_EVERY_S = 5.0
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Look:
    """At one moment: how many processes, what they have to themselves, and the most handles that one of them has."""

    at: float
    processes: int
    megabytes: float
    handles: int
    threads: int


@dataclass
class Gauges:
    """Looks again and again; ``pid`` says which service, another after each start."""

    pid: Callable[[], int | None]
    looks: list[Look] = field(default_factory=list)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look as long as this goes on."""
        stop = threading.Event()
        thread = threading.Thread(target=self._go_on, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=10)

    def _go_on(self, stop: threading.Event) -> None:
        while not stop.wait(_EVERY_S):
            pid = self.pid()
            if pid is not None:
                with suppress(psutil.Error, OSError):
                    self.looks.append(_look(psutil.Process(pid)))

    def told(self, began: float, rows: int = 12) -> list[str]:
        """Return a table of some looks, evenly spread."""
        chosen = self.looks[:: max(1, len(self.looks) // rows)]
        head = ["| minute | processes | MB to themselves | most handles | most threads |", "|---|---|---|---|---|"]
        return head + [
            f"| {(look.at - began) / 60:.1f} | {look.processes} | {look.megabytes:.0f} | {look.handles} "
            f"| {look.threads} |"
            for look in chosen
        ]


def _look(master: psutil.Process) -> Look:
    own, handles, threads, count = 0, 0, 0, 0
    for process in (master, *master.children(recursive=True)):
        with suppress(psutil.Error, OSError):
            own += process.memory_full_info().uss
            handles, threads = max(handles, process.num_fds()), max(threads, process.num_threads())
            count += 1
    return Look(monotonic(), count, own / _MEGABYTE, handles, threads)
