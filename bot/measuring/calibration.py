"""Answerers and questions whose answer is known -> the coefficients of the confidence, and how they do left out.

The labels come from the protocol, not from people: a question whose source is indexed is right when the best candidate
is from that source; a question whose source is left out, or that is off topic, is never right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.answering.answer import Answerer
from bot.answering.confidence import SIGNALS, Calibration, Logit, Regime

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question's best candidate: its signals (``None`` if every candidate was refused), whether it is right,
    whether the question has an answer at all, and its regime. ``group`` is the set it is from."""

    group: str
    signals: tuple[float, ...] | None
    right: bool
    answerable: bool
    regime: Regime


def collect(
    answerer: Answerer, group: str, questions: Iterable[tuple[str, frozenset[str]]], known: Callable[[str], bool]
) -> list[Example]:
    """Return an example for every question.

    :param answerer: answers from the Build under test.
    :param group: the name of the set; answerable and unanswerable questions are weighted apart.
    :param questions: texts with the ids of the sources that answer them, none for off-topic ones.
    :param known: whether a source id is indexed.
    :returns: examples in the order of the questions.
    """
    examples = []
    for text, sources in questions:
        looked = answerer.look_up(text)
        best = looked.judged[0] if looked.judged else None
        examples.append(
            Example(
                group=group,
                signals=None if best is None else tuple(best.signals[name] for name in SIGNALS),
                right=best is not None and best.source.id in sources,
                answerable=any(known(source) for source in sources),
                regime="plain" if best is None else best.regime,
            )
        )
    return examples


def fit(examples: Sequence[Example], *, floors: dict[Regime, float], fitted_on: str) -> Calibration:
    """Return the regressions over all examples with signals, every side of a group weighing the same.

    :param examples: as from ``collect``; both regressions need right and wrong ones.
    :param floors: confidence from which a question of a regime is answered.
    :param fitted_on: what to say of the origin.
    :returns: a calibration; coefficients are for unscaled signals.
    """
    known = [example for example in examples if example.signals is not None]
    exact = [example for example in known if example.regime == "exact"]
    rest = [example for example in known if example.regime != "exact"]
    return Calibration(_logit(exact), _logit(rest), floors, fitted_on)


def _logit(examples: Sequence[Example]) -> Logit:
    signals = np.asarray([example.signals for example in examples], dtype=np.float64)
    right = np.asarray([example.right for example in examples])
    mean, scale = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit((signals - mean) / scale, right, sample_weight=_weights(examples))
    coefficients = model.coef_[0] / scale
    return Logit(
        intercept=round(float(model.intercept_[0] - coefficients @ mean), 4),
        coefficients={name: round(float(value), 4) for name, value in zip(SIGNALS, coefficients, strict=True)},
    )


def answered_shares(examples: Sequence[Example], calibration: Calibration) -> dict[str, tuple[float, float, int]]:
    """Return for each group, apart for answerable (+) and other (-) questions, what share is answered.

    :param examples: as from ``collect``.
    :param calibration: how confidence is computed.
    :returns: name to share answered, share answered with a wrong source, and number of questions.
    """
    shares = {}
    for name in sorted({_side(example) for example in examples}):
        group = [example for example in examples if _side(example) == name]
        answered = [example for example in group if _is_answered(example, calibration)]
        wrong = [example for example in answered if not example.right]
        shares[name] = (len(answered) / len(group), len(wrong) / len(group), len(group))
    return shares


def left_out(examples: Sequence[Example], calibration: Calibration) -> dict[str, tuple[float, float, int]]:
    """Return ``answered_shares`` of each group under a calibration fitted on the other groups.

    :param examples: as from ``collect``.
    :param calibration: gives the floors.
    :returns: as ``answered_shares``.
    """
    shares: dict[str, tuple[float, float, int]] = {}
    for group in sorted({example.group for example in examples}):
        others = [example for example in examples if example.group != group]
        seen = {(example.regime == "exact", example.right) for example in others if example.signals is not None}
        if len(seen) < 4:
            continue
        refitted = fit(others, floors=calibration.floors, fitted_on="others")
        shares |= answered_shares([example for example in examples if example.group == group], refitted)
    return shares


def _is_answered(example: Example, calibration: Calibration) -> bool:
    if example.signals is None:
        return False
    signals = dict(zip(SIGNALS, example.signals, strict=True))
    return calibration.confidence(signals, example.regime) >= calibration.floors[example.regime]


def _side(example: Example) -> str:
    return example.group + ("+" if example.answerable else "-")


def _weights(examples: Sequence[Example]) -> Floats:
    sides = [_side(example) for example in examples]
    counts = {side: sides.count(side) for side in set(sides)}
    weights = np.asarray([1 / counts[side] for side in sides])
    return np.asarray(weights * len(weights) / weights.sum())
