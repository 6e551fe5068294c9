"""Judge the candidates for a question in an Index: the basis on which an answer is decided."""

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

# How many prepared passages, and sources, are cached; each takes one or two kilobytes.
_KEPT = 4096
# Weights added to a passage's score for its nearest sentence and its nearest question of the bank, by the reading head.
# Run "reading weights" in docs/evaluation.md.
_WINDOW_WEIGHT, _ASKED_WEIGHT = 1.5, 1.0
# What being a question of the bank in other words is worth: run "same question".
_SAME_CONFIDENCE, _SAME_LOG_ODDS = 0.97, 6.0
# A host asks questions and is quoted only where nobody else speaks. No marked line is from an interview, so this weight
# cannot be learnt.
_HOST_LOG_ODDS = 3.0
# In a corpus of at most this many sentences, this many of the nearest passages are always candidates; in a larger one
# only the retrievers propose.
_NEAREST, _MOST_WINDOWS = 12, 50_000
_TIERS: tuple[Tier, ...] = ("sure", "near", "none")
_WANTS_QUESTIONS = re.compile(
    r"\b(asks?|asking|questions?|bring|prepare|beforehand|appointment|say to|on paper|write down|list)\b", re.I
)


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate with its evidence and the probability that it answers the question.

    ``position`` is its place among the candidates; ``sentences`` (s,) are each sentence's log-odds of being the one
    that answers, computed from ``weighed``; ``marked`` are the numbers of the sentences that someone marked as
    answering this question in other words. ``signals`` are the input to ``confidence``. From ``floor`` on it is sure
    enough to be the answer; ``tier`` is what it may be shown as.
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
    """A question that was looked up: as asked, as corrected, and its judged candidates, best first.

    ``about`` is the topic that it was read as being about, if it named none itself; ``text`` is what was finally looked
    up.
    """

    question: Question
    corrections: tuple[Correction, ...]
    asked: QueryTerms
    candidates: Candidates
    judged: tuple[ScoredCandidate, ...]
    about: str | None = None
    text: str = ""

    @property
    def confidence(self) -> float:
        """The confidence of the best candidate, or 0 if there is none."""
        return self.judged[0].confidence if self.judged else 0.0


class CandidateScorer:
    """A scorer that looks questions up in one Build and judges what it finds; stateless between questions."""

    def __init__(self, index: Index, reader: ReaderModel, speller: Speller) -> None:
        self._index = index
        self._reader, self._forest = reader, Forest(reader.answer)
        self._speller = speller
        self._largest_rarity = math.log(1 + (len(index.passages) + 0.5) / 0.5)
        self._said_in = lru_cache(maxsize=_KEPT)(self._read_said)
        self._names_of = lru_cache(maxsize=_KEPT)(self._read_names)
        self._forms_of = lru_cache(maxsize=_KEPT)(self._read_forms)

    def look_up(self, message: str, *, limits: AnsweringLimits = ANSWERING, in_conversation: bool = False) -> Looked:
        """Return the judged candidates for a message that, ``in_conversation``, may lean on an earlier one.

        :raises QuestionRejected: for an empty or too long message.
        """
        question = parse_question(message)
        text, corrections = self._speller.correct(question.text)
        return self._read(question, text, corrections, limits, context=1 if in_conversation else 0)

    def look_up_as(self, message: str, *, reading: str, about: str) -> Looked:
        """Return the judged candidates for a message that depends on what came before it.

        :returns: as ``look_up``, with ``about`` set.
        :raises QuestionRejected: for an empty or too long message or reading.
        """
        question = parse_question(message)
        text, corrections = self._speller.correct(parse_question(reading).text)
        typed = frozenset(words_of(message))
        mended = tuple(entry for entry in corrections if typed.issuperset(words_of(entry.typed)))
        return replace(self._read(question, text, mended, ANSWERING, asked_alone=question.text, context=2), about=about)

    def _read(
        self,
        question: Question,
        text: str,
        corrections: tuple[Correction, ...],
        limits: AnsweringLimits,
        *,
        asked_alone: str | None = None,
        context: int,
    ) -> Looked:
        """Look a question up as ``text``; ``asked_alone`` is what was typed, if that has a topic prefixed."""
        asked = asked_of(text, self._speller)
        vectors = self._index.encoder.encode_question(text)
        alone = vectors if asked_alone is None else self._index.encoder.encode_question(asked_alone)
        reading = self._reading_of(vectors, alone)
        found = retrieve(self._index, text, also=self._nearest_rows(reading))
        found = _prefer_fitting_sections(self._index, found, question, limits)
        if not len(found):
            return Looked(question, corrections, asked, found, (), text=text)
        found, cosines = self._rank_by_reading(found, reading)
        shared = signals_of_question(found, cosines, asked, question, self._index.encoder.card.kinds)
        # A first message; a later one that is read alone; one that is read after an earlier one.
        shared["in_context"] = float(context)
        form = QuestionForm(asked.terms, question.kind, bool(shared["asks_number"]))
        first = found.rows[: limits.judged]
        read = self._read_passages(first, alone, reading, form)
        weighed = self._judge(found, cosines, asked, question, shared, read)
        judged = by_heading(sorted(weighed, key=lambda entry: _best_first(entry, asked)), question.text)
        return Looked(question, corrections, asked, found, judged, text=text)

    def _reading_of(self, vectors: TextVectors, alone: TextVectors) -> QuestionReading:
        """Return a question as the reading head reads it; in context, halfway to how it reads alone (run "halfway")."""
        halfway = vectors.reading + alone.reading
        return QuestionReading(
            self._index.windows,
            self._index.table,
            vectors.reading if alone is vectors else halfway / np.linalg.norm(halfway),
        )

    def _nearest_rows(self, reading: QuestionReading) -> Rows:
        """Return the nearest passages by the reading head, and those that answer the same question of the bank."""
        rows = self._index.rows
        if len(self._index.windows.vectors) > _MOST_WINDOWS or not len(rows):
            return np.empty(0, dtype=np.int64)
        return np.union1d(reading.nearest(rows, _NEAREST), reading.asking(rows, SAME_QUESTION))

    def _rank_by_reading(self, found: Candidates, reading: QuestionReading) -> tuple[Candidates, WindowCosines]:
        """Rank the candidates by their sentences as well; return them best first, with the cosines in that order."""
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
        """Yield the candidates whose sentences were read, with their evidence and confidence."""
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
        """Return, for each passage, the log-odds that each sentence answers, and the signals they are computed from."""
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
        # If several questions of the bank match, the likest one of a passage decides which sentences answer.
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
        """Return what a passage may be shown as."""
        if forms.lists_questions and _WANTS_QUESTIONS.search(question.text) is None:
            # A list of questions to ask is an answer only for someone who wants such a list.
            return "none"
        if not any(term.isalpha() for term in terms_of(question.text)):
            # "What is 2+2" shares its numbers with many passages, and nothing else.
            return "none"
        tier = self._reader.tier(confidence)
        # A passage that does not mention what was named is no answer, however similar it reads.
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
    """Sort by tier, then likeness to a question of the bank if it is the same question, then confidence."""
    likeness = float(entry.weighed["asked"].max()) if says_what_about(asked) else 0.0
    return _TIERS.index(entry.tier), -likeness if likeness >= SAME_QUESTION else 0.0, -entry.confidence


def _prefer_fitting_sections(
    index: Index, found: Candidates, question: Question, limits: AnsweringLimits
) -> Candidates:
    """Add the bonus for sections that fit the question's kind, and sort again."""
    if question.kind in {"other", "compare"}:
        return found
    looked_at = min(limits.judged * 2, len(found))
    bonus = np.zeros(len(found), dtype=np.float32)
    for position in range(looked_at):
        if index.passages[int(found.rows[position])].role == question.kind:
            bonus[position] = limits.fitting_section
    return found.with_bonus(bonus)
