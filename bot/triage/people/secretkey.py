"""Keep one secret in the database that signs cookies and seals second factors, for deployments that give none.

It is made once. Whoever can read the database can then also sign cookies, but not forge the session tokens in them.
"""

from __future__ import annotations

import secrets

from sqlalchemy import select

from bot.storage.connections import Database
from bot.triage.people.tables import Secret
from bot.triage.rows import add_unless_there

_BYTES = 32


def secret_if_kept(database: Database) -> str | None:
    """Return the secret that this database keeps, if one was ever made.

    :raises MemoryUnavailable: if the database cannot be used
    """
    with database.statement() as connection:
        found: str | None = connection.execute(select(Secret.value)).scalar()
    return found


def kept_secret(database: Database) -> str:
    """Return the secret that this database's workers share, made by whichever comes first.

    :returns: 256 random bits in base 64
    :raises MemoryUnavailable: if the database cannot be used
    """
    with database.statement() as connection:
        found: str | None = connection.execute(select(Secret.value)).scalar()
        if found is not None:
            return found
        # If another worker was first, its secret is used.
        add_unless_there(connection, Secret, {"id": 1, "value": secrets.token_urlsafe(_BYTES)})
        return str(connection.execute(select(Secret.value)).scalar_one())
