"""Turn -> a row that is there after a crash.

In: ``TurnRecord``. Out: nothing, or how many rows went. Must not know HTTP, answers' words or settings.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, inspect
from sqlalchemy.exc import SQLAlchemyError

from bot.conversing.database import make_engine, migrate
from bot.conversing.turn import Turn, TurnRecord
from bot.errors import MemoryUnavailable

__all__ = ["TurnRecord", "TurnStore", "migrate"]

_COLUMNS = tuple(field.name for field in fields(TurnRecord))
_INSERT = insert(Turn.__table__)  # type: ignore[arg-type]


class TurnStore:
    """The memory of turns, in one database; threads share it, and a forked process makes its own connections."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._lock = threading.Lock()
        self._made: tuple[int, Engine] | None = None
        self._inherited: list[Engine] = []

    def migrate(self) -> None:
        """Bring the tables up to date; many processes may try at once."""
        migrate(self._database_url)

    def record(self, turn: TurnRecord) -> None:
        """Keep a turn; when this returns, it survives the death of this process.

        :param turn: its ``id`` must be new
        :raises MemoryUnavailable: if it could not be kept
        """
        with self._connection() as connection:
            connection.execute(_INSERT, {name: getattr(turn, name) for name in _COLUMNS})

    def ready(self) -> bool:
        """Say whether the database answers and has its table."""
        try:
            return bool(inspect(self._engine()).has_table(Turn.__tablename__))
        except (SQLAlchemyError, OSError):
            return False

    def purge(self, before: datetime) -> int:
        """Remove the turns asked before a moment.

        :param before: the first moment to keep, with its zone
        :returns: how many were removed
        :raises MemoryUnavailable: if the database cannot be used; then none were
        """
        with self._connection() as connection:
            return connection.execute(delete(Turn).where(Turn.asked_at < before)).rowcount

    def close(self) -> None:
        """Close this process's connections; the next call opens new ones."""
        with self._lock:
            if self._made is not None and self._made[0] == os.getpid():
                self._made[1].dispose()
                self._made = None

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        try:
            with self._engine().connect() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise MemoryUnavailable(type(error).__name__) from error

    def _engine(self) -> Engine:
        """Give this process's engine, made when first needed: a connection must never be shared across a fork."""
        made = self._made
        if made is not None and made[0] == os.getpid():
            return made[1]
        with self._lock:
            if self._made is not None and self._made[0] != os.getpid():
                # Kept and never used: were it dropped, its connections would be closed, and they are the parent's too.
                self._inherited.append(self._made[1])
                self._made = None
            if self._made is None:
                # Each statement here is a transaction by itself. With BEGIN and COMMIT around it, a thread would hold
                # SQLite's only write lock while it waits for its turn to run Python, and other workers would sleep.
                self._made = (os.getpid(), make_engine(self._database_url, isolation_level="AUTOCOMMIT"))
            return self._made[1]
