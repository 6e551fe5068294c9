"""Days and the weeks that they are in, which begin on Mondays (UTC)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

WEEK = timedelta(weeks=1)


def monday_of(day: date) -> date:
    """Return the day on which a day's week begins."""
    return day - timedelta(days=day.weekday())


def this_monday() -> date:
    """Return the day on which the present week began."""
    return monday_of(datetime.now(UTC).date())


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins."""
    return datetime.combine(day, datetime.min.time(), UTC)


def day_of(value: str | date) -> date:
    """Return the day that a database's ``date()`` gives: text in SQLite, a date in PostgreSQL."""
    return date.fromisoformat(value) if isinstance(value, str) else value
