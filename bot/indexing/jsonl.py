"""Store records as JSON lines and read them one at a time.

A million passages must not become a million objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
import numpy as np

Record = TypeVar("Record")

# Lines read at once when all are wanted; it bounds memory.
_AT_ONCE = 1024


def write_lines(path: Path, records: Iterable[object]) -> int:
    """Write records as JSON lines, with a file of their positions beside it, and return how many.

    :param path: the ``.jsonl`` file; positions go to the same name with ``.offsets.npy``.
    """
    offsets = [0]
    with path.open("wb") as file:
        for record in records:
            line = msgspec.json.encode(record) + b"\n"
            file.write(line)
            offsets.append(offsets[-1] + len(line))
    np.save(_offsets_path(path), np.asarray(offsets, dtype=np.int64))
    return len(offsets) - 1


class Lines(Generic[Record]):
    """The records of a JSON-lines file by number; the last few read are cached."""

    def __init__(self, path: Path, record_type: type[Record], *, kept: int = 4096) -> None:
        self._offsets = np.load(_offsets_path(path), mmap_mode="r")
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r") if self._offsets[-1] else np.empty(0, np.uint8)
        self._decoder = msgspec.json.Decoder(record_type)
        self._read = lru_cache(maxsize=kept)(self._read_line)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> Record:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._read(int(number))

    def __iter__(self) -> Iterator[Record]:
        for start in range(0, len(self), _AT_ONCE):
            first, last = self._offsets[start], self._offsets[min(start + _AT_ONCE, len(self))]
            yield from self._decoder.decode_lines(self._bytes[first:last].tobytes())

    def _read_line(self, number: int) -> Record:
        start, end = self._offsets[number], self._offsets[number + 1]
        return self._decoder.decode(self._bytes[start:end].tobytes())


def _offsets_path(path: Path) -> Path:
    return path.with_suffix(".offsets.npy")
