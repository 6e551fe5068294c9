"""Store turns so that they survive a crash, and read and remove them.

The words of a turn arrive without personal details. Knows nothing of HTTP, of settings, or of what the words say.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from bot.storage.connections import Database
from bot.storage.tables import Turn
from bot.storage.turn import TurnRecord

# The trace is long and only staff read it, so the query of every follow-up leaves it out.
_COLUMNS = tuple(field.name for field in fields(TurnRecord) if field.name != "trace")
# The fastest: a trace is mostly names of signals, and still shrinks to a fifth.
_COMPRESSION = 1
_INSERT = insert(Turn)
_SELECT = select(*(getattr(Turn, name) for name in _COLUMNS))


# Takes the words of turns that are about to be deleted out of rows that outlive them, in the same transaction.
ForgetWords = Callable[[Connection, ColumnElement[bool]], None]


class TurnStore:
    """The turns in one database."""

    def __init__(self, database: Database, forget_words: ForgetWords | None = None) -> None:
        self.database = database
        self._forget_words = forget_words or (lambda connection, which: None)

    def record(self, turn: TurnRecord) -> None:
        """Store a turn; when this returns, it survives the death of this process.

        :param turn: its ``id`` must be new
        :raises MemoryUnavailable: if it could not be stored
        """
        with self.database.statement() as connection:
            connection.execute(
                _INSERT, {name: getattr(turn, name) for name in _COLUMNS} | {"trace": _packed(turn.trace)}
            )

    def trace(self, turn_id: str) -> str | None:
        """Return how the answer of a turn came about, as JSON; ``None`` if that was not stored."""
        with self.database.statement() as connection:
            packed = connection.execute(select(Turn.trace).where(Turn.id == turn_id)).scalar()
        return None if packed is None else zlib.decompress(packed).decode()

    def history(self, conversation_id: str, *, last: int) -> tuple[TurnRecord, ...]:
        """Return the last turns of a conversation, by one query that an index serves in order.

        :param last: the most turns
        :returns: oldest first; empty for an unknown conversation
        :raises MemoryUnavailable: if the database cannot be used
        """
        backward = (Turn.asked_at.desc(), Turn.id.desc())
        found = _SELECT.where(Turn.conversation_id == conversation_id).order_by(*backward).limit(last)
        with self.database.statement() as connection:
            return tuple(map(_record, reversed(connection.execute(found).all())))

    def conversation(self, conversation_id: str) -> tuple[TurnRecord, ...]:
        """Return all turns of a conversation.

        :returns: oldest first; empty for an unknown conversation
        :raises MemoryUnavailable: if the database cannot be used
        """
        forward = (Turn.asked_at, Turn.id)
        found = _SELECT.where(Turn.conversation_id == conversation_id).order_by(*forward)
        with self.database.statement() as connection:
            return tuple(map(_record, connection.execute(found).all()))

    def forget(self, conversation_id: str) -> int:
        """Remove a conversation with everything that belongs to its turns, and return how many turns it had.

        :raises MemoryUnavailable: if the database cannot be used; then nothing was removed
        """
        return self._remove(Turn.conversation_id == conversation_id)

    def purge(self, before: datetime) -> int:
        """Remove the turns asked before a moment, with everything that belongs to them, and return how many there were.

        :param before: the first moment to keep, with its time zone
        :raises MemoryUnavailable: if the database cannot be used; then nothing was removed
        """
        return self._remove(Turn.asked_at < before)

    def count_before(self, before: datetime) -> int:
        """Return how many turns ``purge`` would remove."""
        with self.database.statement() as connection:
            query = select(func.count()).select_from(Turn).where(Turn.asked_at < before)
            return connection.execute(query).scalar_one()

    def _remove(self, which: ColumnElement[bool]) -> int:
        with self.database.transaction() as connection:
            self._forget_words(connection, which)
            removed = connection.execute(delete(Turn).where(which)).rowcount
        if removed:
            self.database.tidy()
        return removed


def _packed(trace: str | None) -> bytes | None:
    return None if trace is None else zlib.compress(trace.encode(), _COMPRESSION)


def _record(row: Sequence[Any]) -> TurnRecord:
    return TurnRecord(*row)
