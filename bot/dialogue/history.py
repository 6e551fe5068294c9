"""Define what is remembered of a conversation, as far as the next question may lean on it.

The records are made from stored turns and from answers just given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.question import JOINT
from bot.records import Answer, Span
from bot.statuses import AnswerStatus, StatusFamily
from bot.storage.stored_answer import decode_answer
from bot.storage.turn import TurnRecord

_ASKING = (StatusFamily.ANSWERED, StatusFamily.UNANSWERED, StatusFamily.CLARIFY)


@dataclass(frozen=True, slots=True)
class EarlierTurn:
    """A turn that was answered.

    ``question`` is what was typed, ``reading`` what it was understood as; ``topic`` is the title of the first explainer
    that was quoted; ``shown`` are the quoted spans with their sources' ids, ``offered`` the suggested questions.
    """

    question: str
    reading: str
    status: str
    topic: str | None = None
    shown: tuple[tuple[str, Span], ...] = ()
    offered: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The question that this one leant on, or itself if it stood alone."""
        return self.reading.removesuffix(f"{JOINT}{self.question}") if self.reading != self.question else self.question


History = Sequence[EarlierTurn]


def turn_of(question: str, reading: str | None, answer: Answer) -> EarlierTurn:
    """Return what is remembered of an answer that was just given.

    Passages that only may hold the answer are no topic to continue from, and may still be quoted as the answer later.

    :param reading: what the question was understood as, if that differs.
    """
    quoted = [(snippet.source.id, snippet.source.span) for snippet in answer.snippets]
    topic = next((quote.source.title for quote in answer.snippets if quote.source.kind == "explainer"), None)
    return EarlierTurn(question, reading or question, answer.status, topic, tuple(quoted), answer.suggestions)


def before_of(record: TurnRecord) -> EarlierTurn:
    """Return a turn from its stored record.

    :param record: of a turn whose words were not kept, only the status is known.
    """
    answer = decode_answer(record.answer)
    origins = [snippet.source for snippet in answer.snippets] if answer else []
    quoted = [(origin.id, origin.span) for origin in origins if origin.span is not None]
    topic = next((origin.title for origin in origins if origin.kind == "explainer"), None)
    question = record.question or ""
    offered = answer.suggestions if answer else ()
    return EarlierTurn(question, record.understood or question, record.status, topic, tuple(quoted), offered)


def asked_before(history: History) -> list[EarlierTurn]:
    """Return the turns that asked something of the corpus: no small talk, no referral.

    :param history: oldest first.
    :returns: some of them, in order.
    """
    return [turn for turn in history if _asks(turn.status)]


def _asks(status: str) -> bool:
    return status == AnswerStatus.PERSONAL_MEDICAL or any(family.has(status) for family in _ASKING)


def questions_before(history: History) -> list[str]:
    """Return every question of a conversation: as typed, as understood, and as suggested.

    :param history: oldest first.
    """
    return [text for turn in history for text in (turn.question, turn.reading, *turn.offered)]


def quoted_in(history: History) -> list[tuple[str, Span]]:
    """Return every span that was quoted.

    :param history: oldest first.
    """
    return [entry for turn in history for entry in turn.shown]
