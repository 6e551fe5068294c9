"""Measure how often a turn of judged conversations finds its source, as typed and as spelled out.

The files have lines of ``{_id, turns: [{text, rewrite, leans, relevant}]}``. Knows nothing of how turns are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bot.dialogue import Dialogue
from bot.dialogue.history import EarlierTurn, turn_of
from bot.errors import CorpusError
from bot.records import Answer


class JudgedTurn(msgspec.Struct, frozen=True):
    """A turn: what was typed, the same spelled out, and whether it leans on the turns before.

    ``relevant`` are the ids of the sources that answer it; empty for small talk.
    """

    text: str
    rewrite: str
    leans: bool
    relevant: list[str]


class JudgedConversation(msgspec.Struct, frozen=True, rename={"id": "_id"}):
    """A conversation with its turns in order."""

    id: str
    turns: list[JudgedTurn]


@dataclass(frozen=True, slots=True)
class TurnResult:
    """The answer to a turn in its conversation, and to its spelled-out form alone."""

    conversation: str
    turn: JudgedTurn
    answer: Answer
    reading: str | None
    spelled_out: Answer


@dataclass(frozen=True, slots=True)
class Shares:
    """The number of some turns, and the shares that quote a right source and that quote only wrong ones."""

    turns: int
    right: float
    wrong: float
    spelled_out_right: float
    spelled_out_wrong: float


def read_conversations(path: Path) -> list[JudgedConversation]:
    """Return the conversations of a file, in order.

    :raises CorpusError: for a line that is not a conversation.
    """
    conversations = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            conversations.append(msgspec.json.decode(line, type=JudgedConversation))
        except msgspec.DecodeError as error:
            cure = "Write {_id, turns: [{text, rewrite, leans, relevant}]}."
            raise CorpusError(str(path), number, f"this is no judged conversation: {error}", cure) from error
    return conversations


def converse(dialogue: Dialogue, conversations: Iterable[JudgedConversation]) -> Iterator[TurnResult]:
    """Yield the result of each turn that asks something, in order."""
    for conversation in conversations:
        history: list[EarlierTurn] = []
        for turn in conversation.turns:
            replied = dialogue.reply(turn.text, history)
            history.append(turn_of(turn.text, replied.reading, replied.answer))
            if turn.relevant:
                spelled_out = dialogue.reply(turn.rewrite).answer
                yield TurnResult(conversation.id, turn, replied.answer, replied.reading, spelled_out)


def shares_of(results: Sequence[TurnResult]) -> Shares:
    """Return how often results are right and wrong.

    :returns: shares; an answer that quotes nothing is neither.
    """
    number = max(len(results), 1)

    def share(right: bool, answers: Iterable[tuple[TurnResult, Answer]]) -> float:
        return sum(bool(a.snippets) and is_right(r.turn, a) is right for r, a in answers) / number

    typed = [(result, result.answer) for result in results]
    spelled = [(result, result.spelled_out) for result in results]
    return Shares(len(results), share(True, typed), share(False, typed), share(True, spelled), share(False, spelled))


def is_right(turn: JudgedTurn, answer: Answer) -> bool:
    """Say whether any snippet of an answer is from a source that answers the turn."""
    return any(snippet.source.id in turn.relevant for snippet in answer.snippets)
