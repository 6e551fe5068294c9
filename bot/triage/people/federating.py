"""Find or create the account of somebody whom the deployment's own sign-in knows, and begin a session.

An account with a password is never taken over by a matching name. Knows nothing of how the provider is asked.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from secrets import token_urlsafe

from sqlalchemy import Connection, insert, select, update

from bot.storage import audit
from bot.storage.connections import Database
from bot.triage.people.account import Role, Staff
from bot.triage.people.accounts import STAFF_COLUMNS, folded, is_last_admin, staff_of
from bot.triage.people.oidc import Known
from bot.triage.people.signing import SignIn
from bot.triage.people.tables import Account

BY = "(single sign-on)"
_ID_BYTES = 16
_MOST_NAME_CHARS = 64
# No password has this hash.
_NO_HASH = "!"
_NOT_IN_NAMES = re.compile(r"[^\w.@+-]+")
# Who was not let in, and why.
_Refused = tuple[str, str]


class Federating:
    """The sign-in of people whom the provider knows."""

    def __init__(self, database: Database, signing: SignIn) -> None:
        self._database = database
        self._signing = signing

    def let_in(self, known: Known, *, browser: str) -> str | None:
        """Return the token of a new session; the role is what the provider says now.

        :returns: ``None`` for somebody who has no role here, is disabled, or has the name of another account
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.transaction() as connection:
            staff = _account(known, connection)
            if isinstance(staff, Staff):
                return self._signing.begin(staff, browser, connection, how="single sign-on")
        # Outside the transaction, since the refusal is written in one of its own.
        self._signing.refusals.note(*staff)
        return None


def _account(known: Known, connection: Connection) -> Staff | _Refused:
    """Return somebody's account with their current role, created if there is none; or why they are refused."""
    of_subject = select(*STAFF_COLUMNS).where(Account.oidc_subject == known.subject)
    row = connection.execute(of_subject).first()
    if row is None:
        return _made(known, connection)
    staff = staff_of(row)
    if known.role is None or staff.disabled:
        return staff.name, "no role" if known.role is None else "disabled"
    if staff.role != known.role and not is_last_admin(staff, connection):
        _give_role(staff, known.role, connection)
    return staff_of(connection.execute(of_subject).one())


def _made(known: Known, connection: Connection) -> Staff | _Refused:
    name = _NOT_IN_NAMES.sub(".", known.name).strip(".")[:_MOST_NAME_CHARS]
    if known.role is None or not name:
        return audit.NOBODY, "no role"
    if connection.execute(select(Account.id).where(Account.folded == folded(name))).first() is not None:
        return audit.NOBODY, "the name is taken"
    values = {
        "id": token_urlsafe(_ID_BYTES), "name": name, "folded": folded(name), "role": known.role,
        "password_hash": _NO_HASH, "must_change": False, "disabled": False, "created_at": datetime.now(UTC),
        "oidc_subject": known.subject,
    }  # fmt: skip
    connection.execute(insert(Account), values)
    audit.write(connection, BY, "account.add", object=name, detail=known.role)
    query = select(*STAFF_COLUMNS).where(Account.oidc_subject == known.subject)
    return staff_of(connection.execute(query).one())


def _give_role(staff: Staff, role: Role, connection: Connection) -> None:
    connection.execute(update(Account).where(Account.id == staff.id).values(role=role))
    audit.write(connection, BY, "account.role", object=staff.name, detail=role)
