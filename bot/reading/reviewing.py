"""Work out from the days and the name in front matter who reviewed a text and when.

Only a named person counts as a reviewer. Files once said ``reviewed_by: unreviewed`` and put the day of the last change
in ``reviewed_on``; that day is read as ``updated_on``.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.records import Source

UNREVIEWED = "unreviewed"


class Dates(NamedTuple):
    """When a text was last changed, and when and by whom it was reviewed; the last two are both there or neither."""

    updated_on: str | None
    reviewed_on: str | None
    reviewed_by: str | None


def dates_of(updated_on: str | None, reviewed_on: str | None, reviewed_by: str | None) -> Dates:
    """Return what the three fields mean together.

    :param reviewed_on: the day of a review, or in an old file that of the last change.
    :returns: no review if nobody is named or it has no day.
    """
    if reviewed_on and is_reviewer(reviewed_by):
        return Dates(updated_on, reviewed_on, reviewed_by)
    return Dates(updated_on or reviewed_on, None, None)


def is_reviewer(name: str | None) -> bool:
    """Say whether the value of ``reviewed_by`` names a person; false for nothing and for the old ``unreviewed``."""
    return bool(name and name.strip()) and str(name).strip().casefold() != UNREVIEWED


def review_digest(source: Source) -> str:
    """Return the SHA-256, in hex, of all that a reviewer reads of a source: its text and its key terms."""
    words = (f"{term.term}: {term.definition}" for term in source.key_terms)
    return hashlib.sha256("\n".join((source.text, *words)).encode()).hexdigest()


def changed_since_review(source: Source) -> bool:
    """Say whether a source differs from what was reviewed; false if nobody reviewed it, or no hash was recorded."""
    was = source.reviewed_sha256
    return bool(was and source.reviewed_on and is_reviewer(source.reviewed_by)) and was != review_digest(source)
