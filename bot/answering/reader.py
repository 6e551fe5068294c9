"""A question, its candidates, and what was learnt -> which sentence of each answers it, and how sure that is.

Fitted by ``python -m bot train reader`` and kept as numbers: a logistic regression over named signals weighs the
sentences of a passage against each other, boosted trees say how likely the best of them answers. Serving compares and
adds up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answering.sentences import SentenceSignals
from bot.indexing.table import VectorTable
from bot.indexing.windows import WindowTable

Floats = NDArray[np.float32]

Tier = Literal["sure", "near", "none"]

# Beyond these log-odds nothing more is said than that it is certain.
_MOST = 30.0


class Logit(msgspec.Struct, frozen=True):
    """A logistic regression over named signals."""

    intercept: float
    slopes: dict[str, float]

    def log_odds(self, signals: SentenceSignals) -> NDArray[np.float64]:
        """Return the weighted sum for each sentence."""
        total = np.zeros(len(signals.values))
        for name, slope in self.slopes.items():
            total += slope * signals[name]
        return self.intercept + total


class Trees(msgspec.Struct, frozen=True):
    """Gradient-boosted trees over named signals. Node n asks whether ``names[feature[n]]`` is at most ``threshold[n]``,
    and goes on at ``left[n]`` if so, else at ``right[n]``; a leaf points to itself. The ``value`` of the leaf of each
    tree, and ``base``, add up to log-odds. Trees begin at ``roots`` and are at most ``depth`` deep.
    """

    names: tuple[str, ...]
    base: float
    depth: int
    roots: tuple[int, ...]
    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]


class Forest:
    """Trees ready to be asked."""

    def __init__(self, trees: Trees) -> None:
        self._names, self._base, self._depth = trees.names, trees.base, trees.depth
        self._roots, self._feature = np.asarray(trees.roots), np.asarray(trees.feature)
        self._threshold, self._value = np.asarray(trees.threshold), np.asarray(trees.value)
        self._next = np.asarray([trees.right, trees.left])

    def probabilities(self, signals: Sequence[Mapping[str, float]]) -> list[float]:
        """Return how likely each passage answers.

        :param signals: of each passage, by name; one that is not there counts as 0.
        :returns: in 0..1, in order.
        """
        table = np.asarray([[one.get(name, 0.0) for name in self._names] for one in signals], dtype=np.float32)
        rows = np.arange(len(signals))[:, None]
        nodes = np.repeat(self._roots[None], len(signals), axis=0)
        for _ in range(self._depth):
            is_left = table[rows, self._feature[nodes]] <= self._threshold[nodes]
            nodes = self._next[is_left.astype(np.int64), nodes]
        log_odds = self._base + self._value[nodes].sum(axis=1)
        return [float(one) for one in 1 / (1 + np.exp(-np.clip(log_odds, -_MOST, _MOST)))]


class ReaderModel(msgspec.Struct, frozen=True):
    """What ``train reader`` wrote. ``sure`` and ``near`` are the confidences from which on a passage is the answer, or
    is offered as one that may be; ``run`` says what they were fitted and chosen on.
    """

    sentence: Logit
    answer: Trees
    sure: float
    near: float
    run: str
    reading_sha256: str | None = None

    def tier(self, confidence: float) -> Tier:
        """Return what a passage of some confidence may be shown as."""
        if confidence >= self.sure:
            return "sure"
        return "near" if confidence >= self.near else "none"


@lru_cache(maxsize=1)
def packaged_reader() -> ReaderModel:
    """Return the model that ships with the project."""
    content = resources.files("bot.models").joinpath("reader.json").read_bytes()
    return msgspec.json.decode(content, type=ReaderModel)


@dataclass(frozen=True, slots=True)
class WindowCosines:
    """For the sentences of some passages, passage by passage: ``window`` is the cosine of the question with the
    sentence in its place, ``asked`` with the nearest question of the bank that the sentence answers. Passage i has the
    entries from ``begins[i]`` on.
    """

    window: Floats
    asked: Floats
    begins: NDArray[np.int64]

    def best(self, values: Floats) -> Floats:
        """Return each passage's highest value."""
        return np.asarray(np.maximum.reduceat(values, self.begins), dtype=np.float32)


class QuestionReading:
    """A question as the reading head reads it, beside all sentences of a Build; each cosine is worked out once."""

    def __init__(self, windows: WindowTable, table: VectorTable, reading: Floats, *, whole: bool) -> None:
        """``whole`` says that all sentences are compared, which takes less time than to pick some of few.

        :param reading: (d,) the question's reading vector.
        :param whole: false in a large corpus.
        """
        self._windows, self._table, self._reading = windows, table, reading
        self.asked = windows.asked(reading)
        self.window = np.dot(windows.vectors, reading) if whole else None

    def at(self, sentences: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return the cosines with the windows of some sentences, and with the questions that they answer."""
        if self.window is not None:
            return self.window.take(sentences), self.asked.take(sentences)
        window = np.dot(self._windows.vectors.take(sentences, axis=0), self._reading)
        return np.asarray(window, dtype=np.float32), self.asked.take(sentences)

    def of(self, rows: NDArray[np.int64]) -> WindowCosines:
        """Return the cosines of the sentences of some passages.

        :param rows: (n,) passages, each with one or more sentences.
        :returns: passage by passage, in the order of ``rows``.
        """
        counts = self._table.sentence_offsets[rows + 1] - self._table.sentence_offsets[rows]
        return WindowCosines(*self.at(self._table.sentences_of(rows)), np.cumsum(counts) - counts)
