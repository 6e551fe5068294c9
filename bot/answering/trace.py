"""Record what an answer was decided from: the scored candidates, and whether each was used.

Whoever answers is given a ``Recorder``, on the same path that families' answers take; a ``Trace`` is a recorder that
keeps what it is told. Knows nothing of who reads the record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal

import msgspec

from bot.answering.curated import Match
from bot.answering.judge import Looked, ScoredCandidate

# Nobody has ever looked beyond these; an answer quotes two.
_KEPT_CANDIDATES = 12

Outcome = Literal[
    "taken",
    "below_floor",
    "not_mentioned",
    "far_behind",
    "same_source",
    "enough",
    "same_text",
    "quoted_before",
    "unused",
]


class Correction(msgspec.Struct, frozen=True):
    """A word as typed and as it was read."""

    typed: str
    read: str


class Candidate(msgspec.Struct, frozen=True):
    """A passage that was judged.

    ``signals`` are the input to ``confidence``; below ``floor`` it is not the answer; ``missing`` are the names of the
    question that it does not mention.
    """

    passage: str
    source: str
    title: str
    section: str | None
    score: float
    confidence: float
    floor: float
    tier: str
    signals: dict[str, float]
    missing: tuple[str, ...]
    outcome: Outcome


class LookedUp(msgspec.Struct, frozen=True):
    """A question as it was looked up: ``about`` is the topic that was added, ``found`` the number of passages found."""

    text: str
    kind: str
    about: str | None
    corrections: tuple[Correction, ...]
    found: int
    candidates: tuple[Candidate, ...]
    ms: float


class Safety(msgspec.Struct, frozen=True):
    """The outcome of the check for danger.

    ``kind`` is ``None`` if nothing was above its floor; ``score`` is the log-odds above it; ``is_near`` means that so
    little was missing that the emergency numbers stand beside the answer.
    """

    kind: str | None
    score: float
    patterns: tuple[str, ...]
    is_near: bool
    ms: float


class Approved(msgspec.Struct, frozen=True):
    """The nearest approved answer.

    It was not given if below ``floor``, or if only one of wording and question has the ``missing`` names.
    """

    id: str
    wording: str
    similarity: float
    floor: float
    missing: tuple[str, ...]
    is_given: bool


class AnswerTrace(msgspec.Struct, frozen=True):
    """All that is kept of how an answer came about.

    ``leaning`` is how much surer the reading in context was than the question alone; ``None`` if the two were not
    compared.
    """

    build: str
    safety: Safety | None
    leaning: float | None
    looked: tuple[LookedUp, ...]
    ms: float
    approved: tuple[Approved, ...] = ()


@dataclass(slots=True)
class _Look:
    looked: Looked
    ms: float
    outcomes: dict[int, Outcome] = field(default_factory=dict)


class Recorder:
    """A recorder that keeps nothing, for callers that only want the answer."""

    def looked_up(self, looked: Looked, began: float) -> None:
        """Record what a question found; ``began`` is the start of the lookup by ``perf_counter``."""

    def outcome(self, looked: Looked, entry: ScoredCandidate, outcome: Outcome) -> None:
        """Record what became of a candidate."""

    def safety(self, kind: str | None, score: float, patterns: tuple[str, ...], began: float, *, is_near: bool) -> None:
        """Record the outcome of the check for danger.

        :param began: the start of the check by ``perf_counter``.
        """

    def leaning(self, leaning: float) -> None:
        """Record how much a question leant on what was said before."""

    def approved(self, match: Match) -> None:
        """Record which approved answer was nearest."""

    def recalled(self, trace: AnswerTrace, text: str) -> None:
        """Record how a repeated answer first came about, and what would be looked up for it now."""

    def kept(self) -> AnswerTrace | None:
        """Return what is kept so far, or ``None`` from a recorder that keeps nothing."""
        return None


SILENT = Recorder()


class Trace(Recorder):
    """A recorder that is filled while one message is answered."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self._looks: list[_Look] = []
        self._safety: Safety | None = None
        self._leaning: float | None = None
        self._approved: list[Approved] = []
        self._recalled: tuple[LookedUp, ...] = ()

    def looked_up(self, looked: Looked, began: float) -> None:
        """Record what a question found."""
        self._looks.append(_Look(looked, _ms(began)))

    def outcome(self, looked: Looked, entry: ScoredCandidate, outcome: Outcome) -> None:
        """Record what became of a candidate."""
        for look in self._looks:
            if look.looked is looked:
                look.outcomes[entry.position] = outcome

    def safety(self, kind: str | None, score: float, patterns: tuple[str, ...], began: float, *, is_near: bool) -> None:
        """Record the outcome of the check for danger."""
        self._safety = Safety(kind, round(score, 3), patterns, is_near, _ms(began))

    def leaning(self, leaning: float) -> None:
        """Record how much a question leant on what was said before."""
        self._leaning = round(leaning, 3)

    def approved(self, match: Match) -> None:
        """Record which approved answer was nearest."""
        values = (round(match.similarity, 4), match.floor, match.missing, match.is_sure)
        noted = Approved(match.entry.id, match.wording, *values)
        # A question may be looked up twice, once to see whether it stands alone.
        if noted not in self._approved:
            self._approved.append(noted)

    def recalled(self, trace: AnswerTrace, text: str) -> None:
        """Record how a repeated answer first came about, and what would be looked up for it now."""
        self._recalled = tuple(msgspec.structs.replace(look, text=text) for look in trace.looked)
        self._approved = list(trace.approved)

    def kept(self) -> AnswerTrace:
        """Return what is kept so far, and close what was looked up by then to further records."""
        self._recalled, self._looks = (*self._recalled, *map(_looked_up, self._looks)), []
        return self.told("")

    def told(self, build: str) -> AnswerTrace:
        """Return the whole trace, for a Build's id."""
        looked = (*self._recalled, *map(_looked_up, self._looks))
        return AnswerTrace(build, self._safety, self._leaning, looked, _ms(self._began), tuple(self._approved))


def _looked_up(look: _Look) -> LookedUp:
    looked = look.looked
    weighed = sorted(looked.judged, key=lambda entry: -entry.confidence)[:_KEPT_CANDIDATES]
    return LookedUp(
        text=looked.text,
        kind=looked.question.kind,
        about=looked.about,
        corrections=tuple(Correction(entry.typed, entry.meant) for entry in looked.corrections),
        found=len(looked.candidates),
        candidates=tuple(_candidate(look, entry) for entry in weighed),
        ms=look.ms,
    )


def _candidate(look: _Look, entry: ScoredCandidate) -> Candidate:
    passage = entry.passage
    return Candidate(
        passage=passage.id,
        source=entry.source.id,
        title=passage.source_title,
        section=passage.headings[-1] if passage.headings else None,
        score=round(float(look.looked.candidates.score[entry.position]), 4),
        confidence=round(entry.confidence, 4),
        floor=entry.floor,
        tier=entry.tier,
        signals={name: round(value, 4) for name, value in entry.signals.items()},
        missing=tuple(sorted(entry.evidence.unmentioned)),
        outcome=look.outcomes.get(entry.position) or _outcome_of(entry),
    )


def _outcome_of(entry: ScoredCandidate) -> Outcome:
    if entry.evidence.unmentioned:
        return "not_mentioned"
    return "below_floor" if entry.confidence < entry.floor else "unused"


def _ms(began: float) -> float:
    return round((perf_counter() - began) * 1000, 2)
