"""Give the connections of a PostgreSQL engine deadlines that hold whatever the other side does.

A server that was stopped or is behind a broken network neither answers nor refuses, so no limit of its own ends a wait;
these do. Knows nothing of what is asked.
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

# The least that psycopg accepts.
CONNECT_S = 2
# A live server answers this in a millisecond; one wrongly thought gone costs a new connection.
_PING_S = 1.0
# The server's own limit comes first, because the connection stays usable after it.
_GRACE_S = 0.5
_FRESH = "fresh"
# Lets the kernel notice a peer that vanished silently, even while nothing is asked.
_NETWORK = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000}


def network_limits(given: Any, *, connect_s: int) -> dict[str, int]:
    """Return the limits on waiting for libpq, except those that the address itself sets."""
    limits = {"connect_timeout": connect_s, **_NETWORK}
    return {name: value for name, value in limits.items() if name not in given}


class PatientConnection(psycopg.Connection[Any]):
    """A connection whose calls time out after ``patience_s``; then it is closed, because its state is unknown."""

    patience_s: float | None = None

    def __del__(self, *_: Any) -> None:
        """Close what a pool let go of: the socket ends with it, and nobody needs to be warned of that."""
        if hasattr(self, "pgconn"):
            self.close()

    def wait(self, gen: PQGen[RV], *args: Any, **kwargs: Any) -> RV:
        """Wait for an answer until the deadline.

        :raises OperationalError: when it does not come in time
        """
        if self.patience_s is None:
            return super().wait(gen, *args, **kwargs)
        return super().wait(self._until(gen, time.monotonic() + self.patience_s), *args, **kwargs)

    def ping(self) -> None:
        """Check that the server answers.

        :raises OperationalError: if it does not
        """
        before, self.patience_s = self.patience_s, _PING_S
        try:
            self.execute("SELECT 1")
        finally:
            self.patience_s = before

    def _until(self, gen: PQGen[RV], deadline: float) -> Generator[Any, Any, RV]:
        """Run a wait of psycopg until a deadline; psycopg resumes it at least ten times a second."""
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


def connect_without_deadlines(engine: Engine) -> None:
    """Make an engine's connections of the same class, with no limit to their calls."""

    @event.listens_for(engine, "do_connect")
    def connect(_: Dialect, __: ConnectionPoolEntry, given: list[Any], named: dict[str, Any]) -> PatientConnection:
        return PatientConnection.connect(*given, **named)


def set_deadlines(engine: Engine, patience_s: float) -> None:
    """Make every call of an engine end by a deadline, and discard connections that no longer answer."""

    @event.listens_for(engine, "do_connect")
    def connect(_: Dialect, entry: ConnectionPoolEntry, given: list[Any], named: dict[str, Any]) -> PatientConnection:
        made = PatientConnection.connect(*given, **named)
        made.patience_s = patience_s + _GRACE_S
        made.autocommit = True
        # Not as a startup parameter, which poolers such as PgBouncer refuse.
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
