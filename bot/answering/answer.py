"""A Build and a message -> an Answer. The one Answerer behind HTTP, the command line and evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.answering.confidence import Calibration, packaged_calibration
from bot.answering.glossary import Glossary
from bot.answering.judge import Judge, Judged, Looked
from bot.answering.notices import notices_of
from bot.answering.onward import nearest_topics, next_questions, related_to
from bot.answering.question import parse_question
from bot.answering.retrieve import rank_by_one_signal, rank_sources, retrieve
from bot.answering.snippet import choose_sentences, cut_snippet, same_text, sentence_scores, was_quoted
from bot.answering.spelling import Speller
from bot.answering.trace import Outcome, Trace
from bot.answering.weights import ANSWERING, RUN_FILE_LIMITS
from bot.answering.words import ILLUSTRATIVE, NOTHING_FOUND, name_unknown
from bot.indexing.encoder import TextVectors
from bot.indexing.index import Index
from bot.indexing.lexical import term_of, terms_of
from bot.reading.links import deep_link
from bot.records import Answer, Hit, Notice, Passage, Snippet, Source, Span

ANSWERED, NO_MATCH, UNKNOWN_NAME = "answered", "unanswered_no_match", "unanswered_unknown_name"
RankingMethod = Literal["together", "dense", "lexical"]
# Spans that were quoted before, with the ids of their sources.
Shown = Sequence[tuple[str, Span]]


class Answerer:
    """Answers from one Build. It holds no state between questions and may be called from several threads."""

    def __init__(self, index: Index, calibration: Calibration | None = None) -> None:
        self._index = index
        self._speller = Speller(index.vocabulary, index.common_words)
        self._glossary = Glossary(index.sources.values())
        # Beside a single source, "is it safe?" is about that source.
        titles = [source.title for source in islice(index.sources.values(), 2)]
        self._only_topic = titles[0] if len(titles) == 1 else None
        self._judge = Judge(index, calibration or packaged_calibration(), self._speller)
        self._trace: Trace | None = None

    def traced(self, trace: Trace) -> Answerer:
        """Return the same Answerer, which fills a trace while it answers one message."""
        one = copy(self)
        one._trace = trace
        return one

    @property
    def build_id(self) -> str:
        """The Build that answers."""
        return self._index.build_id

    @property
    def model_sha256(self) -> str:
        """The digest of the model whose vectors are compared."""
        return self._index.encoder.card.sha256

    def ready(self) -> bool:
        """Return whether questions can be answered.

        :returns: true: an Answerer is only made from a loaded Build.
        """
        return True

    def answer(self, message: str) -> Answer:
        """Return the Answer to a message.

        :param message: what a family typed.
        :returns: an answer whose snippets are slices of their sources' texts.
        :raises QuestionRejected: for an empty or too long message.
        """
        return self.answer_from(self.look_up(message))

    def answer_from(self, looked: Looked, *, shown: Shown = ()) -> Answer:
        """Return the Answer to a message that was looked up.

        :param looked: from ``look_up`` or ``look_up_as``.
        :param shown: what is not to be quoted again.
        :returns: as ``answer``.
        """
        notices = tuple(notices_of(looked))
        best = looked.judged[0] if looked.judged else None
        if best is None or not self._judge.is_sure(best):
            return self._unanswered(looked, notices)
        snippets = tuple(self._snippets(looked, shown))
        if not snippets:
            return self._unanswered(looked, notices)
        quoted = {snippet.source.id for snippet in snippets}
        if any(self._index.sources[identifier].illustrative for identifier in quoted):
            notices = (*notices, Notice("illustrative", ILLUSTRATIVE))
        return Answer(
            status=ANSWERED,
            build=self.build_id,
            confidence=best.confidence,
            snippets=snippets,
            terms=self._glossary.found_in(snippets),
            suggestions=tuple(next_questions(self._index, best.source, looked.question)),
            related=tuple(islice(related_to(self._index, best.source, quoted), ANSWERING.related)),
            notices=notices,
        )

    def search(self, message: str, k: int) -> list[Hit]:
        """Return the best passages for a message.

        :param message: what was typed.
        :param k: how many at most.
        :returns: hits, best first.
        :raises QuestionRejected: for an empty or too long message.
        """
        looked = self._judge.look_up(message)
        found = looked.candidates
        names = ("dense", "lexical", "label", "late")
        return [
            Hit(
                passage=self._index.passages[int(found.rows[i])],
                row=int(found.rows[i]),
                score=float(found.score[i]),
                signals={name: float(getattr(found, name)[i]) for name in names},
            )
            for i in range(min(k, len(found)))
        ]

    def rank(self, message: str, k: int, *, method: RankingMethod = "together") -> list[tuple[str, float]]:
        """Return the best sources for a message, as a run file ranks them.

        :param message: what was typed.
        :param k: how many at most.
        :param method: all retrievers together, as answers are found, or one alone, to compare with.
        :returns: source ids with scores, best first.
        :raises QuestionRejected: for an empty or too long message.
        """
        question = parse_question(message)
        if method != "together":
            return rank_by_one_signal(self._index, question.text, method, k)
        text, _ = self._speller.correct(question.text)
        return rank_sources(self._index, retrieve(self._index, text, limits=RUN_FILE_LIMITS))[:k]

    def suggestions(self) -> list[str]:
        """Return first questions to offer: the first authored one of each source, in the order of the corpus.

        :returns: at most ``ANSWERING.suggestions``.
        """
        asked = [source.questions[0] for source in self._index.sources.values() if source.questions]
        return asked[: ANSWERING.first_suggestions]

    def source(self, source_id: str) -> Source | None:
        """Return a source of this Build.

        :param source_id: its id.
        :returns: ``None`` when there is none.
        """
        return self._index.sources.get(source_id)

    def sources(self) -> list[Source]:
        """Return every source of this Build in the order of the corpus.

        :returns: sources.
        """
        return list(self._index.sources.values())

    def passages(self) -> Iterable[Passage]:
        """Return every passage of this Build in the order of the corpus, read one after another.

        :returns: passages.
        """
        return self._index.passages

    def look_up(self, message: str) -> Looked:
        """Return the judged candidates for a message: what ``answer`` decides from, for the console and calibration.

        :param message: what was typed.
        :returns: the question as understood, and its candidates.
        :raises QuestionRejected: for an empty or too long message.
        """
        return self._noted(lambda: self._judge.look_up(message, about=self._only_topic))

    def look_up_as(self, message: str, *, reading: str, about: str) -> Looked:
        """Return the judged candidates for a message as it is read in its conversation.

        :param message: what was typed.
        :param reading: the same spelled out, which is looked up.
        :param about: the topic that was added, to be shown.
        :returns: the question as understood, and its candidates.
        :raises QuestionRejected: for an empty or too long message or reading.
        """
        return self._noted(lambda: self._judge.look_up_as(message, reading=reading, about=about))

    def _noted(self, look: Callable[[], Looked]) -> Looked:
        return look() if self._trace is None else self._trace.look_up(look)

    def is_sure(self, looked: Looked) -> bool:
        """Return whether a message that was looked up has an answer.

        :param looked: from ``look_up`` or ``look_up_as``.
        :returns: true when the best candidate is sure enough to be shown.
        """
        return bool(looked.judged) and self._judge.is_sure(looked.judged[0])

    def vectors_of(self, text: str) -> TextVectors:
        """Return the vectors of a text.

        :param text: as typed.
        :returns: those that retrieval compares.
        """
        return self._index.encoder.encode_question(text)

    def vector_of(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a text.

        :param text: as typed.
        :returns: (d,) float32, of unit length.
        """
        return self.vectors_of(text).vector

    def knows_word(self, word: str) -> bool:
        """Return whether the corpus has a word.

        :param word: in small letters.
        :returns: true if it, or a word of the same stem, is in a passage.
        """
        return self._index.lexical.document_frequency(term_of(word)) > 0

    def _snippets(self, looked: Looked, before: Shown) -> Iterator[Snippet]:
        """Snippets of different texts, from at most two sources unless the question asks to compare."""
        compare = looked.question.kind == "compare"
        most = ANSWERING.compared_sources if compare else ANSWERING.sources
        best = looked.judged[0]
        shown: list[Snippet] = []
        for entry in sorted(looked.judged, key=lambda entry: was_quoted(entry.passage, before)):
            outcome = self._passed_over(entry, best, shown, most)
            snippet = self._snippet(looked, entry, before) if outcome is None else None
            if outcome is None and snippet is None:
                outcome = "quoted_before"
            elif snippet is not None and any(same_text(snippet.text, other.text) for other in shown):
                outcome, snippet = "same_text", None
            if self._trace is not None:
                self._trace.outcome(looked, entry, outcome or "taken")
            if snippet is not None:
                shown.append(snippet)
                yield snippet

    def _passed_over(self, entry: Judged, best: Judged, shown: Sequence[Snippet], most: int) -> Outcome | None:
        """Why a candidate is not quoted from, if that can be told before looking at its sentences."""
        if not self._judge.is_sure(entry):
            return "below_floor"
        if entry.confidence < best.confidence * ANSWERING.second_share:
            return "far_behind"
        if len(shown) == most:
            return "enough"
        return "same_source" if any(snippet.source.id == entry.source.id for snippet in shown) else None

    def _snippet(self, looked: Looked, entry: Judged, before: Shown) -> Snippet | None:
        row = int(looked.candidates.rows[entry.position])
        # A sentence is chosen by what was asked, not by the topic that was added to find it.
        question = (
            looked.candidates.question
            if looked.about is None
            else self._index.encoder.encode_question(looked.question.text)
        )
        cosines, token_sentences = self._index.late.cosines(question.tokens, row)
        vectors = np.asarray(self._index.table.sentence_vectors_of(row), dtype=np.float32)
        scores = sentence_scores(
            entry.passage,
            cosines,
            token_sentences,
            self._index.token_weights(question.token_ids),
            vectors @ question.vector,
            looked.question.kind,
            terms=looked.asked.terms,
            host=entry.source.host,
        )
        quoted = [span for source, span in before if source == entry.source.id]
        numbered = enumerate(entry.passage.sentences)
        barred = {number for number, said in numbered if any(b <= said.span[0] < e for b, e in quoted)}
        if len(barred) == len(entry.passage.sentences):
            return None
        span = choose_sentences(entry.passage, scores, barred=barred)
        first = next(sentence for sentence in entry.passage.sentences if sentence.span[0] == span[0])
        return cut_snippet(entry.source, entry.passage, span, looked.asked.terms, deep_link(entry.source, first))

    def _unanswered(self, looked: Looked, notices: tuple[Notice, ...]) -> Answer:
        missing = [name for name in looked.asked.names if not self._index.lexical.document_frequency(name)]
        typed = [word for word in looked.question.text.split() if any(t in missing for t in terms_of(word))]
        confidence = looked.judged[0].confidence if looked.judged else 0.0
        return Answer(
            status=UNKNOWN_NAME if typed else NO_MATCH,
            build=self.build_id,
            confidence=confidence,
            message=name_unknown([word.strip(".,;:!?\"'()") for word in typed[:3]]) if typed else NOTHING_FOUND,
            suggestions=tuple(nearest_topics(self._index, looked)),
            notices=notices,
        )
