"""What is too old goes: the one place that knows all that is kept of families, for the command and for the console.

In: a database, and the first moment to keep. Out: how many turns went. It must not know settings or HTTP.
"""

from __future__ import annotations

from datetime import datetime

from bot.storage.connections import Database
from bot.storage.memory import TurnStore
from bot.triage.curating.forgetting import forget_drafts, forget_words
from bot.triage.telling.outbox import forget_deliveries
from bot.triage.tickets.unsent import forget_unsent


def purge(database: Database, before: datetime) -> int:
    """Remove turns asked before a moment with all that hangs on them, their words in drafts, and what else is as old.

    :param before: the first moment to keep, with its zone
    :raises MemoryUnavailable: if the database cannot be used
    """
    forget_deliveries(database, before)
    with database.transaction() as connection:
        forget_drafts(connection, before)
        forget_unsent(connection, before)
    removed = TurnStore(database, forget_words).purge(before)
    # Also when no turn went: SQLite keeps what a draft said in its log until then.
    database.tidy()
    return removed
