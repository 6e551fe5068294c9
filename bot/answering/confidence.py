"""Signals of the best candidate -> the probability that it answers the question.

A logistic regression over a handful of signals. Its coefficients are data (``calibration.json``), fitted by
``python -m bot calibrate``; this module only reads them, so serving needs no learning library.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

SIGNALS = (
    "dense",
    "late",
    "label",
    "lexical",
    "coverage",
    "name_fit",
    "heaviest_missing",
    "margin",
    "agreement",
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of a logistic regression over ``SIGNALS``, and the floor below which nothing is answered.

    ``fitted_on`` names the sets and the run.
    """

    intercept: float
    coefficients: dict[str, float]
    floor: float
    fitted_on: str

    def confidence(self, signals: dict[str, float]) -> float:
        """Return the probability, in 0..1, that the candidate answers the question.

        :param signals: a value for each of ``SIGNALS``.
        :returns: the logistic of the weighted sum.
        """
        total = self.intercept + sum(self.coefficients[name] * signals[name] for name in SIGNALS)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def packaged_calibration() -> Calibration:
    """Return the calibration that ships with the project.

    :returns: what ``python -m bot calibrate`` wrote last.
    """
    text = resources.files("bot.answering").joinpath("calibration.json").read_text(encoding="utf-8")
    return Calibration(**json.loads(text))
