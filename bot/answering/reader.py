"""Tell which sentence of each candidate answers a question, and how sure that is, with a learnt model.

``python -m bot train reader`` fits it and stores it as numbers: a logistic regression over named signals weighs the
sentences of a passage against each other, and boosted trees say how likely the best of them answers. Serving only
compares and adds.
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
from bot.indexing.coarse import cosines_of
from bot.indexing.ranges import in_ranges
from bot.indexing.table import VectorTable
from bot.indexing.windows import WindowTable

Floats = NDArray[np.float32]

Tier = Literal["sure", "near", "none"]

# Log-odds are cut off here, where the outcome is already certain.
_MOST = 30.0
# How many of the nearest sentences are read to find the nearest passages, and how many questions of the bank to find
# those that are the same; with fewer, more questions would have to be compared with every row.
_LOOKED_AT, _ASKED_AT = 200, 32


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
    """Gradient-boosted trees over named signals.

    Node n asks whether ``names[feature[n]]`` is at most ``threshold[n]``, and continues at ``left[n]`` if so, else at
    ``right[n]``; a leaf points to itself. ``base`` plus the ``value`` of the leaf reached in each tree is the log-odds.
    Trees begin at ``roots`` and are at most ``depth`` deep.
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
    """Trees in the form in which they are evaluated."""

    def __init__(self, trees: Trees) -> None:
        self._names, self._base, self._depth = trees.names, trees.base, trees.depth
        self._roots, self._feature = np.asarray(trees.roots), np.asarray(trees.feature)
        self._threshold, self._value = np.asarray(trees.threshold), np.asarray(trees.value)
        # The right child of node n is at 2 n, the left one at 2 n + 1.
        self._next = np.stack([trees.right, trees.left], axis=1).ravel()

    def probabilities(self, signals: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the probability that each passage answers.

        :param signals: of each passage, by name; a missing one counts as 0.
        :returns: in 0..1, in order.
        """
        table = np.asarray([[one.get(name, 0.0) for name in self._names] for one in signals], dtype=np.float32).ravel()
        begins = np.repeat(np.arange(len(signals)) * len(self._names), len(self._roots))
        nodes = np.tile(self._roots, len(signals))
        for _ in range(self._depth):
            is_left = table.take(begins + self._feature.take(nodes)) <= self._threshold.take(nodes)
            nodes = self._next.take(2 * nodes + is_left)
        log_odds = self._base + self._value.take(nodes).reshape(len(signals), -1).sum(axis=1)
        return [float(one) for one in 1 / (1 + np.exp(-np.clip(log_odds, -_MOST, _MOST)))]


class ReaderModel(msgspec.Struct, frozen=True):
    """The output of ``train reader``.

    ``sure`` and ``near`` are the least confidences at which a passage is the answer, or is offered as a possible one;
    ``run`` says what they were fitted and chosen on.
    """

    sentence: Logit
    answer: Trees
    sure: float
    near: float
    run: str
    reading_sha256: str | None = None

    def tier(self, confidence: float) -> Tier:
        """Return what a passage with this confidence may be shown as."""
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
    """The best cosines of a question with some passages.

    ``window`` is with a sentence in its place; ``asked`` is with a question of the bank that a sentence answers, 0
    where there is none.
    """

    window: Floats
    asked: Floats

    def take(self, order: NDArray[np.int64]) -> WindowCosines:
        """Return the same cosines with the passages in another order."""
        return WindowCosines(self.window.take(order), self.asked.take(order))


class QuestionReading:
    """A question as the reading head reads it; its cosines with the sentences of a Build are computed on demand."""

    def __init__(self, windows: WindowTable, table: VectorTable, reading: Floats) -> None:
        """Compare with the question's reading vector, ``reading`` (d,)."""
        self._windows, self._table, self._reading = windows, table, reading

    def nearest(self, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Return the passages with the nearest sentences; ties go to the earlier passage.

        :param rows: (n,) the visible passages, ascending.
        :param count: the most passages to return.
        """
        numbers, cosines, limit = self._windows.coarse.nearest(self._reading, _LOOKED_AT)
        owners = np.searchsorted(self._table.sentence_offsets, numbers, side="right") - 1
        seen = _among(owners, rows)
        near, best = _best_by(owners[seen], cosines[seen])
        order = np.argsort(-best, kind="stable")[:count]
        if limit > -1 and (len(order) < count or best[order[-1]] <= limit):
            # Rows that were not read may be as near, for example when only a part of the corpus is visible.
            near, order = rows, np.argsort(-self.of(rows).window, kind="stable")[:count]
        return near[order]

    def asking(self, rows: NDArray[np.int64], floor: float) -> NDArray[np.int64]:
        """Return the passages that answer a question of the bank whose cosine is at least ``floor``.

        :param rows: (n,) the visible passages, ascending.
        :param floor: a cosine above 0.
        """
        windows = self._windows
        numbers, cosines, limit = windows.coarse_bank.nearest(self._reading, _ASKED_AT)
        if limit >= floor:
            return rows[self.of(rows).asked >= floor]
        alike = numbers[cosines >= floor].tolist()
        answered = [windows.bank_rows[windows.bank_ends[one] : windows.bank_ends[one + 1]] for one in alike]
        sentences = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *answered]))
        owners = np.unique(np.searchsorted(self._table.sentence_offsets, sentences, side="right") - 1)
        return owners[_among(owners, rows)]

    def at(self, sentences: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return the cosines with the windows of some sentences, and with the questions that they answer."""
        offsets = self._windows.asker_offsets
        window = cosines_of(self._windows.vectors, sentences, self._reading)
        return window, self._asked(offsets[sentences], offsets[sentences + 1])

    def of(self, rows: NDArray[np.int64]) -> WindowCosines:
        """Return the best cosines of the sentences of some passages.

        :param rows: (n,) passages, each with at least one sentence.
        """
        begins, ends = self._table.sentence_offsets[rows], self._table.sentence_offsets[rows + 1]
        window = cosines_of(self._windows.vectors, in_ranges(begins, ends), self._reading)
        offsets = self._windows.asker_offsets
        counts = ends - begins
        best = np.maximum.reduceat(window, np.cumsum(counts) - counts) if len(rows) else window
        return WindowCosines(best, self._asked(offsets[begins], offsets[ends]))

    def _asked(self, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        """Return the best cosine in each run of askers; 0 for an empty run or a negative cosine."""
        best = np.zeros(len(begins), dtype=np.float32)
        filled = np.flatnonzero(ends > begins)
        if len(filled):
            begins, counts = begins[filled], (ends - begins)[filled]
            questions = self._windows.askers.take(in_ranges(begins, begins + counts))
            cosines = cosines_of(self._windows.bank, questions, self._reading)
            best[filled] = np.maximum(np.maximum.reduceat(cosines, np.cumsum(counts) - counts), 0)
        return best


def _among(owners: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return a mask of the passages that are among the ascending ``rows``."""
    if not len(rows):
        return np.zeros(len(owners), dtype=bool)
    places = np.minimum(np.searchsorted(rows, owners), len(rows) - 1)
    return np.asarray(rows[places] == owners)


def _best_by(owners: NDArray[np.int64], cosines: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return each owner once, ascending, with its best cosine."""
    if not len(owners):
        return owners, cosines
    order = np.argsort(owners, kind="stable")
    different, begins = np.unique(owners[order], return_index=True)
    return different, np.maximum.reduceat(cosines[order], begins)
