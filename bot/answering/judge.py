"""A Question and an Index -> judged candidates: what an answer is decided from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bot.answering.confidence import Calibration, Regime
from bot.answering.evidence import Asked, Evidence, asked_of, weigh
from bot.answering.question import Question, parse_question
from bot.answering.retrieve import Candidates, retrieve
from bot.answering.spelling import Correction, Speller
from bot.answering.weights import ANSWERING, RETRIEVAL, AnsweringLimits
from bot.indexing.index import Index
from bot.records import Passage, Source


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its evidence and the probability that it answers the question.

    ``position`` is in the candidates; ``signals`` are those of ``bot.answering.confidence.SIGNALS``.
    """

    position: int
    passage: Passage
    source: Source
    evidence: Evidence
    signals: dict[str, float]
    regime: Regime
    confidence: float


@dataclass(frozen=True, slots=True)
class Looked:
    """A question looked up: as asked, as corrected, and its judged candidates, best first."""

    question: Question
    corrections: tuple[Correction, ...]
    asked: Asked
    candidates: Candidates
    judged: tuple[Judged, ...]


class Judge:
    """Looks questions up in one Build and weighs what is found. It holds no state between questions."""

    def __init__(self, index: Index, calibration: Calibration, speller: Speller) -> None:
        self._index = index
        self._calibration = calibration
        self._speller = speller
        self._largest_rarity = math.log(1 + (len(index.passages) + 0.5) / 0.5)

    def look_up(self, message: str, *, limits: AnsweringLimits = ANSWERING) -> Looked:
        """Return the judged candidates for a message: what ``answer`` decides from, for the console and calibration.

        :param message: what was typed.
        :param limits: how many candidates are judged.
        :returns: the question as understood, and its candidates.
        :raises QuestionRejected: for an empty or too long message.
        """
        question = parse_question(message)
        text, corrections = self._speller.correct(question.text)
        asked = asked_of(text, self._speller)
        found = _prefer_fitting_sections(self._index, retrieve(self._index, text), question, limits)
        judged = tuple(self._judge(found, position, asked) for position in range(min(limits.judged, len(found))))
        # A passage that does not mention what was named cannot answer, however alike it reads.
        fitting = tuple(entry for entry in judged if not entry.evidence.unmentioned)
        return Looked(question, corrections, asked, found, fitting)

    def is_sure(self, entry: Judged) -> bool:
        """Return whether a candidate is sure enough to be shown.

        :param entry: a judged candidate.
        :returns: true from the floor of its regime on.
        """
        return entry.confidence >= self._calibration.floors[entry.regime]

    def _judge(self, found: Candidates, position: int, asked: Asked) -> Judged:
        passage = self._index.passages[int(found.rows[position])]
        source = self._index.sources[passage.source_id]
        labels = self._index.labels.of_source(int(self._index.source_of_row[found.rows[position]]))
        evidence = weigh(asked, passage, source, labels, self._rarity)
        regime = _regime(asked, evidence)
        signals = {
            "dense": float(found.dense[position]),
            "late": float(found.late[position]),
            "label": float(found.label[position]),
            "lexical": float(found.lexical[position]) / RETRIEVAL.lexical_scale,
            "coverage": evidence.coverage,
            "margin": self._margin(found, position),
            "agreement": _agreement(found, position),
        }
        confidence = self._calibration.confidence(signals, regime)
        return Judged(position, passage, source, evidence, signals, regime, confidence)

    def _margin(self, found: Candidates, position: int) -> float:
        """How far the best candidate of another source is behind; negative when it is ahead."""
        owners = self._index.source_of_row[found.rows]
        others = found.score[owners != owners[position]]
        return float(found.score[position] - others.max()) if len(others) else 0.0

    def _rarity(self, term: str) -> float:
        frequency = self._index.lexical.document_frequency(term)
        return math.log(1 + (len(self._index.passages) - frequency + 0.5) / (frequency + 0.5)) / self._largest_rarity


def _regime(asked: Asked, evidence: Evidence) -> Regime:
    if evidence.named_exactly:
        return "exact"
    return "loose" if asked.names_something else "plain"


def _prefer_fitting_sections(
    index: Index, found: Candidates, question: Question, limits: AnsweringLimits
) -> Candidates:
    """Add the bonus of the section that fits the question's kind, and sort again."""
    if question.kind in {"other", "compare"}:
        return found
    looked_at = min(limits.judged * 2, len(found))
    bonus = np.zeros(len(found), dtype=np.float32)
    for position in range(looked_at):
        if index.passages[int(found.rows[position])].role == question.kind:
            bonus[position] = limits.fitting_section
    return found.with_bonus(bonus)


def _agreement(found: Candidates, position: int) -> float:
    """The mean over the two retrievers of one over the candidate's rank, in 0..1."""
    ranks = [1 + int((signal > signal[position]).sum()) for signal in (found.dense, found.lexical)]
    return sum(1 / rank for rank in ranks) / len(ranks)
