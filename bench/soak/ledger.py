"""What everybody noticed: each call with its end and its time, each turn that was acknowledged, and what failed when.

In: calls and faults as they happen, from many threads. Out: the same, to be added up. It must not know who calls.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import monotonic


@dataclass(frozen=True, slots=True)
class Call:
    """A request: what kind, when it began, how long it took in seconds, and how it ended, such as ``200``."""

    kind: str
    began: float
    seconds: float
    ended: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What was done to the service, from when until it was well again."""

    name: str
    began: float
    ended: float


@dataclass
class Ledger:
    """One for all threads; times are of the monotonic clock."""

    began: float = field(default_factory=monotonic)
    calls: list[Call] = field(default_factory=list)
    acknowledged: dict[str, tuple[float, float]] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)
    without_numbers: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, began: float, ended: str) -> None:
        """Write down how a call ended that began then and ends now."""
        with self._lock:
            self.calls.append(Call(kind, began, monotonic() - began, ended))

    def acknowledge(self, turn_id: str, began: float) -> None:
        """Write down that a family has its answer, and when it asked."""
        with self._lock:
            self.acknowledged[turn_id] = (began, monotonic())

    def take_back(self, turns: set[str]) -> None:
        """Write down that a family had these removed, or tried to: they may be there or not."""
        with self._lock:
            self.taken_back |= turns

    def leave_without_numbers(self, ended: str) -> None:
        """Write down that somebody in a crisis got an answer and nobody to call in it."""
        with self._lock:
            self.without_numbers.append(ended)

    def go_wrong(self, what: str) -> None:
        """Write down something that must not be, and that is none of the above."""
        with self._lock:
            self.wrong.append(what)

    @contextmanager
    def fault(self, name: str) -> Iterator[None]:
        """Write down a fault from its beginning until the service is well again."""
        began = monotonic()
        try:
            yield
        finally:
            with self._lock:
                self.faults.append(Fault(name, began, monotonic()))

    def endings(self, kind: str) -> Counter[str]:
        """Return how often a kind of call ended how."""
        return Counter(call.ended for call in self.calls if call.kind == kind)

    def times(self, kind: str) -> tuple[float, float, float]:
        """Return the median, the 99th of a hundred and the worst time of the calls of a kind, in milliseconds."""
        seconds = sorted(1000 * call.seconds for call in self.calls if call.kind == kind) or [0.0]
        return median(seconds), seconds[len(seconds) * 99 // 100], seconds[-1]

    def during(self, began: float, ended: float, names: frozenset[str]) -> bool:
        """Return whether one of these faults was there at some time between two moments."""
        return any(fault.began <= ended and began <= fault.ended for fault in self.faults if fault.name in names)
