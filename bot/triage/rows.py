"""Execute statements that both databases know and SQLAlchemy spells differently for each.

Knows nothing of what is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.tables import Base


def add_unless_there(connection: Connection, table: type[Base], row: Mapping[str, Any]) -> bool:
    """Insert a row and say whether it was added; if one like it exists nothing happens, and the transaction goes on."""
    if connection.dialect.name == "sqlite":
        added = connection.execute(sqlite.insert(table).values(**row).on_conflict_do_nothing())
    else:
        added = connection.execute(postgresql.insert(table).values(**row).on_conflict_do_nothing())
    return added.rowcount == 1
