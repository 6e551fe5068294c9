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
class Topicality:
    """A logistic regression over a question's own vector: whether it is of the kind that people ask such a service, or
    chatter meant for an assistant or a bank. It knows nothing of the corpus, and only the model it was fitted with.
    """

    model_sha256: str
    intercept: float
    weights: tuple[float, ...]

    def score(self, vector: Floats, model_sha256: str) -> float:
        """Return the log-odds that a question is no chatter, cut off at ``_MOST``.

        :param vector: (d,) float32 unit vector of the question.
        :param model_sha256: the model that it is from; with another than the fitted one nothing can be said.
        :returns: a finite number, 0 when nothing can be said.
        """
        if model_sha256 != self.model_sha256:
            return 0.0
        return float(np.clip(self.intercept + vector @ np.asarray(self.weights, dtype=np.float32), -_MOST, _MOST))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure an answer is, and from where on it is given.

    ``floors`` are by regime: an answer about another disease than the one asked about is the worst of all, so more
    must speak for an answer to a question that names something loosely. ``fitted_on`` names the sets and the run.
    """

    logits: dict[Regime, Logit]
    floors: dict[Regime, float]
    topicality: Topicality
    fitted_on: str

    def confidence(self, signals: dict[str, float], regime: Regime) -> float:
        """Return the probability, in 0..1, that the candidate answers the question.

        :param signals: a value for each of ``SIGNALS``.
        :param regime: which of the regressions reads them.
        :returns: a probability.
        """
        return self.logits[regime].probability(signals)


@lru_cache(maxsize=1)
def packaged_calibration() -> Calibration:
    """Return the calibration that ships with the project.

    :returns: what ``python -m bot calibrate`` wrote last.
    """
    content = resources.files("bot.answering").joinpath("calibration.json").read_bytes()
    return msgspec.json.decode(content, type=Calibration)
