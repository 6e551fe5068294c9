"""Sign people in with a name, a password and a code, or refuse without saying why.

Whether the name is unknown, the password or the code wrong, the account disabled or the attempt too early, the response
is the same and takes as long. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, select, update

from bot.storage import audit
from bot.storage.connections import Database
from bot.triage.people.account import SignedIn, Staff
from bot.triage.people.accounts import STAFF_COLUMNS, folded, staff_of
from bot.triage.people.attempts import Attempts
from bot.triage.people.hashing import Hashing
from bot.triage.people.passwords import fault_of, hash_password, is_password
from bot.triage.people.recovery import codes_left, drop_codes, new_codes, use_code
from bot.triage.people.refusals import Refusals
from bot.triage.people.secondfactor import SecondFactor, step_of
from bot.triage.people.sessions import Sessions
from bot.triage.people.tables import Account

WRONG_PASSWORD, WRONG_CODE = "The password is not right.", "The code is not right, or was used before."


def utc_now() -> datetime:
    """Return the current moment."""
    return datetime.now(UTC)


class SignIn:
    """The sign-in of staff, and the changes to what they sign in with."""

    def __init__(
        self, database: Database, second_factor: SecondFactor, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.sessions = Sessions(database, now)
        self.attempts = Attempts(database, now)
        self.second_factor = second_factor
        self._database = database
        self._now = now
        self._hashing = Hashing()
        self.refusals = Refusals(database)

    def sign_in(self, name: str, password: str, code: str, *, browser: str) -> str | None:
        """Return the token of a new session, or ``None`` if it is refused for whatever reason.

        :param code: from the app, or a recovery code; ignored if the account has no second factor
        :raises HashingBusy: if others are trying just now; then nothing is checked or counted
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._hashing.room():
            return self._sign_in(name, password, code, browser)

    def _sign_in(self, name: str, password: str, code: str, browser: str) -> str | None:
        in_time = self.attempts.take(name)
        columns = (Account.password_hash, Account.second_factor, Account.used_step, *STAFF_COLUMNS)
        with self._database.statement() as connection:
            row = connection.execute(select(*columns).where(Account.folded == folded(name))).first()
        fits = is_password(password, row[0] if row is not None else None)
        if row is None or not (fits and in_time) or row.disabled:
            self._note_refusal(staff_of(row[3:]) if row is not None else None, too_early=not in_time)
            return None
        staff = staff_of(row[3:])
        step = self._step(code, row[1], row[2])
        token = self._begin(staff, step, browser, instead=code if row[1] is not None and step is None else None)
        if token is None:
            self._note_refusal(staff)
            return None
        self.attempts.forget(name)
        return token

    def _begin(self, staff: Staff, step: int | None, browser: str, *, instead: str | None = None) -> str | None:
        """Begin a session with a step of the app, or with a recovery code ``instead``; ``None`` if that is not good."""
        with self._database.transaction() as connection:
            if step is not None and not _use_step(connection, staff.id, step):
                return None
            if instead is not None and not use_code(staff.id, instead, connection):
                return None
            if instead is not None:
                audit.write(connection, staff.name, "account.recovery_code", object=staff.name)
            return self.begin(staff, browser, connection)

    def begin(self, staff: Staff, browser: str, connection: Connection, *, how: str = "") -> str:
        """Begin a session in a transaction, and return its token.

        :param how: how they were let in, if not by a password
        """
        audit.write(connection, staff.name, "session.begin", detail=", ".join(filter(None, (browser, how))))
        return self.sessions.begin(staff.id, browser, connection)

    def new_recovery_codes(self, who: SignedIn) -> list[str]:
        """Make codes that stand in for the app, replacing earlier ones, and return them."""
        with self._database.transaction() as connection:
            audit.write(connection, who.staff.name, "account.recovery_codes", object=who.staff.name)
            return new_codes(who.staff.id, connection)

    def recovery_codes_left(self, who: SignedIn) -> int:
        """Return how many recovery codes somebody has."""
        with self._database.statement() as connection:
            return codes_left(who.staff.id, connection)

    def is_own_password(self, who: SignedIn, password: str) -> bool:
        """Whether it is the password of whoever is signed in; attempts are slowed down."""
        return self._is_own_password(who, password)

    def _note_refusal(self, staff: Staff | None, *, too_early: bool = False) -> None:
        # An unknown name may be a password typed into the wrong field, so it is not written down.
        self.refusals.note(audit.NOBODY if staff is None else staff.name, "too early" if too_early else "")

    def change_password(self, who: SignedIn, old: str, new: str) -> str | None:
        """Change a password, and end the account's other sessions.

        :returns: what is wrong, or ``None`` if it was changed
        :raises HashingBusy: if others are trying just now
        :raises MemoryUnavailable: if the database cannot be used
        """
        if not self._is_own_password(who, old):
            return WRONG_PASSWORD
        fault = "That is the password you have." if old == new else fault_of(new, who.staff.name)
        if fault is not None:
            return fault
        with self._hashing.room():
            changes = {"password_hash": hash_password(new), "must_change": False}
        self._change_own(who, changes, "account.password")
        return None

    def set_second_factor(self, who: SignedIn, secret: str, code: str) -> str | None:
        """Require codes from now on, and end the account's other sessions.

        :returns: what is wrong, or ``None`` if it was set
        :raises MemoryUnavailable: if the database cannot be used
        """
        step = step_of(code, secret, now=self._now())
        if step is None:
            return WRONG_CODE
        changes = {"second_factor": self.second_factor.seal(secret), "used_step": step}
        self._change_own(who, changes, "account.second_factor")
        return None

    def drop_second_factor(self, who: SignedIn, password: str) -> str | None:
        """Stop requiring codes, and end the account's other sessions; returns and raises as ``change_password``."""
        if not self._is_own_password(who, password):
            return WRONG_PASSWORD
        self._change_own(who, {"second_factor": None, "used_step": None}, "account.no_second_factor")
        with self._database.transaction() as connection:
            drop_codes(who.staff.id, connection)
        return None

    def _is_own_password(self, who: SignedIn, password: str) -> bool:
        # Guessing from an open browser is slowed down like guessing from outside.
        if not self.attempts.take(who.staff.name):
            return False
        with self._database.statement() as connection:
            kept = connection.execute(select(Account.password_hash).where(Account.id == who.staff.id)).scalar()
        with self._hashing.room():
            fits = is_password(password, kept)
        if not fits:
            return False
        self.attempts.forget(who.staff.name)
        return True

    def _change_own(self, who: SignedIn, changes: dict[str, object], action: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(update(Account).where(Account.id == who.staff.id).values(**changes))
            self.sessions.end_others(who.staff.id, but=who.session_id, connection=connection)
            audit.write(connection, who.staff.name, action, object=who.staff.name)

    def _step(self, code: str, sealed: bytes | None, used: int | None) -> int | None:
        return None if sealed is None else self.second_factor.step_of(code, sealed, now=self._now(), used=used)


def _use_step(connection: Connection, account_id: str, step: int) -> bool:
    """Use up a time step and say whether this was its first use; of two simultaneous uses the second finds it used."""
    unused = (Account.used_step.is_(None)) | (Account.used_step < step)
    query = update(Account).where(Account.id == account_id, unused).values(used_step=step)
    return connection.execute(query).rowcount == 1
