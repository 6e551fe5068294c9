"""Suggest what to ask, read or watch after an answer, or instead of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from bot.answering.judge import Looked
from bot.answering.weights import ANSWERING
from bot.indexing.index import Index
from bot.indexing.lexical import words_of
from bot.reading.links import page_of
from bot.records import Related, Snippet, Source, SuggestedQuestion


def next_questions(index: Index, source: Source, quoted: Snippet, asked: Iterable[str]) -> list[str]:
    """Return questions that the Build surely answers and that were neither asked nor offered yet.

    :returns: at most ``ANSWERING.suggestions``: two of the source's own, one of a related source, then more of either.
    """
    known = _known(asked)

    def fresh(questions: Iterable[SuggestedQuestion]) -> list[str]:
        return [entry.text for entry in questions if _key(entry.text) not in known]

    own = sorted(index.questions.get(source.id, ()), key=lambda entry: entry.headings[-1:] == (quoted.source.section,))
    related = [fresh(index.questions.get(identifier, ()))[:1] for identifier in source.related_ids]
    mine, others = fresh(own), [text for found in related for text in found]
    return list(dict.fromkeys([*mine[:2], *others[:1], *mine[2:], *others[1:]]))[: ANSWERING.suggestions]


def nearest_topics(index: Index, looked: Looked, asked: Iterable[str]) -> Iterator[str]:
    """Yield new questions about the sources nearest to a question that has no answer.

    :yields: at most ``ANSWERING.suggestions`` questions, one of each source.
    """
    owners = index.source_of_row[looked.candidates.rows].tolist()
    nearest = islice(dict.fromkeys(owners), ANSWERING.suggestions)
    yield from first_questions((index.questions.get(index.sources.ids[owner], ()) for owner in nearest), asked)


def first_questions(by_source: Iterable[Sequence[SuggestedQuestion]], asked: Iterable[str]) -> Iterator[str]:
    """Yield the first question of each source that was neither asked nor offered."""
    known = _known(asked)
    for questions in by_source:
        yield from islice((entry.text for entry in questions if _key(entry.text) not in known), 1)


def _known(asked: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(_key(text) for text in asked)


def _key(text: str) -> tuple[str, ...]:
    """Return what distinguishes a question from others: its words."""
    return tuple(words_of(text))


def related_to(index: Index, source: Source, quoted: Collection[str]) -> Iterator[Related]:
    """Yield what to read or watch next.

    :param source: the source that was quoted first.
    :param quoted: ids of sources to leave out.
    """
    for identifier in source.related_ids:
        other = index.sources.get(identifier)
        if other is not None and identifier not in quoted:
            yield Related(other.kind, other.title, page_of(other))
    for card in source.related_cards:
        if card.url and not (card.source_id and index.sources.hides(card.source_id)):
            yield Related(card.kind, card.title, card.url)
