"""A Build and a message -> an Answer. The one Answerer behind HTTP, the command line and evaluation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

import numpy as np

from bot.answering.confidence import Calibration, packaged_calibration
from bot.answering.glossary import Glossary
from bot.answering.judge import Judge, Judged, Looked
from bot.answering.question import Question, parse_question
from bot.answering.retrieve import rank_by_one_signal, rank_sources, retrieve
from bot.answering.snippet import choose_sentences, cut_snippet, sentence_scores
from bot.answering.spelling import Speller
from bot.answering.weights import ANSWERING, RUN_FILE_LIMITS
from bot.answering.words import ABOUT_SOURCE, ILLUSTRATIVE, NOTHING_FOUND, UNDERSTOOD_ABOUT, corrected, name_unknown
from bot.indexing.index import Index
from bot.indexing.lexical import terms_of, words_of
from bot.reading.links import deep_link, page_of
from bot.records import Answer, Hit, Notice, Passage, Related, Snippet, Source

ANSWERED, NO_MATCH, UNKNOWN_NAME = "answered", "unanswered_no_match", "unanswered_unknown_name"
RankingMethod = Literal["together", "dense", "lexical"]
_SPACE = re.compile(r"\s+")


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
        looked = self._judge.look_up(message, about=self._only_topic)
        notices = tuple(_notices(looked))
        best = looked.judged[0] if looked.judged else None
        if best is None or not self._judge.is_sure(best):
            return self._unanswered(looked, notices)
        snippets = tuple(self._snippets(looked))
        shown = {snippet.source.id for snippet in snippets}
        if any(self._index.sources[identifier].illustrative for identifier in shown):
            notices = (*notices, Notice("illustrative", ILLUSTRATIVE))
        return Answer(
            status=ANSWERED,
            build=self.build_id,
            confidence=best.confidence,
            snippets=snippets,
            terms=self._glossary.found_in(snippets),
            suggestions=tuple(self._next_questions(best.source, looked.question)),
            related=tuple(islice(self._related(best.source, shown), ANSWERING.related)),
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
        return self._judge.look_up(message, about=self._only_topic)

    def _snippets(self, looked: Looked) -> Iterator[Snippet]:
        """Snippets of different texts, from at most two sources unless the question asks to compare."""
        compare = looked.question.kind == "compare"
        most = ANSWERING.compared_sources if compare else ANSWERING.sources
        best = looked.judged[0]
        shown: list[Snippet] = []
        for entry in looked.judged:
            near = self._judge.is_sure(entry) and entry.confidence >= best.confidence * ANSWERING.second_share
            if not near or len(shown) == most or any(s.source.id == entry.source.id for s in shown):
                continue
            snippet = self._snippet(looked, entry)
            if not any(_same_text(snippet.text, other.text) for other in shown):
                shown.append(snippet)
                yield snippet

    def _snippet(self, looked: Looked, entry: Judged) -> Snippet:
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
        span = choose_sentences(entry.passage, scores)
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
            suggestions=tuple(self._nearest_topics(looked)),
            notices=notices,
        )

    def _nearest_topics(self, looked: Looked) -> Iterator[str]:
        owners = self._index.source_of_row[looked.candidates.rows].tolist()
        for owner in islice(dict.fromkeys(owners), ANSWERING.suggestions):
            source = self._index.sources[self._index.sources.ids[owner]]
            yield source.questions[0] if source.questions else ABOUT_SOURCE.format(title=source.title)

    def _next_questions(self, source: Source, question: Question) -> Iterator[str]:
        """Authored questions of the source, then of the sources it relates to, that were not just asked."""
        asked = words_of(question.text)
        related = [self._index.sources[i] for i in source.related_ids if i in self._index.sources]
        wordings = [*source.questions, *(other.questions[0] for other in related if other.questions)]
        fresh = [wording for wording in dict.fromkeys(wordings) if words_of(wording) != asked]
        yield from fresh[: ANSWERING.suggestions]

    def _related(self, source: Source, shown: set[str]) -> Iterator[Related]:
        for identifier in source.related_ids:
            other = self._index.sources.get(identifier)
            if other is not None and identifier not in shown:
                yield Related(other.kind, other.title, page_of(other))
        for card in source.related_cards:
            if card.url:
                yield Related(card.kind, card.title, card.url)


def _notices(looked: Looked) -> Iterator[Notice]:
    """How the message was understood, where that is not what it says."""
    if looked.corrections:
        yield Notice("spelling", corrected(looked.corrections))
    if looked.about is not None:
        yield Notice("topic", UNDERSTOOD_ABOUT.format(topic=looked.about))


def _same_text(one: str, other: str) -> bool:
    first, second = (_SPACE.sub(" ", text).casefold() for text in (one, other))
    return first in second or second in first
