"""Signals of the best candidate -> the probability that it answers the question.

A logistic regression over a handful of signals, one for each regime of questions. Coefficients and floors are data
(``calibration.json``), fitted by ``python -m bot calibrate``; this module only reads them, so serving needs no learning
library.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answering.grams import Gram, plain, weighed, word_grams

Floats = NDArray[np.float32]

# Beyond this the log-odds of topicality say nothing more than that it is sure.
_MOST = 8.0

# "exact": the question names something in particular, and a label of the source is just that. "loose": it names
# something that the passage mentions, but that no label of the source is. "plain": it names nothing in particular.
Regime = Literal["exact", "loose", "plain"]

SIGNALS = ("dense", "late", "label", "lexical", "coverage", "margin", "agreement", "topical")


@dataclass(frozen=True, slots=True)
class Logit:
    """A logistic regression over ``SIGNALS``."""

    intercept: float
    coefficients: dict[str, float]

    def probability(self, signals: dict[str, float]) -> float:
        """Return the logistic of the weighted sum.

        :param signals: a value for each of ``SIGNALS``.
        :returns: 0..1.
        """
        total = self.intercept + sum(self.coefficients[name] * signals[name] for name in SIGNALS)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Said:
    """A run of words: its rarity among the questions that were learnt from, and its slope."""

    rarity: float
    slope: float


@dataclass(frozen=True, slots=True)
class Topicality:
    """A logistic regression over a question's own vector and words: whether it is of the kind that people ask such a
    service, or chatter meant for an assistant or a bank. It knows nothing of the corpus, and only the model it was
    fitted with.
    """

    model_sha256: str
    intercept: float
    weights: tuple[float, ...]
    words: dict[str, Said]

    def score(self, text: str, vector: Floats, model_sha256: str) -> float:
        """Return the log-odds that a question is no chatter, cut off at ``_MOST``.

        :param text: the question.
        :param vector: (d,) float32 its unit vector.
        :param model_sha256: the model that it is from; with another than the fitted one nothing can be said.
        :returns: a finite number, 0 when nothing can be said.
        """
        if model_sha256 != self.model_sha256:
            return 0.0
        runs = word_grams(plain(text))
        known = [(run, self.words[run]) for run in runs if run in self.words]
        grams = {run: Gram(place, entry.rarity) for place, (run, entry) in enumerate(known)}
        said = sum(weight * known[place][1].slope for place, weight in weighed(runs, grams))
        meant = float(vector @ np.asarray(self.weights, dtype=np.float32))
        return max(-_MOST, min(_MOST, self.intercept + meant + said))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure an answer is, and from where on it is given.

    ``floors`` are by regime: an answer about another disease than the one asked about is the worst of all, so more
    must speak for an answer to a question that names something loosely. A question that names nothing may be chatter:
    ``on_topic`` tells that apart from whether the answer is right, and has a floor of its own. ``fitted_on`` names the
    sets and the run.
    """

    logits: dict[Regime, Logit]
    floors: dict[Regime, float]
    on_topic: Logit
    on_topic_floor: float
    topicality: Topicality
    fitted_on: str

    def confidence(self, signals: dict[str, float], regime: Regime) -> float:
        """Return the probability, in 0..1, that the candidate answers the question.

        :param signals: a value for each of ``SIGNALS``.
        :param regime: which of the regressions reads them.
        :returns: a probability; 0 for what is taken for chatter.
        """
        if regime == "plain" and self.on_topic.probability(signals) < self.on_topic_floor:
            return 0.0
        return self.logits[regime].probability(signals)


@lru_cache(maxsize=1)
def packaged_calibration() -> Calibration:
    """Return the calibration that ships with the project.

    :returns: what ``python -m bot calibrate`` wrote last.
    """
    content = resources.files("bot.answering").joinpath("calibration.json").read_bytes()
    return msgspec.json.decode(content, type=Calibration)
