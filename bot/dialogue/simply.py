"""Find the hard words in quoted spans, with the corpus's own definitions, word for word.

Knows nothing of why they are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.answer import Answerer
from bot.answering.glossary import Glossary
from bot.records import Snippet, SnippetSource, Source, Span, Term


def hard_words(shown: Sequence[tuple[str, Span]], answerer: Answerer) -> tuple[Term, ...]:
    """Return the glossary's terms in what was quoted.

    :returns: in order of first use; empty if no quoted word is in the glossary.
    """
    quoted = [_quote(source, span) for source_id, span in shown if (source := answerer.source(source_id)) is not None]
    return Glossary(answerer.sources()).found_in(quoted) if quoted else ()


def _quote(source: Source, span: Span) -> Snippet:
    url = source.url or ""
    origin = SnippetSource(source.id, source.kind, source.title, None, url, None, None, None, span, source.text_sha256)
    return Snippet(source.text[slice(*span)], (), origin)
