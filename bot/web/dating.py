"""Write dates and reviews in the words of a page.

Knows nothing of where they are shown.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.reading.reviewing import dates_of

if TYPE_CHECKING:
    from bot.web.words import Words

# A source that was last reviewed or updated longer ago may be out of date, and families are told so.
_REVIEW_HOLDS_DAYS = 365


def long_date(iso: str, words: Words) -> str:
    """Return ``2026-10-01`` as ``1 October 2026``, in the words of the page; leave anything but a date unchanged."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    month = words.say("months").split()[day.month - 1]
    return words.say("date", day=day.day, month=month, year=day.year)


def looked_at(
    words: Words, updated_on: str | None, reviewed_on: str | None, reviewed_by: str | None, changed: bool = False
) -> str | None:
    """Say who reviewed a text and when, else when it was changed.

    :param updated_on: the day of the last change.
    :returns: a sentence without its full stop; ``None`` where no day is known.
    """
    dates = dates_of(updated_on, reviewed_on, reviewed_by)
    if dates.reviewed_on:
        said = "reviewed_and_changed" if changed else "reviewed"
        return words.say(said, name=dates.reviewed_by, date=long_date(dates.reviewed_on, words))
    return words.say("updated", date=long_date(dates.updated_on, words)) if dates.updated_on else None


def is_outdated(looked_at: str | None, today: date) -> bool:
    """Say whether a text was last looked at more than a year ago; without a date it is not called old."""
    try:
        return looked_at is not None and (today - date.fromisoformat(looked_at)).days > _REVIEW_HOLDS_DAYS
    except ValueError:
        return False
