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
class Mailed:
    """To how many families a reply went by mail: ``mailed`` it did, ``soon`` it is about to, ``retrying`` it failed and
    is tried again, ``failed`` it was given up, ``without`` they left no address."""

    mailed: int = 0
    soon: int = 0
    retrying: int = 0
    failed: int = 0
    without: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply that was sent: to how many families, how many of them have seen it, what became of its mail, and under
    which turns it stands."""

    id: str
    at: datetime
    who: str
    author_label: str
    text: str
    families: int
    seen: int
    mail: Mailed = Mailed()
    turn_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """From how many families a reply was taken back, and how many have it."""

    gone: int
    stayed: int


def sent_to(ticket_id: str, connection: Connection) -> list[Sent]:
    """Return what was sent to those of a ticket, the first first."""
    found = [Sent(*row) for row in connection.execute(_SENT.where(_ASKING.c.ticket_id == ticket_id))]
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in connection.execute(_MAILED.where(_ASKING.c.ticket_id == ticket_id)) if found else ():
        counts[row.sent_id][_state_of(row)] += 1
    turns: dict[str, set[str]] = defaultdict(set)
    for under in connection.execute(_UNDER.where(_ASKING.c.ticket_id == ticket_id)) if found else ():
        turns[under.sent_id].add(under.turn_id)
    return [replace(one, mail=Mailed(**counts[one.id]), turn_ids=frozenset(turns[one.id])) for one in found]


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
_UNDER = select(_REPLY.c.sent_id, _REPLY.c.turn_id).join(_ASKING, _ASKING.c.turn_id == _REPLY.c.turn_id)
# By the turn, which has an index; what was sent before its id was kept is not told of.
_MAILED = (
    select(_REPLY.c.sent_id, _DELIVERY.c.state, _DELIVERY.c.fault)
    .join(_ASKING, _ASKING.c.turn_id == _REPLY.c.turn_id)
    .join(_DELIVERY, (_DELIVERY.c.turn_id == _REPLY.c.turn_id) & (_DELIVERY.c.body == _REPLY.c.id))
    .where(_DELIVERY.c.event == REPLY)
)
