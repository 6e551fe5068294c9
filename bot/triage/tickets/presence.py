"""Tell who has which ticket open just now, and who is writing in it.

A page reports again and again while it is open. Old reports are deleted, so that nobody's days can be read from them.
Knows nothing of HTTP.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.storage.connections import Database
from bot.triage.people.tables import Account
from bot.triage.rows import add_unless_there
from bot.triage.tickets.tables import Presence, Ticket

# A page reports every few seconds that it is open; one that missed three reports is closed.
GONE_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class There:
    """Somebody who has a ticket open."""

    name: str
    is_typing: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What is going on around a ticket: who else has it open, its version, and how often it was asked."""

    others: Sequence[There]
    version: int
    askings: int


class Presences:
    """Who has which ticket open, kept in one database, so that all workers know it."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def note(self, ticket_id: str, account_id: str, *, is_typing: bool) -> Around | None:
        """Keep that somebody has a ticket open.

        :returns: what is going on around it, ``None`` if there is no such ticket
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.transaction() as connection:
            columns = (Ticket.version, Ticket.askings)
            ticket = connection.execute(select(*columns).where(Ticket.id == ticket_id)).first()
            if ticket is None:
                return None
            self._forget(connection, account_id)
            values = {"account_id": account_id, "ticket_id": ticket_id, "seen_at": self._now(), "is_typing": is_typing}
            # Two pages of one person may report at the same moment.
            add_unless_there(connection, Presence, values)
            others = _who(connection, self._now(), Presence.ticket_id == ticket_id, Account.id != account_id)
        return Around(others.get(ticket_id, []), ticket.version, ticket.askings)

    def leave(self, ticket_id: str, account_id: str) -> None:
        """Forget that somebody has a ticket open, unless they have opened another since."""
        own = (Presence.account_id == account_id, Presence.ticket_id == ticket_id)
        with self._database.statement() as connection:
            connection.execute(delete(Presence).where(*own))

    def all(self, *, but: str) -> dict[str, list[There]]:
        """Return who has tickets open, by ticket, without one account."""
        with self._database.statement() as connection:
            return _who(connection, self._now(), Account.id != but)

    def _forget(self, connection: Connection, account_id: str) -> None:
        gone = (Presence.account_id == account_id) | (Presence.seen_at < self._now() - GONE_AFTER)
        connection.execute(delete(Presence).where(gone))


def _who(connection: Connection, now: datetime, *conditions: ColumnElement[bool]) -> dict[str, list[There]]:
    query = (
        select(Presence.ticket_id, Account.name, Presence.is_typing)
        .join(Account, Account.id == Presence.account_id)
        .where(Presence.seen_at >= now - GONE_AFTER, *conditions)
        .order_by(Account.folded)
    )
    found: dict[str, list[There]] = defaultdict(list)
    for ticket_id, name, is_typing in connection.execute(query):
        found[ticket_id].append(There(name, is_typing))
    return found
