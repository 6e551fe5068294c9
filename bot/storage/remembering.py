"""Remember turns, votes and hand-offs behind one object, the only place where people's words are stored.

Texts are stored without personal details, contacts only sealed. Knows nothing of HTTP or settings.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from bot.errors import MemoryUnavailable
from bot.storage.comeback import ComeBack, PersonsReply
from bot.storage.connections import Database
from bot.storage.feedback import FeedbackStore, OpenOutcome, Vote, VoteOutcome
from bot.storage.handoff import HandedOff, HandoffRefusal, HandoffStore
from bot.storage.memory import ForgetWords, TurnStore
from bot.storage.stored_answer import with_our_words
from bot.storage.turn import TurnRecord

if TYPE_CHECKING:
    from bot.storage.secrecy import Sealer

log = logging.getLogger("bot")

Redact = Callable[[str], str]
# Called with the id of a stored turn; with the turn itself if it is new, without it after a vote, a hand-off or an
# opened passage; and with a name for the network that it came from, if known.
Told = Callable[[str, TurnRecord | None, str | None], None]

_WORD = re.compile(r"\w+")
_GONE = "[…]"


@dataclass(frozen=True, slots=True)
class RememberedTurn:
    """A turn with the vote on it, if any, and the places of its near passages that were opened."""

    turn: TurnRecord
    vote: Vote | None
    opened: tuple[int, ...] = ()


class Memory:
    """The memory that the web uses; threads share it, and a forked process makes its own connections."""

    def __init__(
        self,
        database: Database,
        *,
        redact: Redact,
        sealer: Sealer | None = None,
        told: Told | None = None,
        forget_words: ForgetWords | None = None,
    ) -> None:
        """Make a memory in a database.

        :param redact: called on every text before it is stored
        :param sealer: seals contacts; without it none is stored
        :param told: called with what was stored; it must return at once
        :param forget_words: takes a family's words out of rows that do not belong to its turns, when the turns go
        """
        self._redact = _closed_when_failing(redact)
        self._database = database
        self._turns = TurnStore(database, forget_words)
        self._feedback = FeedbackStore(database)
        self._handoffs = HandoffStore(database, sealer)
        self._come_back = ComeBack(database)
        self._told = told or (lambda turn_id, turn, caller: None)

    def record(self, turn: TurnRecord, *, caller: str | None = None) -> None:
        """Store a turn without personal details, or without its words if the details could not be removed.

        :param turn: as it happened; its ``id`` must be new
        :param caller: a name for the network it came from; passed to ``told``, and not stored
        :raises MemoryUnavailable: if it could not be stored
        """
        try:
            kept = self._without_details(turn)
        except MemoryUnavailable as error:
            log.error("Turn %s is kept without its words: %s", turn.id, error.found)
            kept = replace(turn, question=None, understood=None, answer=None, trace=None)
        self._turns.record(kept)
        self._tell(kept.id, kept, caller)

    def _without_details(self, turn: TurnRecord) -> TurnRecord:
        question, answer, trace = self._redacted(turn.question), turn.answer, turn.trace
        # The only words of a person in an answer are those of its question.
        if turn.question is not None and question is not None and answer is not None and question != turn.question:
            details = frozenset(_words(turn.question)).difference(_words(question))
            answer = _answer_without(details, answer, self._redact)
            trace = None if trace is None else _trace_without(details, trace, self._redact)
        understood = self._redacted(turn.understood)
        return replace(turn, question=question, understood=understood, answer=answer, trace=trace)

    def trace(self, turn_id: str) -> str | None:
        """Return how the answer of a turn came about, as JSON; see ``TurnStore.trace``."""
        return self._turns.trace(turn_id)

    def history(self, conversation_id: str, *, last: int) -> tuple[TurnRecord, ...]:
        """Return the last turns of a conversation, oldest first; see ``TurnStore.history``."""
        return self._turns.history(conversation_id, last=last)

    def conversation(self, conversation_id: str) -> tuple[RememberedTurn, ...]:
        """Return all turns of a conversation with their votes and opened passages, oldest first; empty if unknown."""
        turns = self._turns.conversation(conversation_id)
        votes = self._feedback.votes(conversation_id) if turns else {}
        opened = self._feedback.opened(conversation_id) if turns else {}
        return tuple(RememberedTurn(turn, votes.get(turn.id), opened.get(turn.id, ())) for turn in turns)

    def replies(self, conversation_id: str) -> tuple[PersonsReply, ...]:
        """Return what a person wrote to the family that now reads it; see ``ComeBack.replies``."""
        return self._come_back.replies(conversation_id, seen=True)

    def conversation_of(self, code: str) -> str | None:
        """Return the id of the conversation that a code is for; see ``ComeBack.conversation_of``."""
        return self._come_back.conversation_of(code)

    def forget(self, conversation_id: str) -> int:
        """Remove a conversation with everything that belongs to it, and return how many turns it had."""
        return self._turns.forget(conversation_id)

    def vote(self, vote: Vote, *, token: str, site: str | None = None) -> VoteOutcome:
        """Store a vote, its comment without personal details; see ``FeedbackStore.vote``."""
        outcome = self._feedback.vote(replace(vote, comment=self._redacted(vote.comment)), token=token, site=site)
        if outcome == "kept" and vote.verdict == "down":
            self._tell(vote.turn_id, None)
        return outcome

    def open_passage(self, turn_id: str, place: int, *, token: str, site: str | None = None) -> OpenOutcome:
        """Record that a family opened a near passage; see ``FeedbackStore.open_passage``."""
        outcome = self._feedback.open_passage(turn_id, place, token=token, site=site)
        if outcome == "kept":
            self._tell(turn_id, None)
        return outcome

    def hand_off(
        self, turn_id: str, *, note: str | None = None, contact: str | None = None, site: str | None = None
    ) -> HandedOff | HandoffRefusal:
        """Open a hand-off, its note without personal details and its contact sealed; see ``HandoffStore.hand_off``."""
        outcome = self._handoffs.hand_off(turn_id, note=self._redacted(note), contact=contact, site=site)
        if not isinstance(outcome, str):
            self._tell(turn_id, None)
        return outcome

    def close(self) -> None:
        """Close this process's connections; the next call opens new ones."""
        self._database.close()

    def _tell(self, turn_id: str, turn: TurnRecord | None, caller: str | None = None) -> None:
        """Report what was stored; log any error, because the data is stored and the family must not see a failure."""
        try:
            self._told(turn_id, turn, caller)
        except Exception as error:  # noqa: BLE001 - who is told looks for what it missed by itself
            log.error("Of turn %s nobody was told: %s", turn_id, type(error).__name__)

    def _redacted(self, text: str | None) -> str | None:
        return None if text is None else self._redact(text)


def _closed_when_failing(redact: Redact) -> Redact:
    """Return a redaction that refuses to store words when it fails, so that they are never stored as they are."""

    def closed(text: str) -> str:
        try:
            return redact(text)
        except Exception as error:
            raise MemoryUnavailable(f"taking personal details out failed with {type(error).__name__}") from error

    return closed


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case without accents, the form in which an answer may repeat them."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return _WORD.findall(plain.casefold())


def _answer_without(details: frozenset[str], answer: str, redact: Redact) -> str:
    """Return an answer's JSON with the details removed from our own words; quotations are never touched.

    We may repeat single words of the question, such as an unknown name. Outside their sentence the redaction does not
    recognize them either.
    """
    return with_our_words(answer, _cleaner(details, redact))


def _trace_without(details: frozenset[str], trace: str, redact: Redact) -> str:
    """Return a trace's JSON without the details, because what was looked up and not found are words of a family."""
    clean = _cleaner(details, redact)
    told = msgspec.json.decode(trace)
    for look in told.get("looked", ()):
        look["text"] = clean(look["text"])
        look["corrections"] = [
            {"typed": clean(entry["typed"]), "read": clean(entry["read"])} for entry in look["corrections"]
        ]
        for candidate in look["candidates"]:
            # These are stems, so "sofi" is as telling as the name it comes from.
            candidate["missing"] = [_GONE if _is_of(details, name) else clean(name) for name in candidate["missing"]]
    return msgspec.json.encode(told).decode()


def _is_of(details: frozenset[str], stem: str) -> bool:
    return any(word.startswith(stem) or stem.startswith(word) for word in details)


def _cleaner(details: frozenset[str], redact: Redact) -> Redact:
    """Return a function that removes details from our own words, by the redaction and by each of these words."""

    def clean(text: str) -> str:
        return _WORD.sub(lambda found: _GONE if details.intersection(_words(found[0])) else found[0], redact(text))

    return clean
