"""A database address -> connections that threads and forked processes may ask for. What the stores share.

In: an address. Out: connections, on which each statement stands alone or several belong together. It must not know what
is kept.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from bot.conversing.database import make_engine, migrate
from bot.conversing.tables import Base
from bot.errors import MemoryUnavailable


class Database:
    """One database; threads share it, and a forked process makes its own connections."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._lock = threading.Lock()
        self._made: tuple[int, Engine] | None = None
        self._inherited: list[Engine] = []

    def migrate(self) -> None:
        """Bring the tables up to date; many processes may try at once."""
        with _explained():
            migrate(self._database_url)

    def ready(self) -> bool:
        """Say whether the database answers and has the tables and columns of this version."""
        try:
            with self._engine().connect() as connection:
                for table in Base.metadata.sorted_tables:
                    connection.execute(select(table).limit(0))
        except (SQLAlchemyError, OSError):
            return False
        return True

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """Lend a connection on which each statement is a transaction by itself."""
        with _explained(), self._engine().connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Lend a connection on which all is kept at the end, or nothing after an error."""
        with _explained(), self._engine().connect() as connection:
            if connection.dialect.name == "sqlite":
                # At once for writing: a transaction that begins by reading may find that it cannot write any more.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execution_options(isolation_level="READ COMMITTED")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def tidy(self) -> None:
        """Let SQLite write its log into the file and empty it, so that what was removed is in neither."""
        with self.statement() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close this process's connections; the next call opens new ones."""
        with self._lock:
            if self._made is not None and self._made[0] == os.getpid():
                self._made[1].dispose()
                self._made = None

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


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise MemoryUnavailable(type(error).__name__) from error
