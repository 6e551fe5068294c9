"""Open databases from settings: for a command, and for a server, which starts whether the database answers or not."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import MemoryUnavailable
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.storage.connections import Database

log = logging.getLogger("bot")

# Staff may wait longer than families, for pages with larger counts; they occupy a server's thread all that time.
_CONSOLE_S = 20.0


@dataclass(frozen=True, slots=True)
class Databases:
    """The same database twice, so that slow work of staff never keeps the turns of families from being stored.

    ``answering`` is used while a family waits, ``console`` by staff and in the background.
    """

    answering: Database
    console: Database


def open_database(settings: Settings) -> Database:
    """Return the database of a command, its tables up to date.

    :returns: a database without connections; a worker opens its own after the fork.
    :raises MemoryUnavailable: when it cannot be used.
    """
    # Imported so that the tables of staff are checked as well.
    import bot.triage.tables  # noqa: F401
    from bot.storage.connections import Database

    database = Database(settings.database_url)
    # The release phase has done it already, except with the embedded default, which needs no such phase.
    if not database.ready():
        database.migrate()
    database.close()
    return database


def open_databases(settings: Settings) -> Databases:
    """Return the databases of a server; one that does not answer is waited for while families get their answers.

    :returns: databases without connections; one that does not answer now refuses until ``watch`` finds it.
    :raises MemoryUnavailable: when a SQLite file cannot be used, because waiting would not help.
    """
    import bot.triage.tables  # noqa: F401
    from bot.storage.connections import Database

    made = Databases(
        Database(settings.database_url, patience_s=settings.database_wait_s),
        Database(settings.database_url, patience_s=_CONSOLE_S),
    )
    try:
        made.console.prepare()
    except MemoryUnavailable as error:
        if settings.database_url.startswith("sqlite"):
            raise
        log.error("DATABASE_URL: %s Questions are answered meanwhile.", error)
        made.answering.hold(error.found)
        made.console.hold(error.found)
    made.console.close()
    return made
