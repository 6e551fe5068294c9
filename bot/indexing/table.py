"""Store rows of vectors on disk, written one text at a time and read through memory maps.

One table holds passages, another labels.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.indexing.embed import Embedded
from bot.indexing.ranges import in_ranges

Floats = NDArray[np.float32]

_STREAMS = {"values": np.uint8, "scales": np.float32, "token_ids": np.int32, "token_sentences": np.int16}


# Bounds the memory needed to count tokens.
_TEXTS_AT_ONCE = 10_000


class TableWriter:
    """A writer that appends the rows of one text after another, so that a large corpus is never held in memory."""

    def __init__(self, folder: Path, dimension: int) -> None:
        folder.mkdir()
        self._folder, self._dimension = folder, dimension
        self._files = {name: (folder / f"{name}.bin").open("wb") for name in (*_STREAMS, "vectors", "sentence_vectors")}
        self._token_ends, self._sentence_ends, self._digests = [0], [0], bytearray()

    def add(self, rows: Embedded) -> None:
        """Append the rows of one text.

        :param rows: from ``embed``.
        """
        for name in _STREAMS:
            self._files[name].write(np.ascontiguousarray(getattr(rows, name)).tobytes())
        self._files["vectors"].write(rows.vector.astype(np.float32).tobytes())
        self._files["sentence_vectors"].write(rows.sentence_vectors.astype(np.float16).tobytes())
        self._token_ends.append(self._token_ends[-1] + len(rows.scales))
        self._sentence_ends.append(self._sentence_ends[-1] + len(rows.sentence_vectors))
        self._digests += rows.digest

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()
        np.save(self._folder / "token_offsets.npy", np.asarray(self._token_ends, dtype=np.int64))
        np.save(self._folder / "sentence_offsets.npy", np.asarray(self._sentence_ends, dtype=np.int64))
        np.save(self._folder / "digests.npy", np.frombuffer(bytes(self._digests), dtype=np.uint8).reshape(-1, 32))


class VectorTable:
    """The rows of many texts, by number.

    ``vectors`` is (n, d) float32; ``token_offsets`` and ``sentence_offsets`` (n + 1,) int64 give the rows of the token
    arrays and of ``sentence_vectors`` that belong to each text. The vectors and token arrays are memory maps that
    processes share.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self.token_offsets = np.load(folder / "token_offsets.npy")
        self.sentence_offsets = np.load(folder / "sentence_offsets.npy")
        self.digests = np.load(folder / "digests.npy", mmap_mode="r")
        self.vectors = _map(folder / "vectors.bin", np.float32, dimension)
        self.sentence_vectors = _map(folder / "sentence_vectors.bin", np.float16, dimension)
        self.values = _map(folder / "values.bin", np.uint8, dimension)
        self.scales = _map(folder / "scales.bin", np.float32)
        self.token_ids = _map(folder / "token_ids.bin", np.int32)
        self.token_sentences = _map(folder / "token_sentences.bin", np.int16)

    def __len__(self) -> int:
        return len(self.vectors)

    def cosines(self, vector: Floats, numbers: NDArray[np.int64]) -> Floats:
        """Return the cosines of some texts with a vector.

        :param vector: (d,) float32 unit vector.
        :param numbers: (n,) numbers of texts.
        :returns: (n,) float32.
        """
        if len(numbers) * 2 > len(self):
            # Multiplying all rows takes less time than copying most of them first.
            return np.asarray(np.dot(self.vectors, vector).take(numbers), dtype=np.float32)
        return np.asarray(np.dot(self.vectors.take(numbers, axis=0), vector), dtype=np.float32)

    def rows_of(self, number: int) -> Embedded:
        """Return all rows of one text, as they were written."""
        tokens = slice(int(self.token_offsets[number]), int(self.token_offsets[number + 1]))
        sentences = slice(int(self.sentence_offsets[number]), int(self.sentence_offsets[number + 1]))
        return Embedded(
            digest=self.digests[number].tobytes(),
            vector=self.vectors[number],
            values=self.values[tokens],
            scales=self.scales[tokens],
            token_ids=self.token_ids[tokens],
            token_sentences=self.token_sentences[tokens],
            sentence_vectors=self.sentence_vectors[sentences],
        )

    def sentences_of(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of ``sentence_vectors`` for the sentences of some texts, text by text.

        :param numbers: (n,) numbers of texts.
        :returns: (s,) rows.
        """
        return in_ranges(self.sentence_offsets[numbers], self.sentence_offsets[numbers + 1])

    def token_sentences_of(self, number: int) -> NDArray[np.int16]:
        """Return the sentence of each token of a text, ascending; -1 is the heading."""
        return self.token_sentences[int(self.token_offsets[number]) : int(self.token_offsets[number + 1])]

    def numbers_by_digest(self) -> dict[bytes, int]:
        """Return the number of the text with each digest, the last if several have it."""
        return {self.digests[number].tobytes(): number for number in range(len(self))}

    def token_document_frequency(self, vocabulary_size: int) -> NDArray[np.int64]:
        """Return the number of texts in which each token occurs.

        :param vocabulary_size: one more than the largest token id.
        :returns: (vocabulary_size,) int64.
        """
        found = np.zeros(vocabulary_size, dtype=np.int64)
        for start in range(0, len(self), _TEXTS_AT_ONCE):
            offsets = self.token_offsets[start : start + _TEXTS_AT_ONCE + 1]
            texts = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
            pairs = np.unique(texts * vocabulary_size + self.token_ids[offsets[0] : offsets[-1]])
            found += np.bincount(pairs % vocabulary_size, minlength=vocabulary_size)
        return found


def _map(path: Path, dtype: type[np.generic], dimension: int | None = None) -> NDArray[Any]:
    """Return a read-only map of a file of rows, or an empty array for an empty file, which cannot be mapped."""
    shape = (-1,) if dimension is None else (-1, dimension)
    if path.stat().st_size == 0:
        return np.empty((0,) if dimension is None else (0, dimension), dtype=dtype)
    # As a plain array over the same pages: slicing a memmap object costs as much as the work on the slice.
    return np.asarray(np.memmap(path, dtype=dtype, mode="r")).reshape(shape)
