"""A Question and an Index -> judged candidates: what an answer is decided from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.answering.evidence import (
    MatchEvidence,
    PassageTerms,
    QueryTerms,
    SourceNames,
    asked_of,
    names_of,
    said_in,
    weigh,
)
from bot.answering.headed import by_heading
from bot.answering.question import Question, parse_question
from bot.answering.reader import Forest, QuestionReading, ReaderModel, Tier, WindowCosines
from bot.answering.retrieve import Candidates, Floats, Rows, retrieve
from bot.answering.same_question import AS_LIKE, SAME_QUESTION, marked_in, says_what_about
from bot.answering.sentences import QuestionForm, SentenceForms, SentenceSignals, SentenceVectors, forms_of, signals_of
from bot.answering.signals import signals_of_evidence, signals_of_places, signals_of_question, signals_of_sentences
from bot.answering.spelling import Correction, Speller
from bot.answering.weights import ANSWERING, AnsweringLimits
from bot.indexing.encoder import TextVectors
from bot.indexing.index import Index
from bot.indexing.lexical import terms_of, words_of
from bot.records import Passage, Source

# How many passages, and sources, made ready for questions are kept; each takes one or two kilobytes.
_KEPT = 4096

# Added to a passage's score for its nearest sentence and its nearest question of the bank, as the reading head reads
# them. Run "reading weights" in docs/evaluation.md.
_WINDOW_WEIGHT, _ASKED_WEIGHT = 1.5, 1.0
# What a question of the bank in other words is worth: run "same question".
_SAME_CONFIDENCE, _SAME_LOG_ODDS = 0.97, 6.0
# A host asks, and is quoted only where nobody else speaks. No marked line is of an interview, so nothing is learnt.
_HOST_LOG_ODDS = 3.0
# So many of the nearest passages are candidates in any case, in a corpus of at most so many sentences: in a larger one
# the retrievers propose alone.
_NEAREST, _MOST_WINDOWS = 12, 50_000
_TIERS: tuple[Tier, ...] = ("sure", "near", "none")
_WANTS_QUESTIONS = re.compile(
    r"\b(asks?|asking|questions?|bring|prepare|beforehand|appointment|say to|on paper|write down|list)\b", re.I
)


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate with its evidence and the probability that it answers the question.

    ``position`` is in the candidates; ``sentences`` (s,) are the log-odds of each of its sentences to be the one that
    answers, read from what was ``weighed`` of each; ``marked`` are the numbers of those that somebody marked as the
    answer to this question in other words. ``signals`` are what the confidence was read from. From ``floor`` on it is
    sure enough to be the answer, ``tier`` says what it may be shown as.
    """

    position: int
    passage: Passage
    source: Source
    evidence: MatchEvidence
    sentences: Floats
    weighed: SentenceSignals
    marked: tuple[int, ...]
    signals: dict[str, float]
    confidence: float
    floor: float
    tier: Tier


@dataclass(frozen=True, slots=True)
class Looked:
    """A question looked up: as asked, as corrected, and its judged candidates, best first. ``about`` is the topic that
    it was read as being about, if it named none itself; ``text`` is what was looked up in the end; ``passed_over`` are
    those that do not mention what was named."""

    question: Question
    corrections: tuple[Correction, ...]
    asked: QueryTerms
    candidates: Candidates
    judged: tuple[ScoredCandidate, ...]
    about: str | None = None
    text: str = ""

    @property
    def confidence(self) -> float:
        """How sure the best candidate is, 0 without any."""
        return self.judged[0].confidence if self.judged else 0.0


class CandidateScorer:
    """Looks questions up in one Build and weighs what is found. It holds no state between questions."""

    def __init__(self, index: Index, reader: ReaderModel, speller: Speller) -> None:
        self._index = index
        self._reader, self._forest = reader, Forest(reader.answer)
        self._speller = speller
        self._largest_rarity = math.log(1 + (len(index.passages) + 0.5) / 0.5)
        self._said_in = lru_cache(maxsize=_KEPT)(self._read_said)
        self._names_of = lru_cache(maxsize=_KEPT)(self._read_names)
        self._forms_of = lru_cache(maxsize=_KEPT)(self._read_forms)

    def look_up(self, message: str, *, limits: AnsweringLimits = ANSWERING) -> Looked:
        """Return the judged candidates for a message: what ``answer`` decides from, for the console and calibration.

        :raises QuestionRejected: for an empty or too long message.
        """
        question = parse_question(message)
        text, corrections = self._speller.correct(question.text)
        return self._read(question, text, corrections, limits)

    def look_up_as(self, message: str, *, reading: str, about: str) -> Looked:
        """Return the judged candidates for a message that says what it means only together with what came before.

        :returns: as ``look_up``; ``about`` is set.
        :raises QuestionRejected: for an empty or too long message or reading.
        """
        question = parse_question(message)
        text, corrections = self._speller.correct(parse_question(reading).text)
        typed = frozenset(words_of(message))
        mended = tuple(entry for entry in corrections if typed.issuperset(words_of(entry.typed)))
        return replace(self._read(question, text, mended, ANSWERING, asked_alone=question.text), about=about)

    def _read(
        self,
        question: Question,
        text: str,
        corrections: tuple[Correction, ...],
        limits: AnsweringLimits,
        *,
        asked_alone: str | None = None,
    ) -> Looked:
        """A question looked up as ``text``; sentences are chosen by ``asked_alone``, without a topic put before."""
        asked = asked_of(text, self._speller)
        vectors = self._index.encoder.encode_question(text)
        reading = self._reading_of(vectors)
        found = retrieve(self._index, text, also=self._nearest_rows(reading))
        found = _prefer_fitting_sections(self._index, found, question, limits)
        if not len(found):
            return Looked(question, corrections, asked, found, (), text=text)
        found, cosines = self._rank_by_reading(found, reading)
        alone = vectors if asked_alone is None else self._index.encoder.encode_question(asked_alone)
        heard = reading if alone is vectors else self._reading_of(alone)
        shared = signals_of_question(found, cosines, asked, question, self._index.encoder.card.kinds)
        form = QuestionForm(asked.terms, question.kind, bool(shared["asks_number"]))
        first = found.rows[: limits.judged]
        read = self._read_passages(first, alone, heard, form)
        weighed = self._judge(found, cosines, asked, question, shared, read)
        judged = by_heading(sorted(weighed, key=lambda entry: _best_first(entry, asked)), question.text)
        return Looked(question, corrections, asked, found, judged, text=text)

    def _reading_of(self, vectors: TextVectors) -> QuestionReading:
        return QuestionReading(self._index.windows, self._index.table, vectors.reading)

    def _nearest_rows(self, reading: QuestionReading) -> Rows:
        """The passages that are nearest as the reading head reads them, and those of the same question of the bank."""
        rows = self._index.rows
        if len(self._index.windows.vectors) > _MOST_WINDOWS or not len(rows):
            return np.empty(0, dtype=np.int64)
        return np.union1d(reading.nearest(rows, _NEAREST), reading.asking(rows, SAME_QUESTION))

    def _rank_by_reading(self, found: Candidates, reading: QuestionReading) -> tuple[Candidates, WindowCosines]:
        """The candidates by what they say in their sentences too, best first, and the cosines in that order."""
        cosines = reading.of(found.rows)
        is_same = cosines.asked >= SAME_QUESTION
        score = found.score + (_WINDOW_WEIGHT * cosines.window + _ASKED_WEIGHT * cosines.asked + is_same)
        order = np.argsort(-score, kind="stable")
        return found.in_order(order, score[order]), cosines.take(order)

    def _judge(
        self,
        found: Candidates,
        cosines: WindowCosines,
        asked: QueryTerms,
        question: Question,
        shared: dict[str, float],
        read: list[tuple[SentenceForms, Floats, SentenceSignals]],
    ) -> Iterator[ScoredCandidate]:
        """The first candidates, whose sentences were read, with their evidence and confidence."""
        rarity = {term: self._rarity(term) for term in asked.terms}
        places = signals_of_places(found, cosines, self._index.source_of_row[found.rows], len(read))
        weighed_up = [weigh(asked, self._said_in(row), rarity) for row in found.rows[: len(read)].tolist()]
        signals = [
            {**shared, **place, **signals_of_evidence(evidence), **signals_of_sentences(sentences, weighed)}
            for place, evidence, (_, sentences, weighed) in zip(places, weighed_up, read, strict=True)
        ]
        for position, probability in enumerate(self._forest.probabilities(signals)):
            forms, sentences, weighed = read[position]
            marked = marked_in(weighed["asked"]) if says_what_about(asked) else ()
            confidence = max(probability, _SAME_CONFIDENCE if marked else 0.0)
            evidence = weighed_up[position]
            yield ScoredCandidate(
                position=position,
                passage=forms.passage,
                source=self._index.sources[forms.passage.source_id],
                evidence=evidence,
                sentences=sentences,
                weighed=weighed,
                marked=marked,
                signals=signals[position],
                confidence=confidence,
                floor=self._reader.sure,
                tier="sure" if marked else self._tier(confidence, evidence, forms, question),
            )

    def _read_passages(
        self, rows: Rows, alone: TextVectors, reading: QuestionReading, form: QuestionForm
    ) -> list[tuple[SentenceForms, Floats, SentenceSignals]]:
        """Of each passage the log-odds of each sentence to be the one that answers, and what they are read from."""
        index = self._index
        forms = [self._forms_of(row) for row in rows.tolist()]
        places = index.table.sentences_of(rows)
        said = index.table.sentence_vectors.take(places, axis=0).astype(np.float32)
        vectors = SentenceVectors(
            *reading.at(places),
            np.dot(said, alone.vector),
            index.late.cosines(alone.tokens, rows),
            index.token_weights(alone.token_ids),
        )
        weighed = signals_of(forms, vectors, form)
        log_odds = self._reader.sentence.log_odds(weighed).astype(np.float32)
        log_odds -= _HOST_LOG_ODDS * weighed["by_host"]
        # Of several questions in other words, the likest of a passage says which sentences answer.
        counts = [len(one.terms) for one in forms]
        ends: NDArray[np.int64] = np.cumsum(counts)
        likest = np.maximum.reduceat(weighed["asked"], ends - counts)
        log_odds += _SAME_LOG_ODDS * (
            weighed["asked"] >= np.repeat(np.maximum(SAME_QUESTION, likest - AS_LIKE), counts)
        )
        parts = [slice(end - count, end) for count, end in zip(counts, ends.tolist(), strict=True)]
        return [
            (one, log_odds[part], SentenceSignals(weighed.values[part])) for one, part in zip(forms, parts, strict=True)
        ]

    def _tier(self, confidence: float, evidence: MatchEvidence, forms: SentenceForms, question: Question) -> Tier:
        """What a passage may be shown as."""
        if forms.lists_questions and _WANTS_QUESTIONS.search(question.text) is None:
            # A list of questions to ask is an answer only to who wants such a list.
            return "none"
        if not any(term.isalpha() for term in terms_of(question.text)):
            # "What is 2+2" shares its numbers with many a passage, and nothing else.
            return "none"
        tier = self._reader.tier(confidence)
        # A passage that does not mention what was named is no answer, however alike it reads.
        return "near" if evidence.unmentioned and tier == "sure" else tier

    def _read_forms(self, row: int) -> SentenceForms:
        passage = self._index.passages[row]
        host = self._index.sources[passage.source_id].host
        return forms_of(passage, self._index.table.token_sentences_of(row), host=host)

    def _read_said(self, row: int) -> PassageTerms:
        return said_in(self._index.passages[row], self._names_of(int(self._index.source_of_row[row])))

    def _read_names(self, source: int) -> SourceNames:
        labels = self._index.labels.of_source(source)
        return names_of(self._index.sources[self._index.sources.ids[source]], labels)

    def _rarity(self, term: str) -> float:
        frequency = self._index.lexical.document_frequency(term)
        return math.log(1 + (len(self._index.passages) - frequency + 0.5) / (frequency + 0.5)) / self._largest_rarity


def _best_first(entry: ScoredCandidate, asked: QueryTerms) -> tuple[float, ...]:
    """By tier, then how like a question of the bank it was asked, if it is one in other words, then confidence."""
    likeness = float(entry.weighed["asked"].max()) if says_what_about(asked) else 0.0
    return _TIERS.index(entry.tier), -likeness if likeness >= SAME_QUESTION else 0.0, -entry.confidence


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
