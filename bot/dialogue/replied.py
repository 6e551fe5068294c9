"""Define the reply to a message, and combine the replies to its parts.

Knows nothing of how the answers were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.trace import AnswerTrace
from bot.answering.words import NOT_SURE
from bot.dialogue.smalltalk import said
from bot.records import Answer, Notice, Snippet
from bot.statuses import UNSURE, AnswerStatus

_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Replied:
    """An Answer with what its question was understood as, if that differs from what was typed.

    ``trace`` is how it came about, if requested. ``is_repeated`` means that it is the cached answer to the same
    question.
    """

    answer: Answer
    reading: str | None = None
    trace: AnswerTrace | None = None
    is_repeated: bool = False


def both(first: Answer, second: Answer) -> Answer:
    """Return one answer to two questions: the first snippet of each, the first question's first."""
    fresh = [snippet for snippet in second.snippets if snippet not in first.snippets]
    terms = {term.term: term for term in (*first.terms, *second.terms)}
    return replace(
        first,
        confidence=min(first.confidence, second.confidence),
        snippets=(*first.snippets[:1], *fresh[:1]),
        near=(*first.near, *second.near),
        terms=tuple(terms.values()),
        notices=(Notice("two_questions", said("two_questions")), *first.notices, *second.notices),
    )


def about_another(first: Replied, others: Sequence[Replied]) -> Replied | None:
    """Return the first of the others that quotes another source."""
    source = first.answer.snippets[0].source.id
    return next((one for one in others if one.answer.snippets[0].source.id != source), None)


def with_near_of(replied: Replied, told: Sequence[Replied]) -> Replied:
    """Return a reply with what its parts are near to, after what the reply itself is near to.

    :param replied: to the whole; one that asks back stays as it is.
    :param told: the replies to the parts; a part too unsure to be the answer by itself is offered as near.
    :returns: ``NEAR`` instead of a refusal if anything is near.
    """
    answer = replied.answer
    quoted = {snippet.source.id for snippet in answer.snippets}
    found = [*answer.near, *(snippet for one in told for snippet in (*one.answer.snippets[:1], *one.answer.near))]
    near = _different([snippet for snippet in found if snippet.source.id not in quoted])[:_MOST_NEAR]
    if not near or answer.status not in (AnswerStatus.ANSWERED, *UNSURE):
        return replied
    if answer.status == AnswerStatus.ANSWERED:
        return replace(replied, answer=replace(answer, near=near))
    return replace(
        replied, answer=replace(answer, status=AnswerStatus.NEAR, message=NOT_SURE, near=near, suggestions=())
    )


def with_notice(answer: Answer, notice: Notice) -> Answer:
    """Return an answer with one more notice."""
    return replace(answer, notices=(*answer.notices, notice))


def _different(snippets: Sequence[Snippet]) -> tuple[Snippet, ...]:
    """Return the snippets with different texts, in order."""
    return tuple({snippet.text: snippet for snippet in reversed(snippets)}.values())[::-1]
