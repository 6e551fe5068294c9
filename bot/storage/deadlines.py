"""Seconds -> connections that end when they pass, whatever became of the other side.

In: a PostgreSQL engine. Out: the same, of which no call waits longer. A server that was stopped or lies behind a broken
network acknowledges nothing and refuses nothing, so no limit of its own ends a wait; ours do. It must not know what is
asked.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

# The least that psycopg takes.
CONNECT_S = 2
# A server that lives answers this in a millisecond; one that is wrongly thought gone costs a new connection.
_PING_S = 1.0
# The server's own limit comes first: after it the connection is as good as before.
_GRACE_S = 0.5
_FRESH = "fresh"
# A peer that vanished without a word is noticed by the kernel, also while nothing is asked.
_NETWORK = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000}


def network_limits(given: Any, *, connect_s: int) -> dict[str, int]:
    """Return what libpq is told about waiting, without what the address itself says."""
    limits = {"connect_timeout": connect_s, **_NETWORK}
    return {name: value for name, value in limits.items() if name not in given}


class PatientConnection(psycopg.Connection[Any]):
    """A connection whose calls are given up after ``patience_s``; then it is closed, since its state is not known."""

    patience_s: float | None = None

    def wait(self, gen: PQGen[RV], *args: Any, **kwargs: Any) -> RV:
        """Wait for an answer, but not longer.

        :raises OperationalError: when it does not come in time
        """
        if self.patience_s is None:
            return super().wait(gen, *args, **kwargs)
        return super().wait(self._until(gen, time.monotonic() + self.patience_s), *args, **kwargs)

    def ping(self) -> None:
        """Ask whether the server answers at all; raises OperationalError if not."""
        before, self.patience_s = self.patience_s, _PING_S
        try:
            self.execute("SELECT 1")
        finally:
            self.patience_s = before

    def _until(self, gen: PQGen[RV], deadline: float) -> Generator[Any, Any, RV]:
        """The same, asked at least ten times a second by psycopg whether it goes on."""
        ready: Any = None
        while True:
            try:
                awaited = gen.send(ready)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            ready = yield awaited
            if not ready and time.monotonic() > deadline:
                self.close()
                raise psycopg.OperationalError("the server did not answer in time")


def set_deadlines(engine: Engine, patience_s: float) -> None:
    """Let no call of an engine wait longer, and no connection be used that does not answer any more."""

    @event.listens_for(engine, "do_connect")
    def connect(_: Dialect, entry: ConnectionPoolEntry, given: list[Any], named: dict[str, Any]) -> PatientConnection:
        made = PatientConnection.connect(*given, **named)
        made.patience_s = patience_s + _GRACE_S
        made.autocommit = True
        # Not as a parameter of the start, which poolers such as PgBouncer refuse.
        made.execute(f"SET statement_timeout = {round(patience_s * 1000)}")
        entry.info[_FRESH] = True
        return made

    @event.listens_for(engine, "checkout")
    def check(connection: PatientConnection, entry: ConnectionPoolEntry, _: object) -> None:
        if entry.info.pop(_FRESH, False):
            return
        try:
            connection.ping()
        except psycopg.Error as error:
            raise InvalidatePoolError from error
