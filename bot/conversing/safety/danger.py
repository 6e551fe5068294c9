"""A message -> whether a person must come first, and why.

What decides is ``model.json``, learnt by ``python -m bot safety --fit`` from the exemplars and patterns beside it.
In: a message as typed, and what gives vectors. Out: a ``Danger`` or nothing. It must not know answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answering.grams import Gram
from bot.conversing.safety.features import row_of
from bot.conversing.safety.patterns import KINDS, Kind, Pattern, packaged_patterns
from bot.conversing.story import sentences_of

Floats = NDArray[np.float32]
VectorOf = Callable[[str], Floats]

# A long message is also read sentence by sentence, at most so many: each costs as much as a question.
MAX_SENTENCES = 10
# Messages that are let through so little below a floor, in log-odds, are answered with the numbers to call beside it.
# Run "near", on development messages: with 1, 2 and 3 .950, .967 and .992 of the urgent ones get numbers, and 1, 2 and
# 7 % of families' questions without any danger.
NEAR = 2.0
# Shorter than this, a message is read as one.
_ONE_PART_WORDS = 12


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over the row of ``features``, with the log-odds from which on it decides: for a message
    read whole, and for one sentence of it."""

    intercept: float
    slopes: tuple[float, ...]
    floor: float = 0.0
    sentence_floor: float = 0.0


@dataclass(frozen=True, slots=True)
class SafetyModel:
    """What was learnt, with which encoder, from which files: ``learnt_from`` is their digest. ``grams`` are runs of
    words and letters with their rarity, in the order of the row. ``urgent`` tells emergencies and crises from all
    else, ``crisis`` those two apart, ``personal`` decisions about one person from what is not urgent."""

    model_sha256: str
    learnt_from: str
    grams: dict[str, float]
    urgent: Weights
    crisis: Weights
    personal: Weights


@dataclass(frozen=True, slots=True)
class Danger:
    """A message that is not for retrieval alone. ``score`` is how far above its floor it is, in log-odds; ``patterns``
    are the ids of those that counted; ``part`` is the sentence that decided."""

    kind: Kind
    score: float
    patterns: tuple[str, ...]
    part: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in a message. ``is_near`` says that the whole of it is within ``NEAR`` of a cry for help, or is
    one."""

    danger: Danger | None
    is_near: bool


class Watch:
    """Looks at messages before anything else does. It holds no state between them."""

    def __init__(self, model: SafetyModel, model_sha256: str) -> None:
        self._book = packaged_patterns()
        # Vectors of another model mean nothing to these weights; then patterns alone decide.
        self._model = model if model.model_sha256 == model_sha256 else None
        self._grams = {run: Gram(place, rarity) for place, (run, rarity) in enumerate(model.grams.items())}
        self._urgent, self._crisis, self._personal = (
            np.asarray(weights.slopes, dtype=np.float32) for weights in (model.urgent, model.crisis, model.personal)
        )

    def look(self, message: str, vector_of: VectorOf) -> Seen:
        """Return the danger in a message.

        :param message: as typed.
        :param vector_of: gives a text's unit vector.
        :returns: the one furthest above its floor; emergencies and crises come before personal decisions.
        """
        if self._model is None:
            found = list(self._by_patterns(message))
            return Seen(max(found, key=_first_things_first, default=None), is_near=False)
        whole, *sentences = parts_of(message)
        found, urgent = self._read(whole, vector_of, self._model, sentence=False)
        for sentence in sentences:
            found += self._read(sentence, vector_of, self._model, sentence=True)[0]
        return Seen(max(found, key=_first_things_first, default=None), is_near=urgent >= -NEAR)

    def _read(
        self, part: str, vector_of: VectorOf, model: SafetyModel, *, sentence: bool
    ) -> tuple[list[Danger], float]:
        """The dangers of a part, and how far above its floor urgency is."""
        row, patterns = row_of(part, vector_of(part), self._book, self._grams)
        found = []
        urgent = model.urgent.intercept + float(row @ self._urgent) - _floor(model.urgent, sentence=sentence)
        if urgent >= 0:
            crisis = model.crisis.intercept + float(row @ self._crisis) >= model.crisis.floor
            found.append(_danger("crisis" if crisis else "emergency", urgent, patterns, part))
        personal = model.personal.intercept + float(row @ self._personal) - _floor(model.personal, sentence=sentence)
        if personal >= 0:
            found.append(_danger("personal", personal, patterns, part))
        return found, urgent

    def _by_patterns(self, part: str) -> Iterator[Danger]:
        _, patterns = row_of(part, np.empty(0, dtype=np.float32), self._book, {})
        for kind in KINDS:
            if any(pattern.kind == kind for pattern in patterns):
                yield _danger(kind, 0.0, patterns, part)


def parts_of(message: str) -> list[str]:
    """Return what of a message is read for danger.

    :param message: as typed.
    :returns: the message, and if it is long its first sentences.
    """
    sentences = sentences_of(message)
    if len(sentences) < 2 or len(message.split()) <= _ONE_PART_WORDS:
        return [message]
    return [message, *sentences[:MAX_SENTENCES]]


def _first_things_first(danger: Danger) -> tuple[bool, float]:
    return danger.kind != "personal", danger.score


def _floor(weights: Weights, *, sentence: bool) -> float:
    return weights.sentence_floor if sentence else weights.floor


def _danger(kind: Kind, score: float, patterns: tuple[Pattern, ...], part: str) -> Danger:
    return Danger(kind, score, tuple(pattern.id for pattern in patterns if pattern.kind == kind), part)


@lru_cache(maxsize=1)
def packaged_model() -> SafetyModel:
    """Return the model that ships with the project.

    :returns: what ``python -m bot safety --fit`` wrote last.
    """
    content = resources.files(__package__).joinpath("model.json").read_bytes()
    return msgspec.json.decode(content, type=SafetyModel)
