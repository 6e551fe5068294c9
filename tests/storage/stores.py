"""Databases and turns for the tests of the memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.storage.connections import Database
from bot.storage.database import make_engine
from bot.storage.tables import Base
from bot.storage.turn import TurnRecord, token_hash
from tests.databases import with_tables

NOON = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
TOKEN = "t" * 22


def a_database(database_url: str) -> Database:
    """A database whose tables are up to date."""
    return with_tables(database_url)


def a_turn(number: int = 1, **changes: object) -> TurnRecord:
    turn = TurnRecord(
        id=f"turn-{number}",
        conversation_id="conversation-1",
        asked_at=NOON,
        build="20261001-a1b2c3",
        status="answered",
        confidence=0.875,
        site=None,
        feedback_token_hash=token_hash(TOKEN),
        question="What is a gene?",
        understood=None,
        answer='{"status":"answered"}',
    )
    return replace(turn, **changes)  # type: ignore[arg-type]


def rows(database_url: str, table: str) -> list[dict[str, Any]]:
    """Every row of a table by its key, read by another connection than the one that wrote it."""
    engine = make_engine(database_url)
    columns = Base.metadata.tables[table]
    with engine.connect() as connection:
        found = connection.execute(select(columns).order_by(*columns.primary_key)).mappings().all()
    engine.dispose()
    return [dict(row) for row in found]


def counts(database_url: str) -> dict[str, int]:
    """How many rows each table has."""
    return {table: len(rows(database_url, table)) for table in ("turn", "feedback", "handoff", "contact")}
