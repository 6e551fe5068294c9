"""Create, list, disable and reset accounts.

Knows nothing of HTTP or of who is asking.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import StaffError
from bot.storage import audit
from bot.storage.connections import Database
from bot.storage.tables import AuditEntry
from bot.triage.people.account import ROLES, Role, Staff
from bot.triage.people.passwords import hash_password, new_password
from bot.triage.people.recovery import drop_codes
from bot.triage.people.tables import Account, Session

_COLUMNS = ("id", "name", "role", "must_change", "disabled", "second_factor", "created_at", "oidc_subject")
STAFF_COLUMNS = tuple(getattr(Account, name) for name in _COLUMNS)
_NAME = re.compile(r"[\w.@+-]+(?: [\w.@+-]+)*")
_MOST_NAME_CHARS = 64
_ID_BYTES = 16


def folded(name: str) -> str:
    """Return a name in the form in which names are compared: two that look the same are the same."""
    return unicodedata.normalize("NFKC", name).casefold().strip()[:_MOST_NAME_CHARS]


def staff_of(row: Sequence[Any]) -> Staff:
    """Return the account of a row of ``STAFF_COLUMNS``."""
    identifier, name, role, must_change, disabled, second_factor, created_at, subject = row
    has_second_factor, is_federated = second_factor is not None, subject is not None
    return Staff(identifier, name, role, must_change, disabled, has_second_factor, created_at, is_federated)


class AccountStore:
    """The accounts in one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, name: str, role: Role, *, by: str) -> str:
        """Create an account and return its first password, to be changed at the first sign-in; only its hash is kept.

        :raises StaffError: if the name or role cannot be used, or the name is taken
        """
        if not _NAME.fullmatch(name) or len(name) > _MOST_NAME_CHARS or role not in ROLES:
            raise StaffError(
                name, "not a name or role that can be used", "Use letters, digits, dots and one of the roles."
            )
        password = new_password()
        values = {
            "id": token_urlsafe(_ID_BYTES), "name": name, "folded": folded(name), "role": role,
            "password_hash": hash_password(password), "must_change": True, "disabled": False,
            "created_at": datetime.now(UTC),
        }  # fmt: skip
        try:
            with self.database.transaction() as connection:
                if connection.execute(select(Account.id).where(Account.folded == folded(name))).first():
                    raise StaffError(name, "taken", "Choose another name, or reset the account that has it.")
                connection.execute(insert(Account), values)
                audit.write(connection, by, "account.add", object=name, detail=role)
        except IntegrityError as error:
            raise StaffError(name, "taken", "Choose another name.") from error
        return password

    def all(self) -> Sequence[Staff]:
        """Return every account, by name."""
        with self.database.statement() as connection:
            return [staff_of(row) for row in connection.execute(select(*STAFF_COLUMNS).order_by(Account.folded))]

    def disable(self, name: str, *, by: str) -> None:
        """Keep an account from signing in, and end its sessions.

        :raises StaffError: if nobody has the name, or it is the last admin
        """
        self._change(name, {"disabled": True}, "account.disable", by)

    def enable(self, name: str, *, by: str) -> None:
        """Let a disabled account sign in again.

        :raises StaffError: if nobody has the name
        """
        self._change(name, {"disabled": False}, "account.enable", by)

    def give_role(self, name: str, role: Role, *, by: str) -> None:
        """Give an account another role, and end its sessions.

        :raises StaffError: if nobody has the name, or no admin would be left
        """
        self._change(name, {"role": role}, "account.role", by, detail=role)

    def reset(self, name: str, *, by: str) -> str:
        """Give an account a new password and no second factor, end its sessions, and return the password.

        :returns: a password, to be changed at the first sign-in
        :raises StaffError: if nobody has the name
        """
        password = new_password()
        changes = {
            "password_hash": hash_password(password),
            "must_change": True,
            "second_factor": None,
            "used_step": None,
        }
        self._change(name, changes, "account.reset", by)
        return password

    def sign_out(self, name: str, *, by: str) -> None:
        """End all sessions of an account.

        :raises StaffError: if nobody has the name
        """
        self._change(name, {}, "account.sign_out", by)

    def last_sign_ins(self) -> dict[str, datetime]:
        """Return when each account last signed in, by name."""
        begun = (AuditEntry.action == "session.begin", AuditEntry.account_name == Account.name)
        query = (
            select(Account.name, func.max(AuditEntry.at).label("at"))
            .join(AuditEntry, and_(*begun))
            .group_by(Account.name)
        )
        with self.database.statement() as connection:
            return {row.name: row.at for row in connection.execute(query)}

    def _change(self, name: str, changes: dict[str, Any], action: str, by: str, *, detail: str = "") -> None:
        with self.database.transaction() as connection:
            row = connection.execute(select(*STAFF_COLUMNS).where(Account.folded == folded(name))).first()
            if row is None:
                raise StaffError(name, "not the name of an account", "See `python -m bot staff list`.")
            staff = staff_of(row)
            loses = changes.get("disabled") or changes.get("role", "admin") != "admin"
            if staff.role == "admin" and not staff.disabled and loses and _admins(connection) == 1:
                raise StaffError(name, "the last admin", "Make another account an admin first.")
            if changes:
                connection.execute(update(Account).where(Account.id == staff.id).values(**changes))
            connection.execute(delete(Session).where(Session.account_id == staff.id))
            if "second_factor" in changes:
                drop_codes(staff.id, connection)
            audit.write(connection, by, action, object=staff.name, detail=detail)


def is_last_admin(staff: Staff, connection: Connection) -> bool:
    """Whether nobody could manage the other accounts without this one."""
    return staff.role == "admin" and not staff.disabled and _admins(connection) == 1


def _admins(connection: Connection) -> int:
    query = select(Account.id).where(Account.role == "admin", Account.disabled.is_(False))
    # The rows are locked until the transaction ends, so that the last two admins cannot disable each other.
    return len(connection.execute(query.with_for_update()).all())
