"""Answerers and questions whose answer is known -> the coefficients of the confidence, and how they do left out.

The labels come from the protocol, not from people: a question whose source is indexed is right when the best candidate
is from that source; a question whose source is left out, or that is off topic, is never right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.answering.answer import Answerer
from bot.answering.confidence import SIGNALS, Calibration, Logit, Regime, Topicality
from bot.measuring.regression import balanced, regress
from bot.measuring.topicality import OFF_TOPIC, fit_topicality, out_of_fold

Floats = NDArray[np.float64]

# What share of the unanswerable questions of any set may be answered in each regime: together below 5 % of those about
# left-out diseases (most of the exact ones are names that the corpus lists as synonyms), and chatter below 1 %.
_BOUNDS: dict[Regime, float] = {"exact": 0.045, "loose": 0.002, "plain": 0.003}
# What share of chatter may be taken for a question. Run "two questions": with one regression for both, 70 % of the
# families' questions that name nothing are answered when .8 % of chatter is; apart, 99 % of them are told from that
# chatter, and the other regression need only tell right answers from wrong ones: 84 % are answered.
_CHATTER_BOUND = 0.009
# Beside a single source, questions about other sources are near to it, and little is lost when one is answered from it.
_LONE_BOUND = 0.3
# Nearly all exact questions are of one set. Right ones of other sets have a little say, which keeps that set's oddities
# from refusing them. Run "other sets' say": at .1, .03 and .01 it answers 88.8, 90.5 and 91.0 % of its own, and 85, 83
# and 81 % of those beside a single source are answered.
_OTHER_SETS_SAY = 0.03
ONE_SOURCE = "one source"


@dataclass(frozen=True, slots=True)
class Example:
    """One question's best candidate: its signals (``None`` if every candidate was refused), whether it is right,
    whether the question has an answer at all, and its regime. ``group`` is the set it is from, ``vector`` (d,) the
    question's own."""

    group: str
    signals: tuple[float, ...] | None
    right: bool
    answerable: bool
    regime: Regime
    text: str
    vector: NDArray[np.float32]


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
                text=text,
                vector=looked.candidates.question.vector,
            )
        )
    return examples


def with_topicality(examples: Sequence[Example], model_sha256: str) -> list[Example]:
    """Return the examples with topicality among their signals, each scored by a fit that has not seen its text.

    :param examples: as from ``collect``.
    :param model_sha256: of the model that gave their vectors.
    :returns: the examples, with other signals.
    """
    scores = out_of_fold(examples, model_sha256)
    last = SIGNALS.index("topical")
    return [
        example if example.signals is None else replace(example, signals=(*example.signals[:last], float(score)))
        for example, score in zip(examples, scores, strict=True)
    ]


def fit(
    examples: Sequence[Example], *, floors: dict[Regime, float], topicality: Topicality, fitted_on: str
) -> Calibration:
    """Return the regressions over all examples with signals, every side of a group weighing the same.

    :param examples: as from ``collect``; every regime needs right and wrong ones.
    :param floors: confidence from which a question of a regime is answered.
    :param topicality: goes into the calibration as it is.
    :param fitted_on: what to say of the origin.
    :returns: a calibration; coefficients are for unscaled signals.
    """
    known = [example for example in examples if example.signals is not None]
    logits: dict[Regime, Logit] = {}
    for regime in _BOUNDS:
        asked = [example for example in known if example.regime == regime and not _is_chatter(example)]
        logits[regime] = _logit(asked, _weights(asked, regime), [example.right for example in asked])
    plain = [example for example in known if example.regime == "plain"]
    on_topic = _logit(plain, _chatter_weights(plain), [not _is_chatter(example) for example in plain])
    return Calibration(logits, floors, on_topic, 0.0, topicality, fitted_on)


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """A calibration with the shares that it answers: on all sets, and with each left out of the fit (``apart``)."""

    calibration: Calibration
    shares: dict[str, tuple[float, float, int]]
    apart: dict[str, tuple[float, float, int]]


def calibrate(examples: Sequence[Example], model_sha256: str, fitted_on: str) -> CalibrationResult:
    """Return the regressions with floors chosen by what may go wrong.

    The floor of a regime is the lowest at which, of the unanswerable questions of every set, no more are answered in
    that regime than its bound.

    :param examples: as from ``collect``.
    :param model_sha256: of the model that gave their vectors.
    :param fitted_on: what to say of the origin.
    :returns: the calibration and its shares.
    """
    examples = with_topicality(examples, model_sha256)
    topicality = fit_topicality(examples, model_sha256)
    fitted = fit(
        examples, floors={"exact": 0.0, "loose": 0.0, "plain": 0.0}, topicality=topicality, fitted_on=fitted_on
    )
    fitted = replace(fitted, on_topic_floor=_on_topic_floor(examples, fitted))
    floors: dict[Regime, float] = {
        regime: _lowest_floor(examples, fitted, regime, bound) for regime, bound in _BOUNDS.items()
    }
    calibration = replace(fitted, floors=floors)
    return CalibrationResult(calibration, answered_shares(examples, calibration), left_out(examples, calibration))


def _on_topic_floor(examples: Sequence[Example], fitted: Calibration) -> float:
    """The floor that no more of any set's chatter reaches than may."""
    sides: dict[str, list[float]] = {}
    for example in examples:
        if _is_chatter(example):
            plain = example.signals is not None and example.regime == "plain"
            signals = dict(zip(SIGNALS, example.signals or (), strict=plain))
            sides.setdefault(example.group, []).append(fitted.on_topic.probability(signals) if plain else 0.0)
    highest = max(float(np.quantile(side, 1 - _CHATTER_BOUND)) for side in sides.values())
    return round(highest + 1e-4, 4)


def _lowest_floor(examples: Sequence[Example], fitted: Calibration, regime: Regime, bound: float) -> float:
    """The lowest of two hundred floors at which every unanswerable side stays within the bound."""
    sides: dict[str, list[float]] = {}
    for example in examples:
        if not example.answerable:
            found = example.signals is not None and example.regime == regime
            sides.setdefault(example.group, []).append(_confidence(example, fitted) if found else 0.0)
    for step in range(1, 200):
        floor = step / 200
        if all(np.mean(np.asarray(sure) >= floor) <= _bound(name, bound) for name, sure in sides.items()):
            return floor
    return 0.995


def _bound(group: str, bound: float) -> float:
    if group == ONE_SOURCE:
        return max(bound, _LONE_BOUND)
    return 1.0 if group.startswith(OFF_TOPIC) else bound


def _confidence(example: Example, calibration: Calibration) -> float:
    signals = dict(zip(SIGNALS, example.signals or (), strict=True))
    return calibration.confidence(signals, example.regime)


def _logit(examples: Sequence[Example], weights: Floats, wanted: Sequence[bool]) -> Logit:
    """The regression over the signals, scaled to unit deviation."""
    signals = np.asarray([example.signals for example in examples], dtype=np.float64)
    mean, scale = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    intercept, slopes = regress((signals - mean) / scale, np.asarray(wanted), weights)
    coefficients = slopes / scale
    return Logit(
        intercept=round(float(intercept - coefficients @ mean), 4),
        coefficients={name: round(float(value), 4) for name, value in zip(SIGNALS, coefficients, strict=True)},
    )


def _weights(examples: Sequence[Example], regime: Regime) -> Floats:
    """What is named is nearly all of one set, so right and wrong are balanced there; elsewhere the sets are."""
    if regime == "plain":
        return balanced([_side(example) for example in examples])
    largest = Counter(example.group for example in examples).most_common(1)[0][0]
    other = [regime == "exact" and example.right and example.group != largest for example in examples]
    say = np.where(other, _OTHER_SETS_SAY, 1.0)
    return balanced([f"{example.right} {is_other}" for example, is_other in zip(examples, other, strict=True)], say)


def _chatter_weights(examples: Sequence[Example]) -> Floats:
    """Chatter weighs as much as questions, and each set of one side as much as another."""
    sides = Counter(_is_chatter(example) for example in {example.group: example for example in examples}.values())
    say = np.asarray([1 / sides[_is_chatter(example)] for example in examples])
    return balanced([example.group for example in examples], say)


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
        seen = {(example.regime, example.right) for example in others if example.signals is not None}
        if len(seen) < 2 * len(_BOUNDS):
            continue
        refitted = fit(others, floors=calibration.floors, topicality=calibration.topicality, fitted_on="others")
        shares |= answered_shares([example for example in examples if example.group == group], refitted)
    return shares


def _is_answered(example: Example, calibration: Calibration) -> bool:
    if example.signals is None:
        return False
    return _confidence(example, calibration) >= calibration.floors[example.regime]


def _is_chatter(example: Example) -> bool:
    return example.group.startswith(OFF_TOPIC)


def _side(example: Example) -> str:
    return example.group + ("+" if example.answerable else "-")
