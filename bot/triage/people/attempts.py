"""Decide whether another sign-in attempt is allowed now; each failure makes the next wait longer.

The decision is the same whether anybody has the name or not. Knows nothing of passwords.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from bot.storage.connections import Database
from bot.triage.people.accounts import folded
from bot.triage.people.tables import Attempt
from bot.triage.rows import add_unless_there

# Typing errors cost nothing; then half a minute, doubled each time. Somebody locked out by another's guessing can sit
# out the longest wait, and it leaves about 100 guesses a day.
FREE_TRIES = 5
_FIRST_WAIT_S, _LONGEST_WAIT_S = 30, 900
_FORGOTTEN_AFTER = timedelta(days=1)


class Attempts:
    """The failed attempts for each name."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def take(self, name: str) -> bool:
        """Count an attempt before it is checked, so that many at once cannot slip through.

        :returns: false if it comes too early; then it does not count
        :raises MemoryUnavailable: if the database cannot be used
        """
        now, key = self._now(), _key(name)
        with self._database.transaction() as connection:
            connection.execute(delete(Attempt).where(Attempt.last_at < now - _FORGOTTEN_AFTER))
            add_unless_there(connection, Attempt, {"name_hash": key, "failures": 0, "last_at": now, "free_at": now})
            # The row is locked until the transaction ends, so that simultaneous attempts are counted one by one.
            query = select(Attempt.failures, Attempt.free_at).where(Attempt.name_hash == key)
            found = connection.execute(query.with_for_update()).one()
            if found.free_at > now:
                return False
            failures = found.failures + 1
            values = {"failures": failures, "last_at": now, "free_at": now + timedelta(seconds=wait_s(failures))}
            connection.execute(update(Attempt).where(Attempt.name_hash == key).values(**values))
        return True

    def forget(self, name: str) -> None:
        """Reset the count for a name, after a success or by an operator."""
        with self._database.statement() as connection:
            connection.execute(delete(Attempt).where(Attempt.name_hash == _key(name)))


def wait_s(failures: int) -> int:
    """Return how long to wait after this many failures, in seconds."""
    if failures < FREE_TRIES:
        return 0
    doubled = min(failures - FREE_TRIES, _LONGEST_WAIT_S)
    return min(_FIRST_WAIT_S << doubled, _LONGEST_WAIT_S)


def _key(name: str) -> str:
    return hashlib.sha256(folded(name).encode()).hexdigest()
