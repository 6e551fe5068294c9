"""Replies that were sent -> what became of them: seen, mailed, refused; and taken back while nobody has them.

In: a ticket. Out: one entry for each sending. It must not know who writes, or how mail is sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select

from bot.conversing.tables import Base, Reply
from bot.triage.telling.outbox import NO_ADDRESS, REPLY
from bot.triage.telling.tables import Delivery
from bot.triage.tickets.tables import Asking

_ASKING, _REPLY, _DELIVERY = (Base.metadata.tables[table.__tablename__] for table in (Asking, Reply, Delivery))


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of a reply to one family, under one of its turns. Its mail is ``mailed``, ``soon`` to be,
    ``retrying`` after it failed, ``failed`` for good, or ``without`` an address; nothing where none was to be sent."""

    turn_id: str
    is_seen: bool
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply that was sent: to how many families, how many of them have seen it, and what became of it at each."""

    id: str
    at: datetime
    who: str
    author_label: str
    text: str
    families: int
    seen: int
    reached: tuple[Reached, ...] = ()

    def mailed(self, state: str = "mailed") -> int:
        """Return at how many families its mail has come to a state."""
        return sum(one.mail == state for one in self.reached)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """From how many families a reply was taken back, and how many have it."""

    gone: int
    stayed: int


def sent_to(ticket_id: str, connection: Connection) -> list[Sent]:
    """Return what was sent to those of a ticket, the first first."""
    found = [Sent(*row) for row in connection.execute(_SENT.where(_ASKING.c.ticket_id == ticket_id))]
    reached: dict[str, list[Reached]] = defaultdict(list)
    for row in connection.execute(_REACHED.where(_ASKING.c.ticket_id == ticket_id)) if found else ():
        reached[row.sent_id].append(Reached(row.turn_id, row.seen_at is not None, _state_of(row)))
    return [replace(one, reached=tuple(reached[one.id])) for one in found]


def withdraw(ticket_id: str, sent_id: str, connection: Connection) -> Withdrawn:
    """Remove the replies of a sending that nobody has seen or been mailed, with what was to be mailed of them.

    :param ticket_id: the ticket under which it was sent
    :param sent_id: of the sending
    :param connection: of a transaction
    :returns: how many went and how many stayed
    """
    of_ticket = select(_ASKING.c.turn_id).where(_ASKING.c.ticket_id == ticket_id)
    all_ids = _ids(connection, _REPLY.c.sent_id == sent_id, _REPLY.c.turn_id.in_(of_ticket))
    gone = _ids(connection, _REPLY.c.id.in_(all_ids), _REPLY.c.seen_at.is_(None), ~_REPLY.c.id.in_(_out(all_ids)))
    connection.execute(delete(_DELIVERY).where(_DELIVERY.c.event == REPLY, _DELIVERY.c.body.in_(gone)))
    connection.execute(delete(_REPLY).where(_REPLY.c.id.in_(gone)))
    return Withdrawn(len(gone), len(all_ids) - len(gone))


def _ids(connection: Connection, *conditions: Any) -> Sequence[str]:
    return connection.execute(select(_REPLY.c.id).where(*conditions)).scalars().all()


def _out(reply_ids: Sequence[str]) -> Any:
    """Of some replies, those that were mailed or are just being handed to the mail server."""
    mailed = (_DELIVERY.c.state == "sent") & _DELIVERY.c.fault.is_(None)
    held = (_DELIVERY.c.state == "waiting") & (_DELIVERY.c.held_until > datetime.now(UTC))
    return select(_DELIVERY.c.body).where(
        _DELIVERY.c.event == REPLY, _DELIVERY.c.body.in_(reply_ids), or_(mailed, held)
    )


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
        _REPLY.c.sent_id, func.min(_REPLY.c.written_at), func.min(_REPLY.c.account_name),
        func.min(_REPLY.c.author_label), func.min(_REPLY.c.text), func.count(), func.count(_REPLY.c.seen_at),
    )
    .join(_ASKING, _ASKING.c.turn_id == _REPLY.c.turn_id)
    .group_by(_REPLY.c.sent_id)
    .order_by(func.min(_REPLY.c.written_at))
)  # fmt: skip
# By the turn, which has an index; of what was sent before its id was kept no mail is told.
_OF_REPLY = (_DELIVERY.c.turn_id == _REPLY.c.turn_id) & (_DELIVERY.c.body == _REPLY.c.id) & (_DELIVERY.c.event == REPLY)
_REACHED = (
    select(_REPLY.c.sent_id, _REPLY.c.turn_id, _REPLY.c.seen_at, _DELIVERY.c.state, _DELIVERY.c.fault)
    .join(_ASKING, _ASKING.c.turn_id == _REPLY.c.turn_id)
    .outerjoin(_DELIVERY, _OF_REPLY)
    .order_by(_ASKING.c.asked_at)
)
