"""Keep what somebody types until it is sent or thrown away.

It belongs to its owner alone. Knows nothing of what the fields are for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select

from bot.storage.connections import Database
from bot.triage.tickets.tables import Ticket, Undo, Unsent


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in a place, and when that was last kept; ``None`` if nothing is kept."""

    fields: Mapping[str, str] = field(default_factory=dict)
    saved_at: datetime | None = None


class Unsents:
    """What people typed and have not sent, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, account_id: str, place: str, fields: Mapping[str, str], *, ticket_id: str | None = None) -> None:
        """Keep what somebody typed, in place of what they typed there before; nothing if it is all empty.

        :param ticket_id: the ticket it is about; it is removed with this ticket, and not kept if there is none such
        :raises MemoryUnavailable: if the database cannot be used
        """
        held = {name: value for name, value in fields.items() if value.strip()}
        with self._database.transaction() as connection:
            connection.execute(delete(Unsent).where(*_is(account_id, place)))
            if held and _may_stay(ticket_id, connection):
                values = {"account_id": account_id, "place": place, "ticket_id": ticket_id}
                text = msgspec.json.encode(held).decode()
                connection.execute(insert(Unsent), {**values, "saved_at": datetime.now(UTC), "fields": text})

    def typed(self, account_id: str, place: str) -> Typed:
        """Return what somebody typed in a place."""
        query = select(Unsent.fields, Unsent.saved_at).where(*_is(account_id, place))
        with self._database.statement() as connection:
            row = connection.execute(query).first()
        return Typed() if row is None else Typed(msgspec.json.decode(row.fields, type=dict[str, str]), row.saved_at)

    def drop(self, account_id: str, place: str) -> None:
        """Forget what somebody typed in a place."""
        with self._database.statement() as connection:
            connection.execute(delete(Unsent).where(*_is(account_id, place)))


def forget_unsent(connection: Connection, before: datetime) -> None:
    """Remove what was typed, and what could be undone, from before a moment.

    :param before: the first moment to keep
    """
    connection.execute(delete(Unsent).where(Unsent.saved_at < before))
    connection.execute(delete(Undo).where(Undo.made_at < before))


def _may_stay(ticket_id: str | None, connection: Connection) -> bool:
    known = select(Ticket.id).where(Ticket.id == ticket_id)
    return ticket_id is None or connection.execute(known).first() is not None


def _is(account_id: str, place: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Unsent.account_id == account_id, Unsent.place == place
