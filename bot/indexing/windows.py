"""Store sentences of passages and questions of the bank as rows, as the reading encoder sees them.

A window is a sentence with the title and heading before it and the sentence after it: what it says in its place. Row i
of ``vectors`` is the window of sentence i of the passage table; a question of the bank refers to the rows that answer
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.indexing.coarse import CoarseRows
from bot.indexing.spread import in_batches
from bot.records import Passage, Source

Floats = NDArray[np.float32]
Progress = Callable[[int], None]
Read = Callable[[Iterable[Sequence[str]]], Iterable[Floats]]

_VECTORS, _DIGESTS = "vectors.bin", "digests.npy"
_BANK_VECTORS, _BANK_DIGESTS, _BANK_ENDS, _BANK_ROWS = "bank.bin", "bank_digests.npy", "bank_ends.npy", "bank_rows.npy"
# Texts given to a core or a worker at once: half a second's work.
_BATCH = 256


def window_texts(passage: Passage) -> Iterator[str]:
    """Yield what the reading encoder reads for each sentence of a passage, in order."""
    begin = passage.span[0]
    said = [passage.text[s.span[0] - begin : s.span[1] - begin] for s in passage.sentences]
    before = f"{passage.source_title}. " + (_ended(passage.headings[-1]) if passage.headings else "")
    for number, sentence in enumerate(said):
        yield " ".join((before + sentence, *said[number + 1 : number + 2]))


def _ended(heading: str) -> str:
    return f"{heading} " if heading.endswith(("?", ".", "!")) else f"{heading}. "


class WindowTable:
    """The windows of a Build and the questions of its bank.

    ``vectors`` (sentences, d) and ``bank`` (questions, d) are float32 unit rows; ``bank_rows`` are numbers of
    sentences, those of question i from ``bank_ends[i]`` to ``bank_ends[i + 1]``.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self.vectors = _open(folder / _VECTORS, dimension)
        self.bank = _open(folder / _BANK_VECTORS, dimension)
        self.bank_ends: NDArray[np.int64] = np.load(folder / _BANK_ENDS)
        self.bank_rows: NDArray[np.int64] = np.load(folder / _BANK_ROWS)
        self.coarse, self.coarse_bank = CoarseRows(self.vectors), CoarseRows(self.bank)
        questions = np.repeat(np.arange(len(self.bank)), np.diff(self.bank_ends))
        # The questions that each sentence answers, sentence by sentence, and where those of each sentence begin.
        self.askers: NDArray[np.int64] = questions[np.argsort(self.bank_rows, kind="stable")]
        counts = np.bincount(self.bank_rows, minlength=len(self.vectors))
        self.asker_offsets: NDArray[np.int64] = np.concatenate([[0], np.cumsum(counts)])


def write_windows(
    folder: Path,
    passages: Sequence[Passage],
    sources: Sequence[Source],
    read: Read,
    previous: dict[bytes, Floats],
    progress: Progress,
) -> None:
    """Write the windows of all sentences and the questions of the bank.

    :param passages: in the order of the passage table.
    :param read: returns the reading vectors of batches of texts, in order.
    :param previous: rows to reuse, from ``rows_by_digest``.
    """
    folder.mkdir()
    texts = [text for passage in passages for text in window_texts(passage)]
    questions, ends, rows = _bank_of(sources, passages)
    done = 0
    for names, these in (((_VECTORS, _DIGESTS), texts), ((_BANK_VECTORS, _BANK_DIGESTS), questions)):
        digests = [sha256(text.encode()).digest() for text in these]
        with (folder / names[0]).open("wb") as file:
            for vector in _vectors(these, digests, read, previous):
                file.write(vector.tobytes())
                done += 1
                progress(done)
        np.save(folder / names[1], np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 32))
    np.save(folder / _BANK_ENDS, np.asarray(ends, dtype=np.int64))
    np.save(folder / _BANK_ROWS, np.asarray(rows, dtype=np.int64))


def _bank_of(sources: Sequence[Source], passages: Sequence[Passage]) -> tuple[list[str], list[int], list[int]]:
    """Return the questions that sentences answer, the ends of each one's sentences, and the sentences' numbers."""
    place: dict[str, list[tuple[int, int, int]]] = {}
    number = 0
    for passage in passages:
        for sentence in passage.sentences:
            place.setdefault(passage.source_id, []).append((*sentence.span, number))
            number += 1
    texts: list[str] = []
    rows: list[int] = []
    ends = [0]
    for source in sources:
        for question in source.bank:
            found = [
                n for begin, end in question.spans for s, e, n in place.get(source.id, ()) if s < end and begin < e
            ]
            if found:
                texts.append(question.text)
                rows += dict.fromkeys(found)
                ends.append(len(rows))
    return texts, ends, rows


def rows_by_digest(folder: Path, dimension: int) -> dict[bytes, Floats]:
    """Return the rows of an earlier Build with the same encoder, by digest."""
    rows: dict[bytes, Floats] = {}
    for vectors, digests in ((_VECTORS, _DIGESTS), (_BANK_VECTORS, _BANK_DIGESTS)):
        table = _open(folder / vectors, dimension)
        rows.update(zip((digest.tobytes() for digest in np.load(folder / digests)), table, strict=True))
    return rows


def _vectors(
    texts: Sequence[str], digests: Sequence[bytes], read: Read, known: dict[bytes, Floats]
) -> Iterator[Floats]:
    """Yield the vectors of all texts in order."""
    missing = (text for text, digest in zip(texts, digests, strict=True) if digest not in known)
    fresh = chain.from_iterable(read(in_batches(missing, _BATCH)))
    for digest in digests:
        found = known.get(digest)
        yield next(fresh) if found is None else found


def _open(path: Path, dimension: int) -> Floats:
    """Return a read-only map of a file of rows, or an empty array for an empty file, which cannot be mapped."""
    if path.stat().st_size == 0:
        return np.empty((0, dimension), dtype=np.float32)
    return np.asarray(np.memmap(path, dtype=np.float32, mode="r")).reshape(-1, dimension)
