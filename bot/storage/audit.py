"""Record what accounts and commands did, in rows that nobody can change.

Never holds a word of a family: objects are named by their ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.storage.connections import Database
from bot.storage.tables import AuditEntry

_SELECT = select(
    AuditEntry.id, AuditEntry.at, AuditEntry.account_name, AuditEntry.action, AuditEntry.object, AuditEntry.detail
).order_by(AuditEntry.id.desc())
# The account for an attempt with an unknown name. No account's name may have a bracket.
NOBODY = "(nobody)"
_MOST_NAME_CHARS = 64


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One action that was recorded."""

    id: int
    at: datetime
    account_name: str
    action: str
    object: str
    detail: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter for entries; ``None`` matches all. ``action`` is a prefix such as ``reply.``; ``until`` is exclusive."""

    account_name: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def command_line(user: str) -> str:
    """Return the account name that stands for a person who typed a command."""
    return f"(command line: {user[: _MOST_NAME_CHARS - len('(command line: )')]})"


class AuditLog:
    """The append-only log; the database refuses to change or remove a row of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, account_name: str, action: str, *, object: str = "", detail: str = "") -> None:  # noqa: A002
        """Add an entry on its own; see ``write``."""
        with self._database.statement() as connection:
            write(connection, account_name, action, object=object, detail=detail)

    def entries(
        self, wanted: Wanted = Wanted(), *, before: int | None = None, limit: int = 100
    ) -> Sequence[AuditRecord]:
        """Return entries, newest first.

        :param before: only entries older than the one with this id
        :param limit: the most entries
        :raises MemoryUnavailable: if the database cannot be used
        """
        conditions = [
            None if wanted.account_name is None else AuditEntry.account_name == wanted.account_name,
            None if wanted.action is None else AuditEntry.action.startswith(wanted.action, autoescape=True),
            None if wanted.since is None else AuditEntry.at >= wanted.since,
            None if wanted.until is None else AuditEntry.at < wanted.until,
            None if before is None else AuditEntry.id < before,
        ]
        query = _SELECT.where(*(one for one in conditions if one is not None)).limit(limit)
        with self._database.statement() as connection:
            return [_entry(row) for row in connection.execute(query)]


def write(connection: Connection, account_name: str, action: str, *, object: str = "", detail: str = "") -> None:  # noqa: A002
    """Add an entry in the transaction of the action that it records.

    :param action: what was done, as ``thing.verb``
    """
    values = {"at": datetime.now(UTC), "account_name": account_name, "action": action}
    connection.execute(insert(AuditEntry), {**values, "object": object[:128], "detail": detail})


def _entry(row: Sequence[Any]) -> AuditRecord:
    return AuditRecord(*row)
