"""Compare two sets of approved answers: which questions get another answer, and which nearly get a certain one.

Knows nothing of where the questions come from.
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
# near, as are 14 others; a person reads each before it becomes a wording.
CLOSE = 0.5
MOST_CLOSE = 10


@dataclass(frozen=True, slots=True)
class Changed:
    """A question, by its number among those asked, with its answers before and after."""

    number: int
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Close:
    """A question near a wording that would not get the wording's answer, with the answer that it gets instead."""

    number: int
    similarity: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences between two sets: ``changed`` in the order of the questions, ``close`` the nearest first."""

    changed: Sequence[Changed]
    close: Sequence[Close]


def compare(questions: Sequence[str], now: Answerer, then: Answerer, *, watched: str | None = None) -> Comparison:
    """Return the questions whose first snippet would change, and those that nearly get one approved answer.

    :param questions: each is looked up by itself, as if it began a conversation; those that cannot be accepted are
        skipped.
    :param watched: the id of the approved answer to find close questions for; ``None`` finds none.
    :returns: a comparison with at most ``MOST_CLOSE`` close ones.
    """
    changed: list[Changed] = []
    close: list[tuple[float, int]] = []
    for number, text in enumerate(questions):
        if not text.strip():
            continue
        vectors = then.wording_vectors(text)
        nearest, similarity = then.nearest_wording(vectors)
        # All else is the same, so only questions near a wording of either set need to be looked up.
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
