"""Remove what is too old, for the command and for the console.

The one place that knows everything that is kept of families. Knows nothing of settings or HTTP.
"""

from __future__ import annotations

from datetime import datetime

from bot.storage.connections import Database
from bot.storage.memory import TurnStore
from bot.triage.curating.forgetting import forget_drafts, forget_words
from bot.triage.telling.outbox import forget_deliveries
from bot.triage.tickets.unsent import forget_unsent


def purge(database: Database, before: datetime) -> int:
    """Remove turns asked before a moment with all that depends on them, their words in drafts, and all else as old.

    :param before: the first moment to keep, with its time zone
    :returns: how many turns were removed
    :raises MemoryUnavailable: if the database cannot be used
    """
    forget_deliveries(database, before)
    with database.transaction() as connection:
        forget_drafts(connection, before)
        forget_unsent(connection, before)
    removed = TurnStore(database, forget_words).purge(before)
    # Even if no turn was removed: until then SQLite keeps the text of removed drafts in its log.
    database.tidy()
    return removed
