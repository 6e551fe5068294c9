"""Place days in weeks, which begin on Mondays (UTC)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.storage.tables import Turn

WEEK = timedelta(weeks=1)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def this_monday() -> date:
    """Return the Monday of the current week."""
    return monday_of(datetime.now(UTC).date())


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins."""
    return datetime.combine(day, datetime.min.time(), UTC)


def day_of(value: str | date) -> date:
    """Return the day that a database's ``date()`` gives: text in SQLite, a date in PostgreSQL."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def first_kept_day(connection: Connection) -> date:
    """Return the first day of which turns are kept, or today if there are none; nothing is known of earlier days."""
    first = connection.execute(select(func.min(Turn.asked_at))).scalar()
    return first.date() if first is not None else datetime.now(UTC).date()
