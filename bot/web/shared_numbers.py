"""Add up numbers that forked processes count together, in shared memory.

The sums include processes that have ended. There is no file, so a full disk, a cleaner of /tmp or a missing permission
can do no harm. Each process writes a part of its own, so that none can die holding a shared lock. A part is its length
in use, then entries: bytes of the name, how many numbers, the name, the numbers. Knows nothing of what is counted.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator, Sequence
from threading import Lock

# The process that starts the others, and as many workers as any machine of ours runs.
PARTS = 128
# A name and the numbers of a histogram take 200 bytes, and there are about a hundred endpoints.
PART_BYTES = 2**17

_USED = struct.Struct("=Q")
_HEAD = struct.Struct("=II")


class SharedNumbers:
    """Named rows of numbers; all related processes see what one adds."""

    def __init__(self, parts: int = PARTS, part_bytes: int = PART_BYTES) -> None:
        """Reserve memory, which costs nothing until it is written to."""
        self._part_bytes = part_bytes
        self._memory = _shared_memory(parts * part_bytes)
        self._free = list(range(parts - 1, 0, -1))
        self._next: int | None = None
        self._lock = Lock()
        self._take(0)

    def reserve(self) -> int | None:
        """Reserve a part for the process that is forked next; to be called by the forking process right before.

        :returns: the part, ``None`` if all are taken: then only that process itself sees what it counts
        """
        self._next = self._free.pop() if self._free else None
        return self._next

    def release(self, part: int | None) -> None:
        """Free the part of a process that has ended, so that a later one continues from its numbers.

        :param part: what ``reserve`` returned
        """
        if part is not None:
            self._free.append(part)

    def add(self, name: str, amounts: Sequence[float]) -> None:
        """Add to the numbers of ``name``, always equally many; do nothing when there is no room."""
        with self._lock:
            if os.getpid() != self._process:
                self._take(self._next)
            row = struct.Struct(f"={len(amounts)}d")
            at = self._rows.get(name) or self._new_row(name, len(amounts))
            if at:
                now = row.unpack_from(self._part, at)
                # Copied at once, so that no reader sees a half-written number.
                self._part[at : at + row.size] = row.pack(*map(float.__add__, now, map(float, amounts)))

    def sums(self) -> dict[str, list[float]]:
        """Return the numbers of each name, added up over all processes."""
        found: dict[str, list[float]] = {}
        starts = range(0, len(self._memory), self._part_bytes)
        parts = [self._memory[at : at + self._part_bytes] for at in starts]
        for part in parts if self._shared else [*parts, self._part]:
            for name, at, count in _rows_in(part):
                numbers = struct.unpack_from(f"={count}d", part, at)
                found[name] = [a + b for a, b in zip(found.get(name, [0.0] * count), numbers, strict=True)]
        return found

    def _take(self, part: int | None) -> None:
        """Count in a part from now on, continuing where its previous owner stopped."""
        self._process = os.getpid()
        self._shared = part is not None
        if part is None:
            self._part = memoryview(bytearray(self._part_bytes))
        else:
            self._part = self._memory[part * self._part_bytes : (part + 1) * self._part_bytes]
        self._rows = {name: at for name, at, _ in _rows_in(self._part)}

    def _new_row(self, name: str, count: int) -> int:
        """Add a row and return where its numbers are, 0 if there is no room."""
        text = name.encode()
        text = text.ljust(-(-len(text) // 8) * 8)
        begin = _USED.unpack_from(self._part)[0] or _USED.size
        at = begin + _HEAD.size + len(text)
        if at + count * 8 > self._part_bytes:
            return 0
        self._part[begin:at] = _HEAD.pack(len(text), count) + text
        # Last, so that a reader sees a row only when it is complete.
        self._part[: _USED.size] = _USED.pack(at + count * 8)
        self._rows[name] = at
        return at


def _rows_in(part: memoryview) -> Iterator[tuple[str, int, int]]:
    """Yield the name of each row, where its numbers are, and how many."""
    begin, used = _USED.size, _USED.unpack_from(part)[0]
    while begin < used:
        length, count = _HEAD.unpack_from(part, begin)
        at = begin + _HEAD.size + length
        yield bytes(part[begin + _HEAD.size : at]).decode().rstrip(" "), at, count
        begin = at + count * 8


def _shared_memory(size: int) -> memoryview:
    try:
        return memoryview(mmap.mmap(-1, size))
    except OSError:
        # Counting alone is better than not answering.
        return memoryview(bytearray(size))
