"""Take turns that no longer need staff out of their tickets, within one transaction.

Their families opened a passage that may hold the answer. A ticket that staff have begun to work on keeps its turns, so
that nothing vanishes under their hands; gaps leave such turns out in any case.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, exists, select, update

from bot.triage.tickets.joining import turn_clock
from bot.triage.tickets.tables import Asking, Ticket, TicketEvent

_IS_UNTOUCHED = (
    Ticket.version == 1,
    Ticket.assignee_id.is_(None),
    ~exists().where(TicketEvent.ticket_id == Ticket.id),
)


def withdraw(turn_ids: Collection[str], connection: Connection) -> None:
    """Take turns out of tickets that nobody has touched yet; a ticket is removed with its last turn.

    :param turn_ids: whether they are in a ticket or not
    """
    inside = (
        select(Asking.turn_id, Asking.ticket_id)
        .join(Ticket, Ticket.id == Asking.ticket_id)
        .where(Asking.turn_id.in_(turn_ids), *_IS_UNTOUCHED)
    )
    if connection.execute(inside.limit(1)).first() is None:
        return
    tick = turn_clock(connection)
    # Read again, since whoever had the queue locked until now may have changed it.
    found = connection.execute(inside).all()
    connection.execute(delete(Asking).where(Asking.turn_id.in_([row.turn_id for row in found])))
    connection.execute(update(Ticket).where(Ticket.id.in_([row.ticket_id for row in found])).values(tick=tick))
