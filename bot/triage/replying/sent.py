"""Tell what became of sent replies (seen, mailed, refused), and withdraw them while nobody has them.

Knows nothing of who writes, or of how mail is sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select

from bot.storage.tables import Reply
from bot.triage.telling.outbox import NO_ADDRESS, REPLY
from bot.triage.telling.tables import Delivery
from bot.triage.tickets.tables import Asking


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of a reply to one family, under one of its turns.

    Its mail is ``mailed``, ``soon`` to be sent, ``retrying`` after a failure, ``failed`` for good, or ``without`` an
    address; empty where none was to be sent.
    """

    turn_id: str
    is_seen: bool
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply that was sent: to how many families, how many of them have seen it, and what became of it for each."""

    id: str
    at: datetime
    who: str
    author_label: str
    text: str
    families: int
    seen: int
    reached: tuple[Reached, ...] = ()

    def mailed(self, state: str = "mailed") -> int:
        """Return for how many families its mail has reached a state."""
        return sum(one.mail == state for one in self.reached)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """From how many families a reply was withdrawn, and how many keep it."""

    gone: int
    stayed: int


def sent_to(ticket_id: str, connection: Connection) -> list[Sent]:
    """Return what was sent to the families of a ticket, the oldest first."""
    found = [Sent(*row) for row in connection.execute(_SENT.where(Asking.ticket_id == ticket_id))]
    reached: dict[str, list[Reached]] = defaultdict(list)
    for row in connection.execute(_REACHED.where(Asking.ticket_id == ticket_id)) if found else ():
        reached[row.sent_id].append(Reached(row.turn_id, row.seen_at is not None, _state_of(row)))
    return [replace(one, reached=tuple(reached[one.id])) for one in found]


def withdraw(ticket_id: str, sent_id: str, connection: Connection) -> Withdrawn:
    """Remove those replies of a sending that were neither seen nor mailed, with their waiting mail."""
    of_ticket = select(Asking.turn_id).where(Asking.ticket_id == ticket_id)
    all_ids = _ids(connection, Reply.sent_id == sent_id, Reply.turn_id.in_(of_ticket))
    gone = _ids(connection, Reply.id.in_(all_ids), Reply.seen_at.is_(None), ~Reply.id.in_(_out(all_ids)))
    connection.execute(delete(Delivery).where(Delivery.event == REPLY, Delivery.body.in_(gone)))
    connection.execute(delete(Reply).where(Reply.id.in_(gone)))
    return Withdrawn(len(gone), len(all_ids) - len(gone))


def _ids(connection: Connection, *conditions: Any) -> Sequence[str]:
    return connection.execute(select(Reply.id).where(*conditions)).scalars().all()


def _out(reply_ids: Sequence[str]) -> Any:
    """Select those of some replies that were mailed or are just being handed to the mail server."""
    mailed = (Delivery.state == "sent") & Delivery.fault.is_(None)
    held = (Delivery.state == "waiting") & (Delivery.held_until > datetime.now(UTC))
    return select(Delivery.body).where(Delivery.event == REPLY, Delivery.body.in_(reply_ids), or_(mailed, held))


def _state_of(row: Any) -> str:
    if row.state is None:
        return ""
    if row.state == "sent":
        return "without" if row.fault == NO_ADDRESS else "mailed"
    if row.state == "dead":
        return "failed"
    return "retrying" if row.fault else "soon"


_SENT = (
    select(
        Reply.sent_id, func.min(Reply.written_at), func.min(Reply.account_name),
        func.min(Reply.author_label), func.min(Reply.text), func.count(), func.count(Reply.seen_at),
    )
    .join(Asking, Asking.turn_id == Reply.turn_id)
    .group_by(Reply.sent_id)
    .order_by(func.min(Reply.written_at))
)  # fmt: skip
# Joined by the turn, which has an index. Mail sent before reply ids were kept is not reported.
_OF_REPLY = (Delivery.turn_id == Reply.turn_id) & (Delivery.body == Reply.id) & (Delivery.event == REPLY)
_REACHED = (
    select(Reply.sent_id, Reply.turn_id, Reply.seen_at, Delivery.state, Delivery.fault)
    .join(Asking, Asking.turn_id == Reply.turn_id)
    .outerjoin(Delivery, _OF_REPLY)
    .order_by(Asking.asked_at)
)
