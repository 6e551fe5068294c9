"""Seal everything sealed with an earlier secret again with the current one, after the deployment's secret has changed.

Knows nothing of settings.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from bot.storage import audit
from bot.storage.connections import Database
from bot.triage.people.sealing import SealedWithAnotherSecret, SecretSealer
from bot.triage.people.tables import Account
from bot.triage.telling.tables import Webhook


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many secrets were sealed again, and how many cannot be read with the present secrets."""

    done: int
    lost: int


def seal_again(database: Database, secrets: list[str], *, by: str) -> Resealed:
    """Seal second factors and webhook secrets with the first secret.

    :param secrets: the current one first, then earlier ones
    :raises MemoryUnavailable: if the database cannot be used; then nothing was changed
    """
    told: Counter[str] = Counter()
    with database.transaction() as connection:
        told += _column(connection, Account, "second_factor", SecretSealer("second factor", secrets))
        for name in ("secret", "old_secret"):
            told += _column(connection, Webhook, name, SecretSealer("webhooks", secrets))
        detail = f"{told['done']} sealed again, {told['lost']} cannot be opened"
        audit.write(connection, by, "secrets.reseal", detail=detail)
    return Resealed(told["done"], told["lost"])


def _column(connection: Connection, table: type[Account | Webhook], name: str, sealer: SecretSealer) -> Counter[str]:
    told: Counter[str] = Counter()
    column = getattr(table, name)
    for row_id, sealed in connection.execute(select(table.id, column).where(column.is_not(None))).all():
        try:
            connection.execute(update(table).where(table.id == row_id).values({name: sealer.seal_again(sealed)}))
            told["done"] += 1
        except SealedWithAnotherSecret:
            told["lost"] += 1
    return told
