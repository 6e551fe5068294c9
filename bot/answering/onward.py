"""An answer, or none -> what to ask, read or watch next."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from bot.answering.judge import Looked
from bot.answering.question import Question
from bot.answering.weights import ANSWERING
from bot.answering.words import ABOUT_SOURCE
from bot.indexing.index import Index
from bot.indexing.lexical import words_of
from bot.reading.links import page_of
from bot.records import Related, Source


def next_questions(index: Index, source: Source, question: Question) -> Iterator[str]:
    """Yield authored questions of a source, then of the sources it relates to, that were not just asked.

    :param index: the Build.
    :param source: what was quoted.
    :param question: what was asked.
    :yields: at most ``ANSWERING.suggestions`` questions.
    """
    asked = words_of(question.text)
    related = [index.sources[i] for i in source.related_ids if i in index.sources]
    wordings = [*source.questions, *(other.questions[0] for other in related if other.questions)]
    fresh = [wording for wording in dict.fromkeys(wordings) if words_of(wording) != asked]
    yield from fresh[: ANSWERING.suggestions]


def nearest_topics(index: Index, looked: Looked) -> Iterator[str]:
    """Yield what can be asked about the sources nearest to a question that has no answer.

    :param index: the Build.
    :param looked: the question, looked up.
    :yields: at most ``ANSWERING.suggestions`` questions.
    """
    owners = index.source_of_row[looked.candidates.rows].tolist()
    for owner in islice(dict.fromkeys(owners), ANSWERING.suggestions):
        source = index.sources[index.sources.ids[owner]]
        yield source.questions[0] if source.questions else ABOUT_SOURCE.format(title=source.title)


def related_to(index: Index, source: Source, quoted: Collection[str]) -> Iterator[Related]:
    """Yield what to read or watch next.

    :param index: the Build.
    :param source: what was quoted first.
    :param quoted: ids of all sources that were quoted.
    :yields: related sources of the Build, then cards that lead elsewhere.
    """
    for identifier in source.related_ids:
        other = index.sources.get(identifier)
        if other is not None and identifier not in quoted:
            yield Related(other.kind, other.title, page_of(other))
    for card in source.related_cards:
        if card.url and not (card.source_id and index.sources.hides(card.source_id)):
            yield Related(card.kind, card.title, card.url)
