"""Approved answers as they are and as they would be -> which questions get another answer.

In: two Answerers on one Build, and questions. Out: those whose answer differs, with both. It must not know where the
questions come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.answer import Answerer
from bot.errors import QuestionRejected
from bot.records import Answer


@dataclass(frozen=True, slots=True)
class Changed:
    """A question, by its number among those that were asked, with its two answers."""

    number: int
    before: Answer
    after: Answer


def changed_answers(questions: Sequence[str], now: Answerer, then: Answerer) -> Iterator[Changed]:
    """Yield the questions whose first snippet would be another.

    :param questions: each is looked up by itself, as if it began a conversation.
    :param now: as it answers.
    :param then: the same Build with other approved answers.
    :yields: in the order of the questions; those that cannot be taken are passed over.
    """
    for number, text in enumerate(questions):
        # All else is the same, so only what is near a wording of either need be looked up.
        if not (now.is_near_approved(text) or then.is_near_approved(text)):
            continue
        try:
            looked = now.look_up(text)
        except QuestionRejected:
            continue
        before, after = now.answer_from(looked), then.answer_from(looked)
        if before.snippets[:1] != after.snippets[:1]:
            yield Changed(number, before, after)
