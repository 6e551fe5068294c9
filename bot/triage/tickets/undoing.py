"""Undo a change of tickets, as long as nobody has changed them since.

Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from bot.storage import audit
from bot.storage.connections import Database
from bot.triage.people.account import Staff
from bot.triage.rows import add_unless_there
from bot.triage.tickets.joining import note_event, turn_clock
from bot.triage.tickets.tables import Ticket, TicketLabel, Undo

_ID_BYTES = 12
# Later, others may have built on the change.
MAY_BE_UNDONE = timedelta(hours=1)


class Was(msgspec.Struct, frozen=True):
    """A ticket before a change.

    ``version`` is the one after the change. The other fields are what the changed columns held, and the labels that
    came and went.
    """

    ticket_id: str
    version: int
    status: str | None = None
    snoozed_until: datetime | None = None
    priority: int | None = None
    due_at: datetime | None = None
    assignee_id: str | None = None
    had_assignee: bool = False
    came: str | None = None
    went: str | None = None


def keep(connection: Connection, was: Sequence[Was], *, by: Staff) -> str | None:
    """Keep what tickets were, in the transaction that changes them.

    :returns: the id by which it can be undone; ``None`` if nothing was changed
    """
    if not was:
        return None
    now = datetime.now(UTC)
    undo_id = token_urlsafe(_ID_BYTES)
    connection.execute(delete(Undo).where(Undo.account_id == by.id, Undo.made_at < now - MAY_BE_UNDONE))
    values = {"id": undo_id, "account_id": by.id, "made_at": now, "was": msgspec.json.encode(was).decode()}
    connection.execute(insert(Undo), values)
    return undo_id


def take_back(database: Database, undo_id: str, *, by: Staff) -> tuple[int, list[str]] | None:
    """Restore what tickets were.

    :param undo_id: from ``keep``
    :returns: how many were restored, and the ids of those that somebody has changed since; ``None`` if it is too late
    :raises MemoryUnavailable: if the database cannot be used; then nothing was restored
    """
    mine = (Undo.id == undo_id, Undo.account_id == by.id, Undo.made_at > datetime.now(UTC) - MAY_BE_UNDONE)
    with database.transaction() as connection:
        tick = turn_clock(connection)
        kept = connection.execute(select(Undo.was).where(*mine)).scalar()
        if kept is None:
            return None
        connection.execute(delete(Undo).where(*mine))
        tickets = msgspec.json.decode(kept, type=list[Was])
        late = [one.ticket_id for one in tickets if not _restored(one, tick, by, connection)]
    return len(tickets) - len(late), late


def _restored(was: Was, tick: int, by: Staff, connection: Connection) -> bool:
    as_left = (Ticket.id == was.ticket_id, Ticket.version == was.version)
    if connection.execute(update(Ticket).where(*as_left).values(**_values(was), tick=tick)).rowcount == 0:
        return False
    if was.came:
        connection.execute(
            delete(TicketLabel).where(TicketLabel.ticket_id == was.ticket_id, TicketLabel.label == was.came)
        )
    if was.went:
        add_unless_there(connection, TicketLabel, {"ticket_id": was.ticket_id, "label": was.went})
    note_event(connection, was.ticket_id, by.name, "undo", was.status or "")
    audit.write(connection, by.name, "ticket.undo", object=was.ticket_id)
    return True


def _values(was: Was) -> dict[str, Any]:
    values: dict[str, Any] = {"version": was.version + 1}
    if was.status is not None:
        values |= {"status": was.status, "snoozed_until": was.snoozed_until}
    if was.priority is not None:
        values |= {"priority": was.priority, "due_at": was.due_at}
    if was.had_assignee:
        values["assignee_id"] = was.assignee_id
    return values
