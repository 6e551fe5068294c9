"""A question, its candidates, and what was learnt -> which sentence of each answers it, and how sure that is.

Two logistic regressions, fitted by ``python -m bot train reader`` and kept as a table of named numbers: one weighs the
sentences of a passage against each other, one says how likely the best of them answers. Serving only adds up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

Tier = Literal["sure", "near", "none"]

# Beyond these log-odds nothing more is said than that it is certain.
_MOST = 30.0


class Logit(msgspec.Struct, frozen=True):
    """A logistic regression over named signals."""

    intercept: float
    slopes: dict[str, float]

    def log_odds(self, signals: Mapping[str, float]) -> float:
        """Return the weighted sum; a signal that is not there counts as 0."""
        return self.intercept + sum(slope * signals.get(name, 0.0) for name, slope in self.slopes.items())

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return the logistic of the weighted sum, in 0..1."""
        return 1 / (1 + math.exp(-max(-_MOST, min(_MOST, self.log_odds(signals)))))


class ReaderModel(msgspec.Struct, frozen=True):
    """What ``train reader`` wrote. ``sure`` and ``near`` are the confidences from which on a passage is the answer, or
    is offered as one that may be; ``run`` says what they were fitted and chosen on.
    """

    sentence: Logit
    answer: Logit
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


def window_cosines(
    vectors: Floats, asked: Floats, offsets: NDArray[np.int64], rows: NDArray[np.int64], question: Floats
) -> WindowCosines:
    """Return the cosines of the sentences of some passages.

    :param vectors: (sentences, d) the windows of all sentences.
    :param asked: (sentences,) as from ``WindowTable.asked``.
    :param offsets: (passages + 1,) where each passage's sentences begin.
    :param rows: (n,) passages, each with one or more sentences.
    :param question: (d,) the question's reading vector.
    :returns: passage by passage, in the order of ``rows``.
    """
    starts, counts = offsets[rows], offsets[rows + 1] - offsets[rows]
    begins = np.cumsum(counts) - counts
    sentences = np.arange(int(counts.sum())) + np.repeat(starts - begins, counts)
    window = np.dot(vectors.take(sentences, axis=0), question)
    return WindowCosines(np.asarray(window, dtype=np.float32), asked.take(sentences), begins)
