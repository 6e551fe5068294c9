"""Tell whether a person must come first for a message, and why.

The encoder's routing head tells kinds of messages apart; ``python -m bot train safety`` trains it on lines that a
clinician can read. A table of words, which ``python -m bot train languages`` learns from the same lines, has a say in
how urgent a message is. The patterns beside them are a second line that can only add: if one matches, the threshold is
lower, and with another encoder the patterns decide alone. Knows nothing of answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import msgspec

from bot.answering.grams import plain
from bot.answering.story import sentences_of
from bot.indexing.encoder import TextVectors
from bot.safety.patterns import KINDS, Kind, Pattern, PatternSet, packaged_patterns

VectorsOf = Callable[[str], TextVectors]
# Returns the log-odds that a message is urgent, by its words alone.
WordOdds = Callable[[str], float]

# A message of at most this many words is read as a whole only; of a longer one, this many sentences are read too.
_ONE_PART_WORDS, _MOST_SENTENCES = 12, 10
# Someone who does not breathe, wake or react is in danger now, whatever else is said.
_BODY_FIRST = frozenset({"breathing", "unresponsive", "will-not-wake", "resuscitation", "colour-and-breath"})


class SafetyThresholds(msgspec.Struct, frozen=True):
    """The least probabilities at which a message is referred or the numbers to call stand below its answer.

    A message is referred as urgent (an emergency or a crisis), as urgent if a pattern matches too, as a decision about
    one person, or as such a decision if nothing answers it; ``near`` is for the numbers below the answer. How urgent a
    message is, is the mean of the head's log-odds and those of its words, which weigh ``words`` to the head's one.
    ``run`` says what they were chosen on.
    """

    urgent: float
    urgent_with_pattern: float
    near: float
    personal: float
    personal_unanswered: float
    words: float
    run: str


@dataclass(frozen=True, slots=True)
class SafetyFinding:
    """The danger in a message, or the decision about one person that it asks for.

    ``score`` is how far above its threshold it is, in log-odds; ``patterns`` are the ids of those that counted.
    """

    kind: Kind
    score: float
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafetyResult:
    """What was seen in a message.

    ``is_near`` means that it is a cry for help or close to one, ``may_be_personal`` that it is a decision about one
    person if nothing answers it.
    """

    danger: SafetyFinding | None
    is_near: bool = False
    may_be_personal: bool = False


class SafetyClassifier:
    """A classifier that checks messages before anything else does; stateless between them."""

    def __init__(self, thresholds: SafetyThresholds, kinds: tuple[str, ...], word_odds: WordOdds) -> None:
        self._thresholds = thresholds
        self._kinds = kinds
        self._word_odds = word_odds
        self._book: PatternSet = packaged_patterns()

    def look(self, message: str, vectors_of: VectorsOf) -> SafetyResult:
        """Return the danger in a message."""
        found = self._patterns_in(message)
        if not self._kinds:
            return SafetyResult(_by_patterns(found))
        said = vectors_of(message).kinds
        probability = {kind: math.exp(float(value)) for kind, value in zip(self._kinds, said, strict=True)}
        return self._decide(probability, self._urgency(probability, message), found)

    def look_for_patterns(self, message: str) -> SafetyResult:
        """Return the danger that patterns alone find in a message."""
        return SafetyResult(_by_patterns(self._patterns_in(message)))

    def _urgency(self, probability: dict[str, float], message: str) -> float:
        """Return how likely a message is urgent, by the head and by its words."""
        weight = self._thresholds.words
        by_head = _log_odds(probability["emergency"] + probability["crisis"])
        return 1 / (1 + math.exp(-(by_head + weight * self._word_odds(message)) / (1 + weight)))

    def _decide(self, probability: dict[str, float], urgent: float, found: tuple[Pattern, ...]) -> SafetyResult:
        limits = self._thresholds
        alarming = any(pattern.kind != "personal" for pattern in found)
        limit = limits.urgent_with_pattern if alarming else limits.urgent
        if urgent >= limit:
            kind = _kind_of(probability, found)
            return SafetyResult(_danger(kind, _log_odds(urgent) - _log_odds(limit), found), is_near=True)
        is_near = urgent >= limits.near
        personal = probability["personal_medical"]
        if personal >= limits.personal:
            return SafetyResult(_danger("personal", _log_odds(personal) - _log_odds(limits.personal), found), is_near)
        return SafetyResult(None, is_near, may_be_personal=personal >= limits.personal_unanswered)

    def _patterns_in(self, message: str) -> tuple[Pattern, ...]:
        """Return the patterns that match a message or one of its sentences, where no cue takes them back."""
        found = {pattern.id: pattern for part in parts_of(message) for pattern in self._patterns_of(plain(part))}
        return tuple(found.values())

    def _patterns_of(self, read: str) -> tuple[Pattern, ...]:
        return self._book.found_in(read, self._book.cues_in(read))


def parts_of(message: str) -> list[str]:
    """Return the parts of a message that patterns are searched in: the whole, and if it is long its first sentences."""
    sentences = sentences_of(message)
    if len(sentences) < 2 or len(message.split()) <= _ONE_PART_WORDS:
        return [message]
    return [message, *sentences[:_MOST_SENTENCES]]


def _kind_of(probability: dict[str, float], found: tuple[Pattern, ...]) -> Kind:
    if any(pattern.id in _BODY_FIRST for pattern in found):
        return "emergency"
    return "emergency" if probability["emergency"] >= probability["crisis"] else "crisis"


def _by_patterns(found: tuple[Pattern, ...]) -> SafetyFinding | None:
    kind = next((kind for kind in KINDS if any(pattern.kind == kind for pattern in found)), None)
    return None if kind is None else _danger(kind, 0.0, found)


def _danger(kind: Kind, score: float, found: tuple[Pattern, ...]) -> SafetyFinding:
    return SafetyFinding(kind, score, tuple(pattern.id for pattern in found if pattern.kind == kind))


def _log_odds(probability: float) -> float:
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))


@lru_cache(maxsize=1)
def packaged_thresholds() -> SafetyThresholds:
    """Return the thresholds that ship with the project, read off the curves of ``bench.danger``."""
    content = resources.files("bot.models").joinpath("safety.json").read_bytes()
    return msgspec.json.decode(content, type=SafetyThresholds)
