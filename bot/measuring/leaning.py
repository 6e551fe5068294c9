"""Judged turns of conversations -> the weights that tell which of them lean on what was said before.

In: lines of ``{topic, raw, history, needs_context}``. Out: weights, and their balanced accuracy on topics left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.conversing import leaning as leaning_module
from bot.conversing.leaning import LeaningWeights, signs_of
from bot.errors import CorpusError
from bot.indexing.encoder import TextVectors
from bot.measuring.regression import Floats, regress

VectorsOf = Callable[[str], TextVectors]

# Run "leaning": .3, 1 and 2 are within .01 of each other on topics left out.
_PENALTY = 0.3
_FOLDS = 10
# Which topics are left out together is chance; the measure is the mean over so many choices.
_ROUNDS = 6
_DIGITS = 3


class JudgedTurn(msgspec.Struct, frozen=True):
    """A turn of a conversation: what was asked, what had been asked before, and whether that is needed."""

    topic: str
    raw: str
    history: list[str]
    needs_context: bool


@dataclass(frozen=True, slots=True)
class LeaningResult:
    """What was learnt from all turns, and how well weights learnt without a topic judge it: the mean of the shares
    right of those turns that lean and of those that do not, first turns among them."""

    weights: LeaningWeights
    balanced_accuracy: float
    turns: int


def read_turns(path: Path) -> list[JudgedTurn]:
    """Return the turns of a file.

    :param path: one JSON object a line.
    :returns: turns in the order of the file.
    :raises CorpusError: for a line that is no turn.
    """
    turns = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            turns.append(msgspec.json.decode(line, type=JudgedTurn))
        except msgspec.DecodeError as error:
            raise CorpusError(str(path), number, f"this is no judged turn: {error}", "See docs/commands.md.") from error
    return turns


def fit_leaning(turns: Sequence[JudgedTurn], vectors_of: VectorsOf) -> LeaningResult:
    """Return the weights and what they reach on topics they were not learnt from.

    :param turns: judged turns of several topics.
    :param vectors_of: gives a text's vectors.
    :returns: weights of all turns, and the measure.
    """
    later = [turn for turn in turns if turn.history]
    signs = [_signs(turn, vectors_of) for turn in later]
    names = list(signs[0])
    rows = np.asarray([[sign[name] for name in names] for sign in signs])
    leans = np.asarray([turn.needs_context for turn in later])
    firsts = sum(not turn.needs_context for turn in turns) - int((~leans).sum())
    rights = [_left_out(rows, leans, firsts, _folds(later, number)) for number in range(_ROUNDS)]
    intercept, slopes = _fit(rows, leans, firsts)
    weights = LeaningWeights(round(intercept, _DIGITS), dict(zip(names, slopes.round(_DIGITS).tolist(), strict=True)))
    return LeaningResult(weights, float(np.mean(rights)), len(turns))


def write_weights(weights: LeaningWeights) -> Path:
    """Replace the weights that ship with the project.

    :param weights: from ``fit_leaning``.
    :returns: the file.
    """
    path = Path(leaning_module.__file__).with_suffix(".json")
    temporary = path.with_suffix(".partial")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(weights), indent=2) + b"\n")
    temporary.replace(path)
    return path


def _folds(turns: Sequence[JudgedTurn], number: int) -> NDArray[np.int64]:
    return np.asarray([hashlib.sha256(f"{turn.topic}{number}".encode()).digest()[0] % _FOLDS for turn in turns])


def _left_out(rows: Floats, leans: NDArray[np.bool_], firsts: int, folds: NDArray[np.int64]) -> float:
    """The balanced accuracy of weights on the topics that they were not learnt from."""
    scores = np.zeros(len(leans))
    for fold in range(_FOLDS):
        kept = folds != fold
        intercept, slopes = _fit(rows[kept], leans[kept], firsts)
        scores[~kept] = intercept + rows[~kept] @ slopes
    alone = (scores <= 0)[~leans].sum() + firsts
    return float(((scores > 0)[leans].mean() + alone / ((~leans).sum() + firsts)) / 2)


def _signs(turn: JudgedTurn, vectors_of: VectorsOf) -> dict[str, float]:
    return signs_of(turn.raw, vectors_of(turn.raw), turn.history, vectors_of(turn.history[0]))


def _fit(rows: Floats, leans: NDArray[np.bool_], firsts: int) -> tuple[float, Floats]:
    """Both answers weigh the same; first turns, which never lean, count as told right already."""
    alone = int((~leans).sum())
    weights = np.where(leans, 0.5 / leans.sum(), 0.5 / (alone + firsts))
    return regress(rows, leans, weights * len(leans) / weights.sum(), penalty=_PENALTY)
