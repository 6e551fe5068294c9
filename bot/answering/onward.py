"""An answer, or none -> what to ask, read or watch next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from bot.answering.judge import Looked
from bot.answering.weights import ANSWERING
from bot.indexing.index import Index
from bot.indexing.lexical import words_of
from bot.reading.links import page_of
from bot.records import Related, Snippet, Source, SuggestedQuestion


def next_questions(index: Index, source: Source, quoted: Snippet, asked: Iterable[str]) -> list[str]:
    """Return questions that the Build surely answers and that were not asked yet.

    :returns: at most ``ANSWERING.suggestions``: of the source's own, then one of a source that it relates to, then
        more of either.
    """
    known = {tuple(words_of(text)) for text in asked}

    def fresh(questions: Iterable[SuggestedQuestion]) -> list[str]:
        return [entry.text for entry in questions if tuple(words_of(entry.text)) not in known]

    own = sorted(index.questions.get(source.id, ()), key=lambda entry: entry.headings[-1:] == (quoted.source.section,))
    related = [fresh(index.questions.get(identifier, ()))[:1] for identifier in source.related_ids]
    mine, others = fresh(own), [text for found in related for text in found]
    return list(dict.fromkeys([*mine[:2], *others[:1], *mine[2:], *others[1:]]))[: ANSWERING.suggestions]


def nearest_topics(index: Index, looked: Looked) -> Iterator[str]:
    """Yield what can be asked about the sources nearest to a question that has no answer.

    :yields: at most ``ANSWERING.suggestions`` questions.
    """
    owners = index.source_of_row[looked.candidates.rows].tolist()
    for owner in islice(dict.fromkeys(owners), ANSWERING.suggestions):
        yield from [entry.text for entry in index.questions.get(index.sources.ids[owner], ())[:1]]


def related_to(index: Index, source: Source, quoted: Collection[str]) -> Iterator[Related]:
    """Yield what to read or watch next.

    :param source: what was quoted first.
    """
    for identifier in source.related_ids:
        other = index.sources.get(identifier)
        if other is not None and identifier not in quoted:
            yield Related(other.kind, other.title, page_of(other))
    for card in source.related_cards:
        if card.url and not (card.source_id and index.sources.hides(card.source_id)):
            yield Related(card.kind, card.title, card.url)
