"""Offer a choice when a short question has several readings that different sources answer.

"Screening" is newborn screening to one family and carrier screening to another. Knows nothing of what was said before.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.judge import Looked
from bot.indexing.lexical import terms_of
from bot.records import Source

# More terms than this make the meaning clear; more choices than that are no help.
_MOST_TERMS = 2
_MOST_CHOICES = 4


def choices(looked: Looked) -> tuple[str, ...]:
    """Return the possible meanings of a question that is a common part of several sources' names.

    :returns: two to four questions, best first; empty if the question is clear, or if nothing fits.
    """
    asked = frozenset(looked.asked.terms)
    if not asked or len(asked) > _MOST_TERMS or looked.about is not None:
        return ()
    fitting: dict[str, Source] = {}
    for entry in looked.judged:
        labels = [frozenset(terms_of(label)) for label in _labels(entry.source)]
        if asked in labels:
            return ()
        if any(asked < label for label in labels):
            fitting[entry.source.id] = entry.source
    if not 2 <= len(fitting) <= _MOST_CHOICES:
        return ()
    return tuple(_question(source) for source in fitting.values())


def _labels(source: Source) -> Iterator[str]:
    yield source.title
    yield from source.synonyms


def _question(source: Source) -> str:
    return source.questions[0] if source.questions else source.title
