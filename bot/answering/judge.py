"""A Question and an Index -> judged candidates: what an answer is decided from."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.answering.confidence import Calibration, Regime
from bot.answering.evidence import Asked, Evidence, Said, SourceNames, asked_of, names_of, said_in, weigh
from bot.answering.question import Question, parse_question
from bot.answering.retrieve import Candidates, Floats, retrieve
from bot.answering.spelling import Correction, Speller
from bot.answering.topic import may_lean, points, with_topic
from bot.answering.weights import ANSWERING, RETRIEVAL, AnsweringLimits
from bot.indexing.index import Index
from bot.indexing.lexical import words_of
from bot.records import Passage, Source

# How many passages, and sources, made ready for questions are kept; each takes one or two kilobytes.
_KEPT = 4096

# Run "one source": ten explainers indexed one by one. With .1, .15, .2 and .25 in place of the margin, 73, 85, 94 and
# 94 % of the questions about the explainer are answered, 7, 14, 26 and 42 % of those about another, and .1 to .3 % of
# chatter. Beside a single source, another's question is a lesser harm than none of its own answered.
_LONE_MARGIN = 0.2
# "Does this cost money?" with nothing before it is a guess at its topic, whatever is near. Run "pointing": of the
# families' questions for acceptance 72 % are answered right and 7.5 % wrong without it, 68 and 5.5 % with it.
_POINTING = 0.6


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its evidence and the probability that it answers the question.

    ``position`` is in the candidates; ``signals`` are those of ``bot.answering.confidence.SIGNALS``;
    from ``floor`` on it is sure enough to be shown.
    """

    position: int
    passage: Passage
    source: Source
    evidence: Evidence
    signals: dict[str, float]
    regime: Regime
    confidence: float
    floor: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a passage fits a text, whatever it was looked up by: the share of the text's terms that it says,
    weighed by their rarity, and the cosine of its nearest sentence."""

    coverage: float
    cosine: float


@dataclass(frozen=True, slots=True)
class Looked:
    """A question looked up: as asked, as corrected, and its judged candidates, best first. ``about`` is the topic that
    it was read as being about, if it named none itself; ``text`` is what was looked up in the end; ``passed_over`` are
    those that do not mention what was named."""

    question: Question
    corrections: tuple[Correction, ...]
    asked: Asked
    candidates: Candidates
    judged: tuple[Judged, ...]
    about: str | None = None
    text: str = ""
    passed_over: tuple[Judged, ...] = ()


class Judge:
    """Looks questions up in one Build and weighs what is found. It holds no state between questions."""

    def __init__(self, index: Index, calibration: Calibration, speller: Speller) -> None:
        self._index = index
        self._calibration = calibration
        self._speller = speller
        self._largest_rarity = math.log(1 + (len(index.passages) + 0.5) / 0.5)
        self._said_in = lru_cache(maxsize=_KEPT)(self._read_said)
        self._names_of = lru_cache(maxsize=_KEPT)(self._read_names)

    def look_up(self, message: str, *, about: str | None = None, limits: AnsweringLimits = ANSWERING) -> Looked:
        """Return the judged candidates for a message: what ``answer`` decides from, for the console and calibration.

        :param message: what was typed.
        :param about: what a question that leans on its surroundings is about, such as the only source's title.
        :param limits: how many candidates are judged.
        :returns: the question as understood, and its candidates; ``about`` is set if it was needed.
        :raises QuestionRejected: for an empty or too long message.
        """
        question = parse_question(message)
        text, corrections = self._speller.correct(question.text)
        looked = self._read(question, text, corrections, limits)
        if points(text, looked.asked):
            looked = replace(looked, judged=tuple(replace(e, floor=max(e.floor, _POINTING)) for e in looked.judged))
        best = looked.judged[0] if looked.judged else None
        if about is None or best is None or self.is_sure(best) or not may_lean(text, looked.asked, best.signals):
            return looked
        again = self._read(question, with_topic(about, text), corrections, limits)
        # The topic makes sure; which passage answers is still what the question alone says.
        row = looked.candidates.rows[best.position]
        agreed = tuple(e for e in again.judged if again.candidates.rows[e.position] == row and self.is_sure(e))
        return replace(again, judged=agreed, about=about) if agreed else looked

    def look_up_as(self, message: str, *, reading: str, about: str) -> Looked:
        """Return the judged candidates for a message that says what it means only together with what came before.

        :param message: what was typed.
        :param reading: the same spelled out, which is looked up.
        :param about: the topic that was added, to be shown.
        :returns: as ``look_up``; ``about`` is set.
        :raises QuestionRejected: for an empty or too long message or reading.
        """
        question = parse_question(message)
        text, corrections = self._speller.correct(parse_question(reading).text)
        typed = frozenset(words_of(message))
        mended = tuple(entry for entry in corrections if typed.issuperset(words_of(entry.typed)))
        return replace(self._read(question, text, mended, ANSWERING), about=about)

    def _read(
        self, question: Question, text: str, corrections: tuple[Correction, ...], limits: AnsweringLimits
    ) -> Looked:
        asked = asked_of(text, self._speller)
        found = _prefer_fitting_sections(self._index, retrieve(self._index, text), question, limits)
        judged = tuple(self._judge(found, asked, text, min(limits.judged, len(found))))
        # A passage that does not mention what was named cannot answer, however alike it reads.
        fitting = tuple(entry for entry in judged if not entry.evidence.unmentioned)
        others = tuple(entry for entry in judged if entry.evidence.unmentioned)
        return Looked(question, corrections, asked, found, fitting, text=text, passed_over=others)

    def fit_of(self, text: str, looked: Looked) -> Fit:
        """Return how well the best candidate fits a text.

        :param text: such as the question as typed, where a longer reading was looked up.
        :param looked: with one or more judged candidates.
        :returns: each in 0..1, but for the cosine of unlike texts.
        """
        best = looked.judged[0]
        row = int(looked.candidates.rows[best.position])
        asked = asked_of(text, self._speller)
        evidence = weigh(asked, self._said_in(row), {term: self._rarity(term) for term in asked.terms})
        vectors = np.asarray(self._index.table.sentence_vectors_of(row), dtype=np.float32)
        cosine = float((vectors @ self._index.encoder.encode_question(text).vector).max())
        return Fit(evidence.coverage, cosine)

    def is_sure(self, entry: Judged) -> bool:
        """Return whether a candidate is sure enough to be shown.

        :param entry: a judged candidate.
        :returns: true from the floor of its regime on.
        """
        return entry.confidence >= entry.floor

    def _judge(self, found: Candidates, asked: Asked, text: str, count: int) -> Iterator[Judged]:
        """The first candidates with their evidence and confidence."""
        rarity = {term: self._rarity(term) for term in asked.terms}
        owners = self._index.source_of_row[found.rows]
        agreement = _agreement(found, count)
        topical = self._calibration.topicality.score(text, found.question.vector, self._index.encoder.card.sha256)
        for position, row in enumerate(found.rows[:count].tolist()):
            evidence = weigh(asked, self._said_in(row), rarity)
            regime = _regime(asked, evidence)
            signals = {
                "dense": float(found.dense[position]),
                "late": float(found.late[position]),
                "label": float(found.label[position]),
                "lexical": float(found.lexical[position]) / RETRIEVAL.lexical_scale,
                "coverage": evidence.coverage,
                "margin": _margin(found, owners, position),
                "agreement": float(agreement[position]),
                "topical": topical,
            }
            confidence = self._calibration.confidence(signals, regime)
            passage = self._index.passages[row]
            source = self._index.sources[passage.source_id]
            floor = self._calibration.floors[regime]
            yield Judged(position, passage, source, evidence, signals, regime, confidence, floor)

    def _read_said(self, row: int) -> Said:
        return said_in(self._index.passages[row], self._names_of(int(self._index.source_of_row[row])))

    def _read_names(self, source: int) -> SourceNames:
        labels = self._index.labels.of_source(source)
        return names_of(self._index.sources[self._index.sources.ids[source]], labels)

    def _rarity(self, term: str) -> float:
        frequency = self._index.lexical.document_frequency(term)
        return math.log(1 + (len(self._index.passages) - frequency + 0.5) / (frequency + 0.5)) / self._largest_rarity


def _regime(asked: Asked, evidence: Evidence) -> Regime:
    """Only a question that names something in particular can be answered about another disease than the one asked."""
    if not asked.names_something:
        return "plain"
    return "exact" if evidence.named_exactly else "loose"


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


def _margin(found: Candidates, owners: NDArray[np.int64], position: int) -> float:
    """How far the best candidate of another source is behind; negative when it is ahead; a usual value without one."""
    others = owners != owners[position]
    # Candidates come best first, so the first other one is the best of them.
    first = int(others.argmax())
    return float(found.score[position] - found.score[first]) if others[first] else _LONE_MARGIN


def _agreement(found: Candidates, count: int) -> Floats:
    """The mean over the two retrievers of one over the candidate's rank, in 0..1, for the first candidates."""
    ranks = [1 + (signal > signal[:count, None]).sum(axis=1) for signal in (found.dense, found.lexical)]
    return np.asarray((1 / ranks[0] + 1 / ranks[1]) / 2, dtype=np.float32)
