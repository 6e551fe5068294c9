"""Serve answers that staff approved for certain questions beside a Build, until the corpus says the same.

Knows nothing of who approved an answer or where it is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.evidence import QueryTerms, asked_of, names_of, said_in, weigh
from bot.answering.gist import gist_of
from bot.answering.judge import Looked
from bot.answering.snippet import cut_snippet
from bot.answering.spelling import Speller
from bot.indexing.index import Index
from bot.reading.links import page_of
from bot.records import Passage, Snippet, Source, Span

Floats = NDArray[np.float32]

# Run "curated" (bench/curated.py): how near a question must be to a wording, as the mean of two cosines, the encoder's
# and the gist's. Where the corpus is all but certain of its own answer, only nearly identical wording counts.
FLOOR = 0.65
FLOOR_BESIDE_CORPUS = 0.78
CORPUS_IS_CERTAIN = 0.99
# The share of right answers in that run, rounded down to what so few questions can show.
CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class CuratedAnswer:
    """An approved answer: ``span`` of ``source.text`` is shown.

    ``vectors`` is (wordings, 2, d) float32: the vector and the gist of each wording. For a passage that was chosen by
    hand, ``source`` is ``None``, ``source_id`` names a source of the corpus, and ``sha256`` must still be the hash of
    its text. An answer in staff's own words is its own source.
    """

    id: str
    source: Source | None
    source_id: str
    sha256: str
    span: Span
    wordings: tuple[str, ...]
    vectors: Floats
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The approved answer nearest to a question.

    It answers the question if ``similarity`` is at least ``floor`` and ``missing``, the names that only one of the two
    has, is empty.
    """

    entry: CuratedAnswer
    wording: str
    similarity: float
    floor: float
    missing: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Whether this is the answer."""
        return self.similarity >= self.floor and not self.missing


class CuratedShelf:
    """The current approved answers; everyone who holds the shelf sees a change at once."""

    def __init__(self, entries: Sequence[CuratedAnswer] = ()) -> None:
        self._kept = _Kept((), (), np.empty((0, 2, 0), dtype=np.float32))
        self.put(entries)

    def put(self, entries: Sequence[CuratedAnswer]) -> None:
        """Replace all approved answers with these."""
        owners = tuple((entry, wording) for entry in entries for wording in entry.wordings)
        empty = np.empty((0, 2, 0), dtype=np.float32)
        vectors = np.concatenate([entry.vectors for entry in entries]) if entries else empty
        # One assignment, so that a concurrent reader sees either all of the old or all of the new.
        self._kept = _Kept(tuple(entries), owners, vectors)

    def source(self, source_id: str) -> Source | None:
        """Return the source of an answer in staff's own words, or ``None`` if there is none with that id."""
        return next((source for source in self.sources() if source.id == source_id), None)

    def sources(self) -> list[Source]:
        """Return the sources of all answers in staff's own words."""
        return [entry.source for entry in self._kept.entries if entry.source is not None]

    def now(self) -> _Kept:
        """Return the current contents of the shelf."""
        return self._kept


@dataclass(frozen=True, slots=True)
class _Kept:
    entries: tuple[CuratedAnswer, ...]
    owners: tuple[tuple[CuratedAnswer, str], ...]
    vectors: Floats


class CuratedReader:
    """A finder of approved answers for questions that were looked up in one Build."""

    def __init__(self, index: Index, speller: Speller, shelf: CuratedShelf, tags: Collection[str] = ()) -> None:
        self._index = index
        self._speller = speller
        self._shelf = shelf
        self._tags = frozenset(tag.casefold() for tag in tags)

    @property
    def shelf(self) -> CuratedShelf:
        """The shelf that it searches."""
        return self._shelf

    def vectors_of(self, text: str) -> Floats:
        """Return the vectors by which a wording is compared.

        :returns: (2, d) float32 unit rows: its vector and its gist.
        """
        return np.stack([self._index.encoder.encode_question(text).vector, gist_of(self._index, text).vector])

    def match(self, looked: Looked) -> Match | None:
        """Return the approved answer nearest to a question, sure or not.

        :returns: its match by the nearest wording that makes it sure, else by its nearest wording; ``None`` if no
            answer is visible here. Ties go to the older answer.
        """
        kept = self._shelf.now()
        # Vectors whose width is another model's are about to be replaced.
        if not kept.owners or kept.vectors.shape[-1] != len(looked.candidates.question.vector):
            return None
        asked = np.stack([looked.candidates.question.vector, gist_of(self._index, looked.text).vector])
        similarity = np.einsum("wkd,kd->w", kept.vectors, asked) / 2
        nearest: Match | None = None
        for number in np.argsort(-similarity, kind="stable").tolist():
            entry, wording = kept.owners[number]
            if nearest is None and not self._may_show(entry):
                continue
            if nearest is None or entry is nearest.entry:
                missing = self._named_by_one(looked.asked, entry, wording)
                found = Match(entry, wording, float(similarity[number]), floor_beside(looked), missing)
                nearest = nearest or found
                if found.is_sure:
                    return found
                if found.similarity < found.floor:
                    break
        return nearest

    def nearest(self, vectors: Floats) -> tuple[str, float]:
        """Return the id of the answer with the wording nearest to a question, and how near it is.

        :param vectors: of the question, from ``vectors_of``.
        :returns: an id and a mean of cosines; ``""`` and 0 if there are no wordings.
        """
        kept = self._shelf.now()
        if not kept.owners:
            return "", 0.0
        similarity = np.einsum("wkd,kd->w", kept.vectors, vectors) / 2
        best = int(similarity.argmax())
        return kept.owners[best][0].id, float(similarity[best])

    def snippet(self, match: Match, looked: Looked) -> Snippet:
        """Return an approved answer as it is shown.

        :param match: from ``match``.
        """
        source, passage = self._shown(match)
        return cut_snippet(source, passage, match.entry.span, looked.asked.terms, passage.url)

    def passage(self, match: Match) -> Passage:
        """Return an approved answer as a passage with the address of its place.

        :param match: from ``match``.
        :returns: a passage as long as the answer, with the id of its source.
        """
        return self._shown(match)[1]

    def _shown(self, match: Match) -> tuple[Source, Passage]:
        source = self._source_of(match.entry)
        assert source is not None, "only what may be shown is matched"
        return source, _passage_of(source, match.entry.span)

    def _may_show(self, entry: CuratedAnswer) -> bool:
        """Whether an answer is in this collection and its source still says what was approved."""
        source = self._source_of(entry)
        if source is None or (self._tags and not self._tags.intersection(tag.casefold() for tag in entry.tags)):
            return False
        return source.text_sha256 == entry.sha256

    def _source_of(self, entry: CuratedAnswer) -> Source | None:
        return entry.source or self._index.sources.get(entry.source_id)

    def _named_by_one(self, asked: QueryTerms, entry: CuratedAnswer, wording: str) -> tuple[str, ...]:
        """Return the names that the question has and the answer lacks, or that the wording has and the question lacks.

        An answer about one disease does not answer a question about another, nor one about diseases in general.
        """
        source = self._source_of(entry)
        assert source is not None, "only what may be shown is compared"
        names = names_of(source, [source.title, *entry.wordings])
        said = said_in(_passage_of(source, entry.span), names)
        lacking = weigh(asked, said, dict.fromkeys(asked.terms, 1.0)).unmentioned
        meant = asked_of(wording, self._speller)
        terms = frozenset(asked.terms)
        wanted = [name for name in meant.names if name not in terms]
        wanted += [" ".join(disease) for disease in meant.diseases if not terms.issuperset(disease)]
        return (*lacking, *(wanted if meant.names_something else ()))


def floor_beside(looked: Looked) -> float:
    """Return how near a question must be to a wording, given how certain the corpus is of its own answer.

    :returns: a mean of cosines.
    """
    certain = bool(looked.judged) and looked.judged[0].confidence >= CORPUS_IS_CERTAIN
    return FLOOR_BESIDE_CORPUS if certain else FLOOR


def _passage_of(source: Source, span: Span) -> Passage:
    """Return the shown span as a passage."""
    section = next((part for part in source.sections if part.span[0] <= span[0] < part.span[1]), None)
    headings, anchor = (section.headings, section.anchor) if section else ((), None)
    url = page_of(source) + (f"#{anchor}" if anchor and not source.url else "")
    text = source.text[slice(*span)]
    return Passage(source.id, source.id, source.kind, source.title, headings, "other", url, span, text, ())
