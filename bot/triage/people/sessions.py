"""Begin, find and end the sessions of signed-in browsers.

They end after an hour unused, after twelve hours in any case, or at once on request, because they live here and not in
the cookie. Knows nothing of cookies.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from bot.storage.connections import Database
from bot.triage.people.account import OpenSession, SignedIn
from bot.triage.people.accounts import STAFF_COLUMNS, staff_of
from bot.triage.people.tables import Account, Session

IDLE, LONGEST = timedelta(hours=1), timedelta(hours=12)
# Noting it at each request would mean a write for each look at the queue.
_NOTED_EVERY = timedelta(minutes=1)
_TOKEN_BYTES, _ID_BYTES = 32, 12


class Sessions:
    """The sessions in one database."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def begin(self, account_id: str, browser: str, connection: Connection) -> str:
        """Begin a session in a transaction, and return its token, which is not stored anywhere."""
        token, now = token_urlsafe(_TOKEN_BYTES), self._now()
        connection.execute(delete(Session).where(~self._is_good(now)))
        values = {"token_hash": _hash(token), "id": token_urlsafe(_ID_BYTES), "account_id": account_id}
        connection.execute(insert(Session), {**values, "browser": browser[:64], "begun_at": now, "seen_at": now})
        return token

    def find(self, token: str) -> SignedIn | None:
        """Return whose token it is, or ``None`` if its session is not valid or the account is disabled.

        :raises MemoryUnavailable: if the database cannot be used
        """
        now, key = self._now(), _hash(token)
        query = (
            select(Session.id, Session.seen_at, *STAFF_COLUMNS)
            .join(Account, Account.id == Session.account_id)
            .where(Session.token_hash == key, self._is_good(now), Account.disabled.is_(False))
        )
        with self._database.statement() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            if now - row[1] >= _NOTED_EVERY:
                connection.execute(update(Session).where(Session.token_hash == key).values(seen_at=now))
        return SignedIn(staff_of(row[2:]), row[0])

    def of(self, account_id: str) -> Sequence[OpenSession]:
        """Return the valid sessions of an account, the newest first."""
        columns = (Session.id, Session.browser, Session.begun_at, Session.seen_at)
        query = select(*columns).where(Session.account_id == account_id, self._is_good(self._now()))
        with self._database.statement() as connection:
            return [OpenSession(*row) for row in connection.execute(query.order_by(Session.begun_at.desc()))]

    def all(self) -> dict[str, list[OpenSession]]:
        """Return the valid sessions of all accounts by account id, the newest first."""
        columns = (Session.id, Session.browser, Session.begun_at, Session.seen_at)
        query = select(Session.account_id, *columns).where(self._is_good(self._now()))
        found: dict[str, list[OpenSession]] = defaultdict(list)
        with self._database.statement() as connection:
            for account_id, session_id, browser, begun_at, seen_at in connection.execute(
                query.order_by(Session.begun_at.desc())
            ):
                found[account_id].append(OpenSession(session_id, browser, begun_at, seen_at))
        return found

    def end(self, session_id: str, *, account_id: str) -> bool:
        """End a session of an account; false if the account has no such session."""
        query = delete(Session).where(Session.id == session_id, Session.account_id == account_id)
        with self._database.statement() as connection:
            return connection.execute(query).rowcount == 1

    def end_others(self, account_id: str, *, but: str, connection: Connection) -> None:
        """End all sessions of an account but one, in a transaction."""
        connection.execute(delete(Session).where(Session.account_id == account_id, Session.id != but))

    def _is_good(self, now: datetime) -> ColumnElement[bool]:
        return and_(Session.seen_at > now - IDLE, Session.begun_at > now - LONGEST)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
