"""Answer a message from a Build.

HTTP, the command line and the evaluation all use this one Answerer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.answering.curated import CONFIDENCE, CuratedReader, CuratedShelf, Match
from bot.answering.glossary import Glossary
from bot.answering.hits import hits_of
from bot.answering.judge import CandidateScorer, Looked
from bot.answering.notices import notices_of
from bot.answering.onward import first_questions, nearest_topics, next_questions, related_to
from bot.answering.question import parse_question
from bot.answering.quoting import Quoter, Shown
from bot.answering.reader import ReaderModel, packaged_reader
from bot.answering.retrieve import rank_by_one_signal, rank_sources, retrieve
from bot.answering.retrieved import RetrievalResult
from bot.answering.spelling import Speller
from bot.answering.trace import SILENT, Recorder
from bot.answering.weights import ANSWERING, RUN_FILE_LIMITS
from bot.answering.words import ILLUSTRATIVE, NOT_SURE, NOTHING_FOUND, name_unknown
from bot.answering.years import lacks_year
from bot.indexing.encoder import TextVectors
from bot.indexing.index import Index
from bot.indexing.lexical import term_of, terms_of
from bot.records import Answer, Hit, Notice, Passage, Snippet, Source, SuggestedQuestion
from bot.statuses import AnswerStatus

RankingMethod = Literal["together", "dense", "lexical"]


class Answerer:
    """An answerer over one Build; stateless between questions and safe to call from several threads."""

    def __init__(
        self,
        index: Index,
        reader: ReaderModel | None = None,
        *,
        curated: CuratedShelf | None = None,
        tags: Collection[str] = (),
    ) -> None:
        self._index = index
        self._speller = Speller(index.vocabulary, index.common_words)
        self._glossary = Glossary(index.sources.values())
        self._judge = CandidateScorer(index, reader or packaged_reader(), self._speller)
        self._quoter = Quoter()
        self._curated = CuratedReader(index, self._speller, curated or CuratedShelf(), tags)
        self.tags = tuple(tags)

    @property
    def build_id(self) -> str:
        """The id of the Build that answers."""
        return self._index.build_id

    def approved_now(self) -> object:
        """Return an object that stands for the current approved answers, and is a new one once any of them changes."""
        return self._curated.shelf.now()

    @property
    def message_kinds(self) -> tuple[str, ...]:
        """The kinds that the encoder's routing head tells apart, as ordered in ``TextVectors.kinds``; may be empty."""
        return self._index.encoder.card.kinds

    def answer(self, message: str, *, recorder: Recorder = SILENT) -> Answer:
        """Return the Answer to a message.

        :returns: an answer whose snippets are slices of their sources' texts.
        :raises QuestionRejected: for an empty or too long message.
        """
        return self.compose(self.retrieve(message, recorder=recorder), recorder=recorder)

    def compose(
        self,
        found: RetrievalResult,
        *,
        shown: Shown = (),
        asked: Collection[str] = (),
        recorder: Recorder = SILENT,
    ) -> Answer:
        """Return the Answer to a question from what was retrieved for it.

        :param found: from ``retrieve``, ``retrieve_in_context`` or ``match``.
        :param shown: spans that must not be quoted again.
        :param asked: questions that must not be suggested.
        """
        looked, approved = found.looked, found.approved
        notices = tuple(notices_of(looked))
        if approved is not None and (approved.entry.source_id, approved.entry.span) not in shown:
            return self._approved(approved, looked, notices, asked)
        best = looked.judged[0] if looked.judged else None
        if best is None or best.tier != "sure":
            unanswered = self._unanswered(looked, notices, asked)
            unknown = unanswered.status == AnswerStatus.UNKNOWN_NAME
            return unanswered if unknown else self._near(looked, notices, shown) or unanswered
        snippets = tuple(self._quoter.snippets(looked, shown, recorder))
        if not snippets:
            return self._unanswered(looked, notices, asked)
        if lacks_year(looked.question.text, (snippet.text for snippet in snippets)):
            # What holds today or held in another year is no answer, however similar it reads.
            return self._near(looked, notices, shown) or self._unanswered(looked, notices, asked)
        quoted = {snippet.source.id for snippet in snippets}
        first = self._index.sources[snippets[0].source.id]
        near = tuple(self._quoter.near(looked, shown, snippets)) if best.confidence < ANSWERING.surely else ()
        return Answer(
            status=AnswerStatus.ANSWERED,
            build=self.build_id,
            confidence=best.confidence,
            snippets=snippets,
            near=near,
            terms=self._glossary.found_in(snippets),
            suggestions=tuple(next_questions(self._index, first, snippets[0], [looked.question.text, *asked])),
            related=tuple(islice(related_to(self._index, first, quoted), ANSWERING.related)),
            notices=self._with_illustrative(notices, (*snippets, *near)),
        )

    def nearest_wording(self, vectors: NDArray[np.float32]) -> tuple[str, float]:
        """Return the id of the approved answer nearest to a question, and how near it is."""
        return self._curated.nearest(vectors)

    def wording_vectors(self, text: str) -> NDArray[np.float32]:
        """Return the vectors by which a wording of an approved answer is compared; see ``CuratedReader.vectors_of``."""
        return self._curated.vectors_of(text)

    def _approved(self, match: Match, looked: Looked, notices: tuple[Notice, ...], asked: Collection[str]) -> Answer:
        return Answer(
            status=AnswerStatus.ANSWERED,
            build=self.build_id,
            confidence=CONFIDENCE,
            snippets=(self._curated.snippet(match, looked),),
            suggestions=tuple(nearest_topics(self._index, looked, [looked.question.text, *asked])),
            notices=notices,
        )

    def search(self, message: str, k: int) -> list[Hit]:
        """Return the best passages for a message, led by the approved answer that it gets, if any; see ``hits_of``.

        :param k: the most hits to return.
        :returns: hits, best first.
        :raises QuestionRejected: for an empty or too long message.
        """
        return hits_of(self.retrieve(message), self._index, self._curated, k)

    def rank(self, message: str, k: int, *, method: RankingMethod = "together") -> list[tuple[str, float]]:
        """Return the best sources for a message, ranked as for a run file.

        :param k: the most sources to return.
        :returns: source ids with scores, best first.
        :raises QuestionRejected: for an empty or too long message.
        """
        question = parse_question(message)
        if method != "together":
            return rank_by_one_signal(self._index, question.text, method, k)
        text, _ = self._speller.correct(question.text)
        return rank_sources(self._index, retrieve(self._index, text, limits=RUN_FILE_LIMITS))[:k]

    def suggestions(self, *, asked: Collection[str] = ()) -> list[str]:
        """Return opening questions that the Build surely answers, one from each source, best first.

        The sources that others refer to most come first.

        :param asked: as for ``compose``.
        """
        return list(islice(first_questions(self._index.questions.values(), asked), ANSWERING.first_suggestions))

    def offered(self) -> list[str]:
        """Return every question that this Build may suggest, best first."""
        return [question.text for question in self.golden()]

    def golden(self) -> list[SuggestedQuestion]:
        """Return every question that ingest found to be answered by its own source."""
        return [question for questions in self._index.questions.values() for question in questions]

    def source(self, source_id: str) -> Source | None:
        """Return a source of this Build or of an approved answer, or ``None``."""
        return self._index.sources.get(source_id) or self._curated.shelf.source(source_id)

    def sources(self) -> list[Source]:
        """Return every source of this Build in corpus order, then the sources of approved answers."""
        return [*self._index.sources.values(), *self._curated.shelf.sources()]

    def passages(self) -> Iterable[Passage]:
        """Return every visible passage of this Build in corpus order, read one at a time."""
        return (passage for passage in self._index.passages if passage.source_id in self._index.sources)

    def retrieve(self, message: str, *, in_conversation: bool = False, recorder: Recorder = SILENT) -> RetrievalResult:
        """Return what is found for a message: the basis of ``answer``, also used by the console and by calibration.

        :param in_conversation: whether something was asked before, on which the message may lean.
        :raises QuestionRejected: for an empty or too long message.
        """
        began = perf_counter()
        return self._recorded(self._judge.look_up(message, in_conversation=in_conversation), began, recorder)

    def retrieve_in_context(
        self, message: str, *, reading: str, about: str, recorder: Recorder = SILENT
    ) -> RetrievalResult:
        """Return what is found for a message as it is read in its conversation.

        :raises QuestionRejected: for an empty or too long message or reading.
        """
        began = perf_counter()
        return self._recorded(self._judge.look_up_as(message, reading=reading, about=about), began, recorder)

    def match(self, looked: Looked) -> RetrievalResult:
        """Return a lookup with its nearest approved answer; the lookup may come from another Answerer."""
        return RetrievalResult(looked, self._curated.match(looked))

    def _recorded(self, looked: Looked, began: float, recorder: Recorder) -> RetrievalResult:
        recorder.looked_up(looked, began)
        found = self.match(looked)
        if found.nearest is not None:
            recorder.approved(found.nearest)
        return found

    def source_ids_of(self, looked: Looked) -> list[str]:
        """Return the ids of the sources of all candidates, best first, as ranked before any candidate is judged."""
        return [self._index.sources.ids[int(owner)] for owner in self._index.source_of_row[looked.candidates.rows]]

    def nearness_of(self, text: str) -> float:
        """Return the best cosine, in [-1, 1], of a text's reading with anything the corpus says or is asked."""
        reading = self.vectors_of(text).reading
        windows = self._index.windows
        nearest = np.concatenate([windows.vectors @ reading, windows.bank @ reading])
        return float(nearest.max(initial=-1.0))

    def vectors_of(self, text: str) -> TextVectors:
        """Return the vectors of a text."""
        return self._index.encoder.encode_question(text)

    def knows_word(self, word: str) -> bool:
        """Say whether any passage has this word or another word with the same stem.

        :param word: in lower case.
        """
        return self._index.lexical.document_frequency(term_of(word)) > 0

    def _near(self, looked: Looked, notices: tuple[Notice, ...], shown: Shown) -> Answer | None:
        """Return an answer of passages that may hold the answer, or ``None`` if there are none."""
        near = tuple(self._quoter.near(looked, shown))
        if not near:
            return None
        notices = self._with_illustrative(notices, near)
        return Answer(AnswerStatus.NEAR, self.build_id, looked.confidence, NOT_SURE, near=near, notices=notices)

    def _with_illustrative(self, notices: tuple[Notice, ...], shown: Iterable[Snippet]) -> tuple[Notice, ...]:
        """Add the notice that a speaker's words are invented, if any snippet shown is from such a source."""
        if any(self._index.sources[snippet.source.id].illustrative for snippet in shown):
            return (*notices, Notice("illustrative", ILLUSTRATIVE))
        return notices

    def _unanswered(self, looked: Looked, notices: tuple[Notice, ...], asked: Collection[str]) -> Answer:
        missing = [name for name in looked.asked.strict if not self._index.lexical.document_frequency(name)]
        typed = [word for word in looked.question.text.split() if any(t in missing for t in terms_of(word))]
        return Answer(
            status=AnswerStatus.UNKNOWN_NAME if typed else AnswerStatus.NO_MATCH,
            build=self.build_id,
            confidence=looked.confidence,
            message=name_unknown([word.strip(".,;:!?\"'()") for word in typed[:3]]) if typed else NOTHING_FOUND,
            suggestions=tuple(nearest_topics(self._index, looked, [looked.question.text, *asked])),
            notices=notices,
        )
