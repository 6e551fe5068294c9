"""The queue -> a few lines for those who look at it once a day.

In: the database. Out: counts and links, without a word of a family. It must not know who gets it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from bot.conversing.connections import Database
from bot.conversing.tables import Base
from bot.triage.tickets.rules import PRIORITIES
from bot.triage.tickets.tables import Ticket

_TICKET = Base.metadata.tables[Ticket.__tablename__]
_OLDEST = 5


def digest_text(database: Database, now: datetime, *, base_url: str) -> str:
    """Return what waits, by priority, and what waits longest.

    :param database: its tables are up to date
    :param now: the moment that due times are compared with
    :param base_url: ``https://host`` in front of links; empty leaves them relative
    :returns: plain text
    """
    is_open = _TICKET.c.status.in_(("open", "pending"))
    counts = select(_TICKET.c.priority, func.count()).where(is_open).group_by(_TICKET.c.priority)
    late = select(func.count()).where(is_open, _TICKET.c.due_at < now)
    oldest = select(_TICKET.c.id, _TICKET.c.priority, _TICKET.c.created_at).where(is_open)
    with database.statement() as connection:
        found = {row[0]: row[1] for row in connection.execute(counts)}
        overdue = connection.execute(late).scalar_one()
        rows = connection.execute(oldest.order_by(_TICKET.c.created_at).limit(_OLDEST)).all()
    lines = [f"Waiting: {sum(found.values())} tickets, {overdue} of them overdue."]
    lines += [f"  {name}: {found.get(number, 0)}" for number, name in enumerate(PRIORITIES)]
    if rows:
        lines += ["", "Waiting longest:"]
        lines += [
            f"  {(now - row.created_at).days} days, {PRIORITIES[row.priority]}: {base_url}/staff/tickets/{row.id}"
            for row in rows
        ]
    return "\n".join(lines) + "\n"
