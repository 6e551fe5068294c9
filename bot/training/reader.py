"""Judged questions and a Build -> the reader: which sentence answers, and how likely it does.

Questions come from hands that never saw the texts; of some, a second hand marked the sentences. Sentences are weighed
first, because what they give is one of the signals of the answer. What is shipped is measured on
hands that nothing was learnt from (``bench.families``).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bot.answering.judge import Judge, Judged
from bot.answering.reader import Logit, ReaderModel
from bot.answering.snippet import sentence_texts
from bot.training.lines import FamilyLine

Floats = NDArray[np.float64]
JudgeOf = Callable[[ReaderModel], Judge]

# How many candidates of a question are learnt from. The best are what is decided about.
_CANDIDATES = 3
# Run "reader penalty": area under the curve on hand f4 is .930, .932 and .931 with .1, .3 and 1.
_LOOSENESS = 0.3
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Rows:
    """Examples: the signals of each, whether it is right, and how much it counts."""

    signals: list[dict[str, float]]
    right: list[bool]
    weights: list[float]


def judged(lines: Sequence[FamilyLine], known: Container[str]) -> list[FamilyLine]:
    """Return the lines that can be judged on a corpus: those of its sources, and those that must not be answered.

    Stories are passed over: what of them is looked up is decided later.
    """
    found = []
    for line in lines:
        sources = tuple(source for source in line.sources if source in known)
        if line.kind != "story" and (sources or not line.sources):
            found.append(msgspec.structs.replace(line, sources=sources))
    return found


def fit_reader(
    lines: Sequence[FamilyLine], marked: Sequence[FamilyLine], judge_of: JudgeOf, start: ReaderModel, run: str
) -> ReaderModel:
    """Return the reader that was learnt from what families ask.

    :param lines: say how likely an answer is.
    :param marked: further lines with marked sentences.
    :param judge_of: gives what looks questions up with a reader.
    :param start: a reader to look the first passages up with; its thresholds are kept.
    :param run: says what it was learnt from.
    :returns: a reader with the thresholds of ``start``.
    """
    sentence = _fit(_sentences_of([*lines, *marked], judge_of(start)))
    model = msgspec.structs.replace(start, sentence=sentence, run=run)
    return msgspec.structs.replace(model, answer=_fit(_candidates_of(lines, judge_of(model))))


def confidences_of(lines: Sequence[FamilyLine], judge: Judge) -> list[float]:
    """Return how sure the best candidate of each line is."""
    return [judge.look_up(line.text).confidence for line in lines]


def _sentences_of(questions: Sequence[FamilyLine], judge: Judge) -> _Rows:
    """The sentences of passages that hold a marked one."""
    rows = _Rows([], [], [])
    for question in questions:
        if not question.quotes:
            continue
        for entry in judge.look_up(question.text).judged:
            marked = [_is_marked(text, (*question.quotes, *question.also)) for text in sentence_texts(entry.passage)]
            if any(marked) and entry.passage.source_id in question.sources:
                rows.signals.extend(entry.weighed)
                rows.right.extend(marked)
                rows.weights.extend([1 / len(marked)] * len(marked))
    return rows


def _is_marked(text: str, quotes: Sequence[str]) -> bool:
    return any(text in quote or quote in text for quote in quotes)


def _candidates_of(questions: Sequence[FamilyLine], judge: Judge) -> _Rows:
    rows = _Rows([], [], [])
    for question in questions:
        for number, entry in enumerate(_first(judge, question.text)):
            rows.signals.append(entry.signals)
            rows.right.append(entry.passage.source_id in question.sources)
            rows.weights.append(1.0 if number == 0 else 0.5)
    return rows


def _first(judge: Judge, text: str) -> Iterator[Judged]:
    looked = judge.look_up(text)
    yield from sorted(looked.judged, key=lambda entry: entry.position)[:_CANDIDATES]


def _fit(rows: _Rows) -> Logit:
    """A logistic regression on standardised signals, told in the signals' own units."""
    names = sorted({name for signals in rows.signals for name in signals})
    table = np.asarray([[signals.get(name, 0.0) for name in names] for signals in rows.signals])
    scaler = StandardScaler().fit(table)
    learnt = LogisticRegression(C=_LOOSENESS, max_iter=2000)
    learnt.fit(scaler.transform(table), np.asarray(rows.right), sample_weight=np.asarray(rows.weights))
    slopes = learnt.coef_[0] / scaler.scale_
    intercept = float(learnt.intercept_[0] - slopes @ scaler.mean_)
    found = {name: round(float(slope), _DIGITS) for name, slope in zip(names, slopes, strict=True)}
    return Logit(round(intercept, _DIGITS), {name: slope for name, slope in found.items() if slope})


def choose_thresholds(
    lines: Sequence[FamilyLine],
    confidences: Sequence[float],
    *,
    shown_of_refusals: float,
    near_of_refusals: float,
) -> tuple[float, float]:
    """Return from which confidence on a passage is the answer, and from which on it is offered.

    :param lines: judged ones.
    :param confidences: of the best candidate of each.
    :param shown_of_refusals: the share of what must not be answered that may be.
    :param near_of_refusals: the share of it that may be offered passages.
    :returns: ``sure`` and ``near`` of a ``ReaderModel``.
    """
    refused = [value for line, value in zip(lines, confidences, strict=True) if not line.sources]
    sure, near = (float(np.quantile(refused, 1 - share)) for share in (shown_of_refusals, near_of_refusals))
    return round(sure, _DIGITS), round(near, _DIGITS)
