"""Give threads and forked processes connections to a database, which the stores share.

On a connection each statement is its own transaction, or several form one. While the database does not answer, callers
are refused at once, and a thread watches for its return. Knows nothing of what is stored.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError

from bot.errors import MemoryUnavailable, NotStorable
from bot.storage.breaker import CircuitBreaker
from bot.storage.database import make_engine, migrate
from bot.storage.tables import Base

log = logging.getLogger("bot")

# A faster failure costs no time, so the next caller may simply try again.
_SLOW_S = 0.5
# These are faults of one statement, not of the database.
_OF_ONE_STATEMENT = (IntegrityError, ProgrammingError)
# PostgreSQL's code for a statement that took too long: it does answer, and one slow search must not shut families out.
_CANCELED = "57014"
_LOOK_EVERY_S = 0.5


class Database:
    """One database; threads share it, and a forked process makes its own connections."""

    def __init__(
        self, database_url: str, *, patience_s: float | None = None, breaker: CircuitBreaker | None = None
    ) -> None:
        """Make a database; nothing is connected yet.

        :param database_url: as for ``make_engine``
        :param patience_s: as for ``make_engine``; a server has a limit, a command none
        """
        self._database_url = database_url
        self._patience_s = patience_s
        self._breaker = breaker or CircuitBreaker("The database")
        self._watched_by: int | None = None
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

    def prepare(self) -> None:
        """Bring the tables up to date if they are not, after checking that the database answers.

        :raises MemoryUnavailable: if it does not answer, which takes seconds to find out
        """
        with _explained(), self._engine().connect() as connection:
            connection.execute(select(1))
        if not self.ready():
            self.migrate()

    def hold(self, found: str) -> None:
        """Refuse all callers until ``watch`` finds the database and its tables, which were missing at the start."""
        self._breaker.hold(found)

    def watch(self, first: Callable[[], None] | None = None) -> None:
        """Retry a database that does not answer from a thread of this process, so that no request has to.

        :param first: called once before callers are let through again, if the database was missing at the start
        """
        if self._watched_by != os.getpid():
            self._watched_by = os.getpid()
            threading.Thread(target=self._watch, args=(first,), name="database-watch", daemon=True).start()

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """Lend a connection on which each statement is a transaction of its own."""
        with self._guarded(), self._engine().connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Lend a connection on which everything is committed at the end, or rolled back after an error."""
        with self._guarded(), self._engine().connect() as connection:
            if connection.dialect.name == "sqlite":
                # Locks for writing at once: a transaction that begins by reading may be unable to write later.
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
        """Make SQLite write its log into the file and empty it, so that removed rows are in neither."""
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
        """Return this process's engine, made on first use, because a connection must never be shared across a fork."""
        made = self._made
        if made is not None and made[0] == os.getpid():
            return made[1]
        with self._lock:
            if self._made is not None and self._made[0] != os.getpid():
                # Kept but never used: dropping it would close its connections, which are the parent's too.
                self._inherited.append(self._made[1])
                self._made = None
            if self._made is None:
                # Each statement here is a transaction of its own. With BEGIN and COMMIT around it, a thread would hold
                # SQLite's only write lock while it waits for Python's interpreter lock, and other workers would sleep.
                engine = make_engine(self._database_url, isolation_level="AUTOCOMMIT", patience_s=self._patience_s)
                self._made = (os.getpid(), engine)
                # When a database is dropped without being closed, as with a replaced Build, its connections do not
                # stay open until the garbage collector finds them.
                weakref.finalize(self, _dispose_in, os.getpid(), engine).atexit = False
            return self._made[1]

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Refuse calls at once while the breaker is open, and report failures to it."""
        if not self._breaker.allows():
            raise MemoryUnavailable("it did not answer before")
        began = time.monotonic()
        try:
            yield
        except (DataError, OverflowError) as error:
            raise NotStorable(type(error).__name__) from error
        except OSError as error:
            # Drivers raise their own errors, so this is the caller's disk, and says nothing of the database.
            raise MemoryUnavailable(type(error).__name__) from error
        except SQLAlchemyError as error:
            if not _is_of_one_statement(error) and time.monotonic() - began >= _SLOW_S:
                self._breaker.trip(type(error).__name__)
            raise MemoryUnavailable(type(error).__name__) from error
        self._breaker.reset()

    def _watch(self, first: Callable[[], None] | None) -> None:
        while True:
            time.sleep(_LOOK_EVERY_S)
            if self._breaker.is_due():
                self._try_again(first)

    def _try_again(self, first: Callable[[], None] | None) -> None:
        try:
            if self._breaker.held:
                self.prepare()
                if first is not None:
                    first()
            else:
                with self._engine().connect() as connection:
                    connection.execute(select(1))
        except Exception as error:  # noqa: BLE001 - the thread must go on; a fault is said by its class alone
            self._breaker.trip(type(error).__name__)
        else:
            self._breaker.reset()


def _dispose_in(process: int, engine: Engine) -> None:
    """Close an engine's connections, unless this is a fork, which shares them with its parent."""
    if os.getpid() == process:
        engine.dispose()


def _is_of_one_statement(error: Exception) -> bool:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, _OF_ONE_STATEMENT) or state == _CANCELED


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise MemoryUnavailable(type(error).__name__) from error
