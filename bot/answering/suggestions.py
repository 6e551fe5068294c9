"""Find the questions that a new Build surely answers, best first, before it is published.

They are in families' words: questions that authors wrote, and those that sections of a known role answer by nature.
Each was put to the Build, and its own source came first. Knows nothing of who is offered them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bot.answering.answer import Answerer
from bot.indexing.index import Index
from bot.indexing.lexical import words_of
from bot.records import SectionRole, Snippet, Source, SuggestedQuestion
from bot.statuses import AnswerStatus

# The question that a section of each role answers, for a singular name and for a plural one.
_BY_ROLE: dict[SectionRole, tuple[str, str]] = {
    "what": ("What is {name}?", "What are {name}?"),
    "why": ("Why does {name} matter to families?", "Why do {name} matter to families?"),
    "how": ("How does {name} work?", "How do {name} work?"),
    "risks": ("What are the risks of {name}?", "What are the risks of {name}?"),
}
_MOST_WORDS = 4


def checked_questions(index: Index) -> Iterator[SuggestedQuestion]:
    """Yield the questions that a Build may suggest.

    :yields: for each source, questions that it answers, authored ones first. The sources that others refer to most come
        first, taken in turn from each topic (first tag).
    """
    answerer = Answerer(index)
    for source in _by_prominence(list(index.sources.values())):
        for wording, role in _wordings(source):
            snippets = _shown(answerer, wording)
            if snippets and snippets[0].source.id == source.id and _fits(source, snippets[0], role):
                yield SuggestedQuestion(wording, source.id, _headings_of(source, snippets[0]), source.tags)


def _wordings(source: Source) -> Iterator[tuple[str, SectionRole | None]]:
    """Yield each wording once, with the role that the answering section must have, if any."""
    seen: set[tuple[str, ...]] = set()
    roles = {section.role for section in source.sections}
    name = _name_of(source)
    generated = [
        (_BY_ROLE[role][_is_plural(name)].format(name=name), role) for role in _BY_ROLE if name and role in roles
    ]
    for wording, role in [*((question, None) for question in source.questions), *generated]:
        key = tuple(words_of(wording))
        if key not in seen:
            seen.add(key)
            yield wording, role


def _name_of(source: Source) -> str:
    """Return the title as written inside a sentence, if it is short and names a key term, else an empty string."""
    for term in source.key_terms:
        if source.title.casefold() in {term.term.casefold(), *(name.casefold() for name in term.synonyms)}:
            first, *others = source.title.split()
            if len(others) < _MOST_WORDS:
                # "Gene therapy" is written in lower case inside a sentence; "AAV vectors" and "CRISPR" are not.
                return " ".join([first if any(map(str.isupper, first[1:])) else first.lower(), *others])
    return ""


def _is_plural(name: str) -> bool:
    return name.endswith("s") and not name.endswith(("ss", "is", "us", "ics"))


def _shown(answerer: Answerer, wording: str) -> Sequence[Snippet]:
    answer = answerer.answer(wording)
    return answer.snippets if answer.status == AnswerStatus.ANSWERED else ()


def _fits(source: Source, snippet: Snippet, role: SectionRole | None) -> bool:
    return role is None or any(section.role == role for section in source.sections if _holds(section.span, snippet))


def _headings_of(source: Source, snippet: Snippet) -> tuple[str, ...]:
    return next((section.headings for section in source.sections if _holds(section.span, snippet)), ())


def _holds(span: tuple[int, int], snippet: Snippet) -> bool:
    return span[0] <= snippet.source.span[0] < span[1]


def _by_prominence(sources: Sequence[Source]) -> Iterator[Source]:
    pointed_at = Counter(identifier for source in sources for identifier in source.related_ids)
    topics: dict[str, list[Source]] = defaultdict(list)
    for source in sorted(sources, key=lambda source: -pointed_at[source.id]):
        topics[source.tags[0] if source.tags else ""].append(source)
    yield from _one_of_each(topics.values())


def _one_of_each(shelves: Iterable[list[Source]]) -> Iterator[Source]:
    left = [iter(shelf) for shelf in shelves]
    while left:
        for shelf in list(left):
            source = next(shelf, None)
            if source is None:
                left.remove(shelf)
            else:
                yield source
