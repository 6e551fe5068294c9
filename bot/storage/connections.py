"""A database address -> connections that threads and forked processes may ask for. What the stores share.

In: an address. Out: connections, on which each statement stands alone or several belong together. While the database
does not answer, whoever asks is refused at once, and a thread sees when it is back. It must not know what is kept.
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

# What fails faster costs nobody any time, and may be tried again by the next who asks.
_SLOW_S = 0.5
# These speak of one statement, not of the database.
_OF_ONE_STATEMENT = (IntegrityError, ProgrammingError)
# PostgreSQL says so when a statement took too long: it answers, and one slow search must keep no family out.
_CANCELED = "57014"
_LOOK_EVERY_S = 0.5


class Database:
    """One database; threads share it, and a forked process makes its own connections."""

    def __init__(
        self, database_url: str, *, patience_s: float | None = None, breaker: CircuitBreaker | None = None
    ) -> None:
        """``patience_s`` is how long a statement may take; a server has one, a command none.

        :param database_url: as for ``make_engine``
        :param patience_s: as for ``make_engine``
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
        """Bring the tables up to date unless they are, after one look whether there is a database at all.

        :raises MemoryUnavailable: if it does not answer, which is found out within seconds
        """
        with _explained(), self._engine().connect() as connection:
            connection.execute(select(1))
        if not self.ready():
            self.migrate()

    def hold(self, found: str) -> None:
        """Refuse whoever asks until ``watch`` found the database and its tables; it was not there at the start."""
        self._breaker.hold(found)

    def watch(self, first: Callable[[], None] | None = None) -> None:
        """While the database does not answer, try it again from a thread of this process, so that no request has to.

        :param first: called once before anybody is let through again, if the database was not there at the start
        """
        if self._watched_by != os.getpid():
            self._watched_by = os.getpid()
            threading.Thread(target=self._watch, args=(first,), name="database-watch", daemon=True).start()

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """Lend a connection on which each statement is a transaction by itself."""
        with self._guarded(), self._engine().connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Lend a connection on which all is kept at the end, or nothing after an error."""
        with self._guarded(), self._engine().connect() as connection:
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
                engine = make_engine(self._database_url, isolation_level="AUTOCOMMIT", patience_s=self._patience_s)
                self._made = (os.getpid(), engine)
                # Who drops a database without closing it, as with a Build that was replaced, leaves none of its
                # connections open until the collector comes upon them.
                weakref.finalize(self, _dispose_in, os.getpid(), engine).atexit = False
            return self._made[1]

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Refuse at once what would wait in vain, and notice what did."""
        if not self._breaker.allows():
            raise MemoryUnavailable("it did not answer before")
        began = time.monotonic()
        try:
            yield
        except (DataError, OverflowError) as error:
            raise NotStorable(type(error).__name__) from error
        except (SQLAlchemyError, OSError) as error:
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
    """Close an engine's connections, unless this is a fork, in which they are another's too."""
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
