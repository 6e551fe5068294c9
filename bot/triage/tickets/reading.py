"""Read all that staff see of one ticket: the ticket, who asked it, and what happened to it.

Words are those that the memory kept, without personal details. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import RowMapping, func, select

from bot.storage.connections import Database
from bot.storage.tables import Contact, Feedback, Handoff, Reply, Turn
from bot.triage.tickets.queue import Row, rows_query, with_labels
from bot.triage.tickets.rules import Reason
from bot.triage.tickets.tables import Asking, Ticket, TicketEvent

# More wordings of the same question than anybody reads.
_ASKINGS = 30


@dataclass(frozen=True, slots=True)
class AskedBy:
    """A family that asked: its turn, the answer to it as JSON, and what the family said of that."""

    turn_id: str
    conversation_id: str
    asked_at: datetime
    question: str | None
    status: str
    confidence: float
    answer: str | None
    reasons: tuple[Reason, ...]
    verdict: str | None
    comment: str | None
    note: str | None
    handoff_id: str | None
    has_contact: bool
    replies: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket."""

    at: datetime
    who: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class WholeTicket:
    """A ticket with who asked it and what happened to it, both in order of time."""

    row: Row
    askings: Sequence[AskedBy]
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Where:
    """Where a turn belongs; ``ticket_id`` is ``None`` for one that is in no ticket."""

    conversation_id: str
    ticket_id: str | None


class Tickets:
    """The tickets, read one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, ticket_id: str) -> WholeTicket | None:
        """Return a ticket, ``None`` if there is none.

        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.statement() as connection:
            rows = with_labels(connection.execute(rows_query().where(Ticket.id == ticket_id)).all(), connection)
            if not rows:
                return None
            askings = connection.execute(_ASKED.where(Asking.ticket_id == ticket_id)).all()
            events = connection.execute(_HAPPENED.where(TicketEvent.ticket_id == ticket_id)).all()
        return WholeTicket(rows[0], [_asked_by(row._mapping) for row in askings], [Event(*row) for row in events])

    def where(self, turn_id: str) -> Where | None:
        """Return where a turn belongs, ``None`` if there is no such turn."""
        with self._database.statement() as connection:
            row = connection.execute(_WHERE.where(Turn.id == turn_id)).first()
        return None if row is None else Where(*row)


_WHERE = select(Turn.conversation_id, Asking.ticket_id).outerjoin(Asking, Asking.turn_id == Turn.id)


def _asked_by(row: RowMapping) -> AskedBy:
    found: dict[str, Any] = {**row}
    found["reasons"] = tuple(cast("list[Reason]", found["reasons"].split(",")))
    found["has_contact"] = found["has_contact"] is not None
    return AskedBy(**found)


_ASKED = (
    select(
        Turn.id.label("turn_id"), Turn.conversation_id, Turn.asked_at, Turn.question, Turn.status,
        Turn.confidence, Turn.answer,
        Asking.reasons, Feedback.verdict, Feedback.comment, Handoff.note, Handoff.id.label("handoff_id"),
        Contact.handoff_id.label("has_contact"),
        select(func.count()).where(Reply.turn_id == Turn.id).scalar_subquery().label("replies"),
    )
    .join(Asking, Asking.turn_id == Turn.id)
    .outerjoin(Feedback, Feedback.turn_id == Turn.id)
    .outerjoin(Handoff, (Handoff.turn_id == Turn.id) & (Handoff.status == "open"))
    .outerjoin(Contact, Contact.handoff_id == Handoff.id)
    .order_by(Asking.asked_at)
    .limit(_ASKINGS)
)  # fmt: skip
_HAPPENED = select(TicketEvent.at, TicketEvent.account_name, TicketEvent.kind, TicketEvent.text).order_by(
    TicketEvent.id
)
