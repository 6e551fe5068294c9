"""A real Build -> passages in any number, and hands that deal rows for them.

Nobody has a hundred thousand passages of this kind. A made passage has as many sentences as one of the corpus, drawn
from all of its sentences; its rows are those of that passage with some noise, because embedding them all takes hours.
What embedding takes is measured beside, on a few of them.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.indexing import layout
from bot.indexing.embed import Embeddable, Embedded
from bot.indexing.encoder import TextVectors, read_card
from bot.indexing.index import Index
from bot.indexing.windows import WindowTable
from bot.records import Passage, Sentence, Source

Floats = NDArray[np.float32]
PASSAGES_A_SOURCE = 10
LABEL_TOKENS = 8
_NOISE = 0.03


def made_passages(index: Index, count: int) -> Iterator[Passage]:
    """Yield passages whose sentences are those of a Build, shuffled."""
    draw = random.Random(1)
    said = [passage.text[a - passage.span[0] : b - passage.span[0]] for passage, (a, b) in _spans(index.passages)]
    for number in range(count):
        like = index.passages[number % len(index.passages)]
        yield _passage(number, like, [draw.choice(said) for _ in like.sentences])


def made_sources(index: Index, count: int) -> list[Source]:
    """Return the sources of so many made passages."""
    return [
        Source(f"s{number}", "explainer", _title(index.passages, number), "", "", str(number))
        for number in range(-(-count // PASSAGES_A_SOURCE))
    ]


def _spans(passages: Sequence[Passage]) -> Iterator[tuple[Passage, tuple[int, int]]]:
    for passage in passages:
        for sentence in passage.sentences:
            yield passage, sentence.span


def _title(passages: Sequence[Passage], number: int) -> str:
    return f"{passages[number % len(passages)].source_title} {number}"


def _passage(number: int, like: Passage, said: Sequence[str]) -> Passage:
    sentences, at = [], 0
    for sentence in said:
        sentences.append(Sentence((at, at + len(sentence))))
        at += len(sentence) + 1
    text, source = " ".join(said), f"s{number // PASSAGES_A_SOURCE}"
    return replace(
        like, id=f"{source}#{number}", source_id=source, source_title=f"{like.source_title} {number}",
        url=f"/explainers/{source}", span=(0, len(text)), text=text, sentences=tuple(sentences),
    )  # fmt: skip


class Dealt:
    """Hands that deal the rows of a Build again and again, each time a little moved."""

    def __init__(self, index: Index, build: Path) -> None:
        self._table = index.table
        self._windows = WindowTable(build / layout.WINDOWS, index.encoder.card.dimension).vectors
        self._draw = np.random.default_rng(1)
        self._dealt = self._read = 0

    def embed(self, batches: Iterable[Sequence[Embeddable]]) -> Iterator[list[Embedded]]:
        """Yield the rows of each batch of texts; a label, which has no sentences, gets the first few tokens of one."""
        for batch in batches:
            yield [self._rows(item) for item in batch]

    def read(self, encoder: Path, batches: Iterable[Sequence[str]]) -> Iterator[Floats]:
        """Yield (n, d) reading vectors of each batch."""
        for batch in batches:
            numbers = (self._read + np.arange(len(batch))) % len(self._windows)
            self._read += len(batch)
            yield self._moved(self._windows[numbers])

    def _rows(self, item: Embeddable) -> Embedded:
        rows = self._table.rows_of(self._dealt % len(self._table))
        self._dealt += 1
        moved = replace(rows, digest=item.digest, vector=self._moved(rows.vector[None])[0])
        if len(item.sentences) == len(rows.sentence_vectors):
            return moved
        few = slice(0, LABEL_TOKENS)
        return replace(
            moved, values=rows.values[few], scales=rows.scales[few], token_ids=rows.token_ids[few],
            token_sentences=rows.token_sentences[few], sentence_vectors=rows.sentence_vectors[:0],
        )  # fmt: skip

    def _moved(self, rows: Floats) -> Floats:
        moved = rows + _NOISE * self._draw.standard_normal(rows.shape, dtype=np.float32)
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


class Copied:
    """The encoder of a Build, for another one."""

    def __init__(self, build: Path) -> None:
        self._folder = build / layout.ENCODER
        self.card = read_card(self._folder)

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        """Raise: rows are dealt."""
        raise NotImplementedError

    def save_for_serving(self, folder: Path) -> None:
        """Copy it."""
        shutil.copytree(self._folder, folder, dirs_exist_ok=True)
