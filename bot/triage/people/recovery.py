"""Make and use recovery codes for the day on which the app is lost: shown once, each good once.

Only hashes are kept. Knows nothing of who asks for them.
"""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import Connection, delete, func, insert, select

from bot.triage.people.tables import RecoveryCode

_CODES, _GROUPS, _GROUP_CHARS = 8, 2, 5
# No 0, O, 1, l or I: codes are written down by hand. 49 random bits, and attempts are slowed down as for passwords.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_codes(account_id: str, connection: Connection) -> list[str]:
    """Return new codes in place of those that an account has; the codes themselves are kept nowhere."""
    codes = ["-".join(_group() for _ in range(_GROUPS)) for _ in range(_CODES)]
    drop_codes(account_id, connection)
    connection.execute(
        insert(RecoveryCode), [{"account_id": account_id, "code_hash": _hash(account_id, one)} for one in codes]
    )
    return codes


def use_code(account_id: str, code: str, connection: Connection) -> bool:
    """Use up a code of an account and say whether it was good; of two simultaneous uses the second finds it gone."""
    own = (RecoveryCode.account_id == account_id, RecoveryCode.code_hash == _hash(account_id, code))
    return connection.execute(delete(RecoveryCode).where(*own)).rowcount == 1


def codes_left(account_id: str, connection: Connection) -> int:
    """Return how many codes an account has."""
    query = select(func.count()).where(RecoveryCode.account_id == account_id)
    return int(connection.execute(query).scalar_one())


def drop_codes(account_id: str, connection: Connection) -> None:
    """Remove the codes of an account."""
    connection.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def _group() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_CHARS))


def _hash(account_id: str, code: str) -> str:
    letters = "".join(letter for letter in code.casefold() if letter in _LETTERS)
    return hashlib.sha256(f"{account_id}\0{letters}".encode()).hexdigest()
