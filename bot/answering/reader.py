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
from bot.indexing.coarse import cosines_of
from bot.indexing.ranges import in_ranges
from bot.indexing.table import VectorTable
from bot.indexing.windows import WindowTable

Floats = NDArray[np.float32]

Tier = Literal["sure", "near", "none"]

# Beyond these log-odds nothing more is said than that it is certain.
_MOST = 30.0
# So many of the nearest sentences are looked at for the nearest passages, and so many questions of the bank for those
# that are the same: with fewer, more questions would have to be compared with all.
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
        # Of node n the right one at 2 n, the left one behind it.
        self._next = np.stack([trees.right, trees.left], axis=1).ravel()

    def probabilities(self, signals: Sequence[Mapping[str, float]]) -> list[float]:
        """Return how likely each passage answers.

        :param signals: of each passage, by name; one that is not there counts as 0.
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
    """For some passages the best cosine of the question with a sentence in its place (``window``), and with a question
    of the bank that one of its sentences answers (``asked``), 0 where nobody asked.
    """

    window: Floats
    asked: Floats

    def take(self, order: NDArray[np.int64]) -> WindowCosines:
        """Return the same of the passages in another order."""
        return WindowCosines(self.window.take(order), self.asked.take(order))


class QuestionReading:
    """A question as the reading head reads it, beside the sentences of a Build; cosines are worked out as needed."""

    def __init__(self, windows: WindowTable, table: VectorTable, reading: Floats) -> None:
        """``reading`` (d,) is the question's reading vector."""
        self._windows, self._table, self._reading = windows, table, reading

    def nearest(self, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Return the passages with the nearest sentences, the earlier first of equals.

        :param rows: (n,) those that can be seen, ascending.
        :param count: how many at most.
        """
        numbers, cosines, limit = self._windows.coarse.nearest(self._reading, _LOOKED_AT)
        owners = np.searchsorted(self._table.sentence_offsets, numbers, side="right") - 1
        seen = _among(owners, rows)
        near, best = _best_by(owners[seen], cosines[seen])
        order = np.argsort(-best, kind="stable")[:count]
        if limit > -1 and (len(order) < count or best[order[-1]] <= limit):
            # What was not looked at may be as near, as when only a part of the corpus can be seen.
            near, order = rows, np.argsort(-self.of(rows).window, kind="stable")[:count]
        return near[order]

    def asking(self, rows: NDArray[np.int64], floor: float) -> NDArray[np.int64]:
        """Return the passages that answer a question of the bank which is as like as ``floor``.

        :param rows: (n,) those that can be seen, ascending.
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

        :param rows: (n,) passages, each with one or more sentences.
        """
        begins, ends = self._table.sentence_offsets[rows], self._table.sentence_offsets[rows + 1]
        window = cosines_of(self._windows.vectors, in_ranges(begins, ends), self._reading)
        offsets = self._windows.asker_offsets
        counts = ends - begins
        best = np.maximum.reduceat(window, np.cumsum(counts) - counts) if len(rows) else window
        return WindowCosines(best, self._asked(offsets[begins], offsets[ends]))

    def _asked(self, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        """The best cosine with those of each run of askers; 0 for no asker, and for what is opposite."""
        best = np.zeros(len(begins), dtype=np.float32)
        filled = np.flatnonzero(ends > begins)
        if len(filled):
            begins, counts = begins[filled], (ends - begins)[filled]
            questions = self._windows.askers.take(in_ranges(begins, begins + counts))
            cosines = cosines_of(self._windows.bank, questions, self._reading)
            best[filled] = np.maximum(np.maximum.reduceat(cosines, np.cumsum(counts) - counts), 0)
        return best


def _among(owners: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of some passages are among the ascending ``rows``."""
    if not len(rows):
        return np.zeros(len(owners), dtype=bool)
    places = np.minimum(np.searchsorted(rows, owners), len(rows) - 1)
    return np.asarray(rows[places] == owners)


def _best_by(owners: NDArray[np.int64], cosines: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Each owner once, ascending, with its best cosine."""
    if not len(owners):
        return owners, cosines
    order = np.argsort(owners, kind="stable")
    different, begins = np.unique(owners[order], return_index=True)
    return different, np.maximum.reduceat(cosines[order], begins)
