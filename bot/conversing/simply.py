"""Quoted spans -> the hard words in them, with the definitions that the corpus has for them, word for word.

In: spans with the ids of their sources. Out: terms. It must not know why they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Protocol

from bot.answering.glossary import Glossary
from bot.records import Snippet, SnippetSource, Source, Span, Term


class Shelf(Protocol):
    """Who knows the sources."""

    def source(self, source_id: str) -> Source | None:
        """A source, ``None`` when there is none."""

    def sources(self) -> Iterable[Source]:
        """Every source."""


def hard_words(shown: Sequence[tuple[str, Span]], shelf: Shelf) -> tuple[Term, ...]:
    """Return the glossary's terms in what was quoted.

    :param shown: source ids with spans.
    :param shelf: who knows the sources.
    :returns: in the order of their first use; none where no quoted word is in the glossary.
    """
    quoted = [_quote(source, span) for source_id, span in shown if (source := shelf.source(source_id)) is not None]
    return Glossary(shelf.sources()).found_in(quoted) if quoted else ()


def _quote(source: Source, span: Span) -> Snippet:
    digest = sha256(source.text.encode()).hexdigest()
    url = source.url or ""
    origin = SnippetSource(source.id, source.kind, source.title, None, url, None, None, None, span, digest)
    return Snippet(source.text[slice(*span)], (), origin)
