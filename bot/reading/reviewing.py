"""The days and the name in front matter in, who reviewed a text and when out.

Only a person who is named has reviewed a text. Files once said ``reviewed_by: unreviewed`` with the day of the last
change in ``reviewed_on``; that day is read as ``updated_on``.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.records import Source

UNREVIEWED = "unreviewed"


class Dates(NamedTuple):
    """When a text was changed last, and by whom and when it was reviewed; the last two are both there or neither."""

    updated_on: str | None
    reviewed_on: str | None
    reviewed_by: str | None


def dates_of(updated_on: str | None, reviewed_on: str | None, reviewed_by: str | None) -> Dates:
    """Return what the fields mean together.

    :param updated_on: the day of the last change.
    :param reviewed_on: the day of a review, or in an old file that of the last change.
    :param reviewed_by: who reviewed it, if anybody did.
    :returns: without a review if nobody is named or it has no day.
    """
    if reviewed_on and is_reviewer(reviewed_by):
        return Dates(updated_on, reviewed_on, reviewed_by)
    return Dates(updated_on or reviewed_on, None, None)


def is_reviewer(name: str | None) -> bool:
    """Return whether this names somebody.

    :param name: the value of ``reviewed_by``.
    :returns: false for nothing, and for the old form's ``unreviewed``.
    """
    return bool(name and name.strip()) and str(name).strip().casefold() != UNREVIEWED


def review_digest(source: Source) -> str:
    """Return the SHA-256 of all that a reviewer reads of a source: its text, and the words that it explains.

    :returns: in hex.
    """
    words = (f"{term.term}: {term.definition}" for term in source.key_terms)
    return hashlib.sha256("\n".join((source.text, *words)).encode()).hexdigest()


def changed_since_review(source: Source) -> bool:
    """Return whether a source says something else than what was reviewed.

    :returns: false where nobody reviewed it, or nobody wrote down what.
    """
    was = source.reviewed_sha256
    return bool(was and source.reviewed_on and is_reviewer(source.reviewed_by)) and was != review_digest(source)
