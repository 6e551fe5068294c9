"""Judged conversations, and questions that stand alone put after others -> the weights of readings.

In: conversations and a BEIR-style folder of questions. Out: weights. It must not know HTTP.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.conversing import readings as readings_module
from bot.conversing.dialogue import Dialogue
from bot.conversing.followup import asks_for_more, reading_of, surely_leans
from bot.conversing.heard import Heard
from bot.conversing.history import Before, History, turn_of
from bot.conversing.leaning import LeaningWeights
from bot.conversing.readings import ReadingWeights
from bot.conversing.smalltalk import reply_to
from bot.conversing.story import questions_in
from bot.measuring.conversations import Conversation
from bot.measuring.regression import balanced, regress

# Run "readings": of .1, .3, 1 and 3 the one that did best on conversations left out.
_PENALTY = 0.3
_DIGITS = 3
# Each question that stands alone is put after so many others.
_AFTER = 2
# The share of leaning turns that may be taken as standing alone without a second look.
_MISSED = 0.02
# Balanced odds. Run "readings", on development sets: at .3, 0 and -.3 of the leaning turns .897, .912 and .912 are
# right, of families' questions put after another .050, .055 and .060 are answered wrong; before these weights .31.
_FLOOR = 0.0
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A question after others: ``group`` keeps those of one conversation together."""

    group: str
    leans: bool
    alone: dict[str, float]
    both: dict[str, float]


@dataclass(frozen=True, slots=True)
class ReadingsResult:
    """What was learnt; of examples left out the shares of leaning and of standing ones that were told, and of the
    standing ones that need no second look-up."""

    weights: ReadingWeights
    leaning_told: float
    standing_told: float
    standing_spared: float
    examples: int


def examples_of(
    dialogue: Dialogue, conversations: Sequence[Conversation], alone: Sequence[str], *, seed: int = 5
) -> Iterator[Example]:
    """Yield what there is to learn from.

    :param dialogue: what answers.
    :param conversations: judged ones.
    :param alone: questions that stand alone; each is put after questions that the corpus offers.
    :param seed: which ones.
    :yields: the questions whose reading must be decided.
    """
    for conversation in conversations:
        history: list[Before] = []
        for turn in conversation.turns:
            replied = dialogue.reply(turn.text, history)
            if turn.relevant:
                yield from _example(dialogue, conversation.id, turn.text, history, leans=turn.leans)
            history.append(turn_of(turn.text, replied.reading, replied.answer))
    draw = random.Random(seed)  # noqa: S311 - which questions come first is no secret
    offered = dialogue.answerer.offered()
    for number, question in enumerate(alone):
        for first in draw.sample(offered, _AFTER):
            replied = dialogue.reply(first)
            before = [turn_of(first, replied.reading, replied.answer)]
            yield from _example(dialogue, f"alone {number}", question, before, leans=False)


def _example(dialogue: Dialogue, group: str, text: str, history: History, *, leans: bool) -> Iterator[Example]:
    reading = reading_of(text, history)
    told_otherwise = surely_leans(text) or asks_for_more(text) or reply_to(text) or len(questions_in(text)) > 1
    if reading is None or told_otherwise:
        return
    heard = Heard(dialogue.answerer, text, history)
    read = dialogue.answerer.look_up_as(text, reading=reading.text, about=reading.topic)
    yield Example(group, leans, heard.signs_alone(), heard.signs_both(read))


def fit_readings(examples: Sequence[Example]) -> ReadingsResult:
    """Return the weights and what they reach on conversations left out.

    :param examples: from ``examples_of``.
    :returns: weights of all examples, and the measures.
    """
    leans = np.asarray([example.leans for example in examples])
    groups = sorted({example.group for example in examples})
    folds = np.asarray([groups.index(example.group) % _FOLDS for example in examples])
    alone, both = ([getattr(example, name) for example in examples] for name in ("alone", "both"))
    may, said = _left_out(alone, leans, folds), _left_out(both, leans, folds)
    floor = round(float(np.quantile(may[leans], _MISSED)), _DIGITS)
    told = (may >= floor) & (said >= _FLOOR)
    weights = ReadingWeights(_fit(alone, leans), floor, _fit(both, leans), _FLOOR)
    leaning, standing, spared = (float(part.mean()) for part in (told[leans], ~told[~leans], (may < floor)[~leans]))
    return ReadingsResult(weights, leaning, standing, spared, len(examples))


def write_readings(weights: ReadingWeights) -> Path:
    """Replace the weights that ship with the project.

    :param weights: from ``fit_readings``.
    :returns: the file.
    """
    path = Path(readings_module.__file__).with_suffix(".json")
    temporary = path.with_suffix(".partial")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(weights), indent=2) + b"\n")
    temporary.replace(path)
    return path


def _fit(signs: Sequence[dict[str, float]], leans: NDArray[np.bool_]) -> LeaningWeights:
    rows = np.asarray([list(sign.values()) for sign in signs])
    intercept, slopes = regress(rows, leans, balanced([str(lean) for lean in leans]), penalty=_PENALTY)
    names = list(signs[0])
    return LeaningWeights(round(intercept, _DIGITS), dict(zip(names, slopes.round(_DIGITS).tolist(), strict=True)))


def _left_out(
    signs: Sequence[dict[str, float]], leans: NDArray[np.bool_], folds: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The score of each example by weights that were learnt without its conversation."""
    scores = np.zeros(len(signs))
    for fold in range(_FOLDS):
        weights = _fit([sign for sign, at in zip(signs, folds, strict=True) if at != fold], leans[folds != fold])
        for place in np.flatnonzero(folds == fold).tolist():
            scores[place] = weights.score(signs[place])
    return scores
