"""What the web needs from an answerer, from a memory and from whoever knows the sites.

Comes in: nothing. Goes out: Protocols, so that tests can hand in a fake and wiring the real one. It must not know how
answers are found, or where anything is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.conversing.comeback import PersonsReply
from bot.conversing.feedback import OpenOutcome, Vote, VoteOutcome
from bot.conversing.handoff import HandedOff, HandoffRefusal
from bot.conversing.history import History
from bot.conversing.remembering import RememberedTurn
from bot.conversing.replied import Replied
from bot.conversing.turn import TurnRecord
from bot.records import Hit, Source
from bot.sites.site import Site


class AnswererPort(Protocol):
    """Whatever answers questions from one Build at a time, safe to call from several threads."""

    @property
    def build_id(self) -> str:
        """The id of the Build that answers now."""

    def ready(self) -> bool:
        """Whether a Build is loaded and questions can be answered."""

    def reply(
        self, message: str, history: History = (), *, country: str, in_context: bool = True, tags: Collection[str] = ()
    ) -> Replied:
        """The Answer to a message in its conversation; raises QuestionRejected or IndexUnavailable.

        Of ``tags`` a source must have one to be answered from; without any, all are.
        """

    def search(self, question: str, k: int, *, tags: Collection[str] = ()) -> list[Hit]:
        """The best ``k`` passages, best first; raises QuestionRejected or IndexUnavailable."""

    def suggestions(self, *, tags: Collection[str] = ()) -> list[str]:
        """First questions to offer, best first."""

    def source(self, source_id: str) -> Source | None:
        """The source with this id in the current Build, ``None`` if there is none."""

    def sources(self) -> list[Source]:
        """Every source of the current Build, in a stable order."""


class MemoryPort(Protocol):
    """Whatever remembers conversations, safe to call from several threads; each call may raise MemoryUnavailable.

    It takes personal details out of people's words before it keeps them.
    """

    def record(self, turn: TurnRecord, *, caller: str | None = None) -> None:
        """Keeps a turn; it is safe when this returns. ``caller`` names the network that asked, and is not kept."""

    def trace(self, turn_id: str) -> str | None:
        """How the answer of a turn came about, as JSON; ``None`` if that was not kept."""

    def history(self, conversation_id: str, *, last: int) -> tuple[TurnRecord, ...]:
        """The last turns of a conversation, oldest first."""

    def conversation(self, conversation_id: str) -> tuple[RememberedTurn, ...]:
        """All turns of a conversation, oldest first; none if it is not known."""

    def replies(self, conversation_id: str) -> tuple[PersonsReply, ...]:
        """What a person wrote to the family of a conversation, oldest first; the family has seen it then."""

    def conversation_of(self, code: str) -> str | None:
        """The id of the conversation that a come-back code is for, ``None`` if it is for none."""

    def forget(self, conversation_id: str) -> int:
        """Removes a conversation with all that hangs on it; how many turns it had."""

    def vote(self, vote: Vote, *, token: str, site: str | None = None) -> VoteOutcome:
        """Keeps a vote on a turn of the site if the token is the one of its answer; what became of it."""

    def open_passage(self, turn_id: str, place: int, *, token: str, site: str | None = None) -> OpenOutcome:
        """Keeps that a near passage of a turn was opened, if the token is the one of its answer; what became of it."""

    def hand_off(
        self, turn_id: str, *, note: str | None = None, contact: str | None = None, site: str | None = None
    ) -> HandedOff | HandoffRefusal:
        """Opens a hand-off of a turn of the site or adds to the open one; or why not."""


class SitesPort(Protocol):
    """Whoever knows the partners' sites as they are now, safe to call from several threads and for each request.

    Each call but ``closed`` may raise MemoryUnavailable, as long as nothing could be read.
    """

    def find(self, site_id: str) -> Site | None:
        """The site with this public id, ``None`` if there is none."""

    def owner_of(self, key: str) -> str | None:
        """The id of the site whose server has this key, ``None`` for a key that is not good."""

    def logo(self, digest: str) -> bytes | None:
        """The picture with this name (PNG), ``None`` if no site has it."""

    def closed(self) -> bool:
        """Whether no answers are to be given on any site."""
