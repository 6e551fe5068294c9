"""Define the frozen records that move between packages, with hardly any logic.

Character positions are Python string indices, half open: ``text[start:end]``. Times are seconds from the start of a
recording. A field that is ``None`` is unknown or does not apply; it is never guessed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.statuses import AnswerStatus

SourceKind = Literal["explainer", "interview", "article"]
SectionRole = Literal["what", "why", "how", "risks", "other"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Term:
    """A hard word of the glossary with its one-sentence definition and the other names families use for it."""

    term: str
    definition: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A page that anyone can check: its title, its publisher, its address, and the day an editor saw it there."""

    title: str
    publisher: str | None = None
    url: str | None = None
    seen_on: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A mark that the words of ``Source.text`` ending at position ``at`` cite the reference of that number, from 1."""

    at: int
    number: int


@dataclass(frozen=True, slots=True)
class RelatedCard:
    """A pointer from a source to another source of the corpus (``source_id``) or to a page elsewhere (``url``)."""

    kind: SourceKind
    title: str
    source_id: str | None = None
    url: str | None = None
    guest: str | None = None
    summary: str | None = None
    why_it_matters: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of ``Source.text`` under one heading.

    ``headings`` is the path below the source's title, outermost first; it is empty for text before the first heading.
    ``anchor`` is the fragment of the section in its reader page, without ``#``; ``None`` where there is no heading.
    """

    headings: tuple[str, ...]
    anchor: str | None
    role: SectionRole
    span: Span


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """One speaker's uninterrupted words in a transcript: a stretch of ``Source.text`` with its start time if known."""

    speaker: str | None
    start_s: float | None
    span: Span


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A time: from position ``at`` in ``Source.text`` to the next mark, words are spoken at ``start_s`` or later."""

    at: int
    start_s: float


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question that families ask of a source.

    ``spans`` are the sentences of its text that answer it, the best first, or none for a near miss that it does not
    answer. ``voice`` is who asks in this way.
    """

    text: str
    spans: tuple[Span, ...] = ()
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An explainer, interview or article that was read.

    ``text`` is all that may be quoted: the words a reader sees, without markup. Every span of the system points into
    it and every snippet is a slice of it. ``url`` is the source's own page, ``None`` if it only has our reader page.
    ``path`` is the file it was read from. ``digest`` is the SHA-256 (hex) of everything read for this source, so that
    an equal digest means that nothing changed. ``reviewed_on`` is set only if ``reviewed_by`` names a reviewer;
    ``reviewed_sha256`` is the hash of what was reviewed, and ``updated_on`` the day of the last change. ``citations``
    are in the order of the text. ``retired`` is the day since which it is no longer quoted; no Build has such a
    source.
    """

    id: str
    kind: SourceKind
    title: str
    text: str
    path: str
    digest: str
    sections: tuple[Section, ...] = ()
    turns: tuple[SpokenTurn, ...] = ()
    time_marks: tuple[TimeMark, ...] = ()
    summary: str | None = None
    url: str | None = None
    reviewed_on: str | None = None
    reviewed_by: str | None = None
    recorded_on: str | None = None
    guest: str | None = None
    role: str | None = None
    host: str | None = None
    video: str | None = None
    infographic: str | None = None
    infographic_alt: str | None = None
    illustrative: bool = False
    synonyms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    bank: tuple[BankQuestion, ...] = ()
    key_terms: tuple[Term, ...] = ()
    related_ids: tuple[str, ...] = ()
    related_cards: tuple[RelatedCard, ...] = ()
    references: tuple[Reference, ...] = ()
    retired: str | None = None
    updated_on: str | None = None
    reviewed_sha256: str | None = None
    citations: tuple[Citation, ...] = ()

    @property
    def text_sha256(self) -> str:
        """Return the hash (hex) of the whole text, by which a quote can be proven later."""
        return sha256_of(self.text)


@lru_cache(maxsize=1024)
def sha256_of(text: str) -> str:
    """Return the SHA-256 (hex) of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a source: its span in ``Source.text``, and for spoken words who said it and when."""

    span: Span
    speaker: str | None = None
    start_s: float | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of the index: a section, a part of a long one, or a few turns; never a cut sentence.

    ``id`` is ``<source id>#<number>``, numbered from 0 in reading order. ``text`` is ``Source.text[span]``.
    ``headings`` is the heading path below the source's title. ``url`` is the deep link: ``/explainers/SLUG#anchor``
    for our own pages, absolute for others.
    """

    id: str
    source_id: str
    source_kind: SourceKind
    source_title: str
    headings: tuple[str, ...]
    role: SectionRole
    url: str
    span: Span
    text: str
    sentences: tuple[Sentence, ...]
    synonyms: tuple[str, ...] = ()
    speaker: str | None = None
    start_s: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; ``score`` ranks it, and ``signals`` are its parts, for the console."""

    passage: Passage
    score: float
    signals: dict[str, float]


@dataclass(frozen=True, slots=True)
class SnippetSource:
    """The origin of a snippet: enough to find it, to prove it and to credit it.

    ``span`` is in the source's text and ``sha256`` is the hash of that whole text in UTF-8, so that
    ``text[span[0]:span[1]]`` can be proven again later.
    """

    id: str
    kind: SourceKind
    title: str
    section: str | None
    url: str
    speaker: str | None
    start_s: float | None
    reviewed_on: str | None
    span: Span
    sha256: str
    reviewed_by: str | None = None
    updated_on: str | None = None
    changed_since_review: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """One to three sentences, word for word; ``highlights`` are spans in ``text``, ascending, not overlapping."""

    text: str
    highlights: tuple[Span, ...]
    source: SnippetSource


@dataclass(frozen=True, slots=True)
class SuggestedQuestion:
    """A question in families' words that its own source was seen to answer at ingest.

    ``headings`` is the path of the section that answers it, ``tags`` are those of its source.
    """

    text: str
    source_id: str
    headings: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """Something to read or watch next."""

    kind: SourceKind
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Action:
    """A link that a notice offers, such as ``tel:911``; ``why`` says what it is and when to use it."""

    label: str
    href: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence of ours (never about medicine) beside an answer, such as a spelling correction; ``kind`` groups it."""

    kind: str
    text: str
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that a family gets.

    ``near`` are passages that may hold the answer and are never shown as the answer: with the status ``NEAR`` there is
    nothing else, and below quotes they are for those whom the quotes do not help. ``message`` is our own words, before
    the snippets or instead of them. ``confidence`` is in 0..1, calibrated. ``build`` is the id of the Build that
    answered.
    """

    status: AnswerStatus
    build: str
    confidence: float
    message: str | None = None
    snippets: tuple[Snippet, ...] = ()
    near: tuple[Snippet, ...] = ()
    terms: tuple[Term, ...] = ()
    suggestions: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    notices: tuple[Notice, ...] = ()
