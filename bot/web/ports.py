"""What the web needs from an answerer and from a memory.

Comes in: nothing. Goes out: Protocols, so that tests can hand in a fake and wiring the real one. It must not know how
answers are found, or where anything is kept.
"""

from __future__ import annotations

from typing import Protocol

from bot.conversing.dialogue import Replied
from bot.conversing.feedback import Vote, VoteOutcome
from bot.conversing.handoff import HandedOff, HandoffRefusal
from bot.conversing.history import History
from bot.conversing.remembering import RememberedTurn
from bot.conversing.turn import TurnRecord
from bot.records import Hit, Source


class AnswererPort(Protocol):
    """Whatever answers questions from one Build at a time, safe to call from several threads."""

    @property
    def build_id(self) -> str:
        """The id of the Build that answers now."""

    def ready(self) -> bool:
        """Whether a Build is loaded and questions can be answered."""

    def reply(self, message: str, history: History = (), *, country: str, in_context: bool = True) -> Replied:
        """The Answer to a message in its conversation; raises QuestionRejected or IndexUnavailable."""

    def search(self, question: str, k: int) -> list[Hit]:
        """The best ``k`` passages, best first; raises QuestionRejected or IndexUnavailable."""

    def suggestions(self) -> list[str]:
        """First questions to offer, best first."""

    def source(self, source_id: str) -> Source | None:
        """The source with this id in the current Build, ``None`` if there is none."""

    def sources(self) -> list[Source]:
        """Every source of the current Build, in a stable order."""


class MemoryPort(Protocol):
    """Whatever remembers conversations, safe to call from several threads; each call may raise MemoryUnavailable.

    It takes personal details out of people's words before it keeps them.
    """

    def record(self, turn: TurnRecord) -> None:
        """Keeps a turn; it is safe when this returns."""

    def trace(self, turn_id: str) -> str | None:
        """How the answer of a turn came about, as JSON; ``None`` if that was not kept."""

    def history(self, conversation_id: str, *, last: int) -> tuple[TurnRecord, ...]:
        """The last turns of a conversation, oldest first."""

    def conversation(self, conversation_id: str) -> tuple[RememberedTurn, ...]:
        """All turns of a conversation, oldest first; none if it is not known."""

    def forget(self, conversation_id: str) -> int:
        """Removes a conversation with all that hangs on it; how many turns it had."""

    def vote(self, vote: Vote, *, token: str) -> VoteOutcome:
        """Keeps a vote if the token is the one that came with the answer; what became of it."""

    def hand_off(
        self, turn_id: str, *, note: str | None = None, contact: str | None = None
    ) -> HandedOff | HandoffRefusal:
        """Opens a hand-off or adds to the open one; or why not."""
