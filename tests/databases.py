"""Databases that have their tables: the migrations run once a process, and what they made is copied."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from bot.storage.connections import Database
from bot.storage.database import migrate


def with_tables(database_url: str) -> Database:
    """A database whose tables are up to date; a SQLite file that is not there yet is a copy of one that is."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        Path(url.database).parent.mkdir(exist_ok=True)
        Path(url.database).write_bytes(_migrated())
    database = Database(database_url)
    database.prepare()
    # As if it had never been asked: a test may fork.
    database.close()
    return database


@cache
def _migrated() -> bytes:
    """A SQLite file as the migrations make it; it is whole, because closing it empties its log into it."""
    with tempfile.TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/bot.sqlite3")
        return Path(folder, "bot.sqlite3").read_bytes()
