"""Statements that both databases know and SQLAlchemy spells differently for each.

In: a table and rows. Out: a statement. It must not know what is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.tables import Base


def add_unless_there(connection: Connection, table: type[Base], row: Mapping[str, Any]) -> bool:
    """Insert a row, unless there is one like it; then nothing happens, and the transaction goes on."""
    if connection.dialect.name == "sqlite":
        added = connection.execute(sqlite.insert(table).values(**row).on_conflict_do_nothing())
    else:
        added = connection.execute(postgresql.insert(table).values(**row).on_conflict_do_nothing())
    return added.rowcount == 1
