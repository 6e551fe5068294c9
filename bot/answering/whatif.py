"""Approved answers as they are and as they would be -> which questions get another answer, and which nearly do.

In: two Answerers on one Build, and questions. Out: those whose answer differs, with both. It must not know where the
questions come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Answerer
from bot.answering.curated import FLOOR
from bot.answering.retrieved import RetrievalResult
from bot.errors import QuestionRejected
from bot.records import Answer

# Run "curated": of the 9 development questions that ask the same as a wording and do not get its answer, 6 are this
# near, beside 14 others; somebody reads each before it becomes a wording.
CLOSE = 0.5
MOST_CLOSE = 10


@dataclass(frozen=True, slots=True)
class Changed:
    """A question, by its number among those that were asked, with its two answers."""

    number: int
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Close:
    """A question that is near a wording and would not get its answer, and what it gets instead."""

    number: int
    similarity: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class Comparison:
    """``changed`` are in the order of the questions, ``close`` the nearest first."""

    changed: Sequence[Changed]
    close: Sequence[Close]


def compare(questions: Sequence[str], now: Answerer, then: Answerer, *, watched: str | None = None) -> Comparison:
    """Return the questions whose first snippet would be another, and those that nearly get a certain answer.

    :param questions: each is looked up by itself, as if it began a conversation; those that cannot be taken are passed
        over.
    :param watched: the id of the approved answer to which questions may be close; ``None`` looks for no close ones.
    :returns: at most ``MOST_CLOSE`` close ones.
    """
    changed: list[Changed] = []
    close: list[tuple[float, int]] = []
    for number, text in enumerate(questions):
        if not text.strip():
            continue
        vectors = then.wording_vectors(text)
        nearest, similarity = then.nearest_wording(vectors)
        # All else is the same, so only what is near a wording of either need be looked up.
        found = _retrieve(text, now) if max(similarity, now.nearest_wording(vectors)[1]) >= FLOOR else None
        other = None if found is None else then.match(found.looked)
        if found is not None and other is not None:
            before, after = now.compose(found), then.compose(other)
            if before.snippets[:1] != after.snippets[:1]:
                changed.append(Changed(number, before, after))
        if nearest == watched and similarity >= CLOSE and (other is None or other.approved is None):
            close.append((similarity, number))
    close.sort(key=lambda one: (-one[0], one[1]))
    nearly = ((near, number, _retrieve(questions[number], then)) for near, number in close[:MOST_CLOSE])
    return Comparison(changed, [Close(n, near, then.compose(found)) for near, n, found in nearly if found])


def _retrieve(text: str, answerer: Answerer) -> RetrievalResult | None:
    try:
        return answerer.retrieve(text)
    except QuestionRejected:
        return None
