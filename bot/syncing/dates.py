"""Read a date as feeds write it into ISO 8601 in UTC, or nothing if it is ambiguous or not a date.

feedparser reads ``2016/6/29`` as the first of November, so it is asked only where nothing here can read the date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from bot.reading.textfile import one_line

_CLOCK = (
    r"(?:(?:[ ,T]|\s*+at\s++)\s*+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*+(?P<half>[ap]\.?m\.?)?)?\s*+(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){_CLOCK}", re.IGNORECASE
)
_EAST_ASIAN = re.compile(
    rf"(?P<year>\d{{4}})\s*+[年년]\s*+(?P<month>\d{{1,2}})\s*+[月월]\s*+(?P<day>\d{{1,2}})\s*+[日일]{_CLOCK}",
    re.IGNORECASE,
)
_YEAR_LAST = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<mark>[-/.])(?P<other>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){_CLOCK}", re.IGNORECASE
)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_SECONDS = re.compile(r"\d{9,10}")
_MILLISECONDS = re.compile(r"\d{12,13}")
_HALF = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)\s?+([ap])\.?m\b\.?", re.IGNORECASE)
_HAS_CLOCK = re.compile(r"\d:\d")
_ZONE_NAME = re.compile(r":\d{2}\s([A-Za-z]{2,5})(?:\s\d{4})?$")
# Python knows those of RFC 5322 and takes all others for UTC. Names that mean several zones (IST) are left out.
_KNOWN_ZONES = frozenset({"UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AM", "PM"})
_ZONES = {
    "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "WET": 0, "WEST": 1, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9,
    "AEST": 10, "AEDT": 11, "AWST": 8, "NZST": 12, "NZDT": 13, "AKST": -9, "AKDT": -8, "HST": -10, "SAST": 2,
}  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def time_of(written: str) -> str | None:
    """Return the time in UTC as ISO 8601, or ``None`` if it does not exist or is ambiguous.

    :param written: a date, with or without a time; UTC if it has no zone
    """
    words = one_line(written)
    try:
        found = _read(words)
    except (OverflowError, ValueError):
        return None
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC).replace(microsecond=0).isoformat()


def _read(words: str) -> datetime | None:
    if _SECONDS.fullmatch(words) or _MILLISECONDS.fullmatch(words):
        return datetime.fromtimestamp(int(words[:10]), UTC) if len(words) != 12 else None
    for pattern in (_YEAR_FIRST, _EAST_ASIAN):
        if found := pattern.fullmatch(words):
            return _at(found, int(found["month"]), int(found["day"]))
    if found := _COMPACT.fullmatch(words):
        return datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=UTC)
    if found := _YEAR_LAST.fullmatch(words):
        return _of_year_last(found)
    if words[:1].isdecimal() and words[4:5] == "-":
        return datetime.fromisoformat(words)
    return _of_words(words) if re.search(r"[A-Za-z]{3}", words) else None


def _of_words(words: str) -> datetime | None:
    """Read a date with the month as a word; handles the 12-hour clock and zones that Python ignores."""
    half = _HALF.search(words)
    named = _ZONE_NAME.search(words)
    if named and named[1].upper() not in _ZONES and named[1].upper() not in _KNOWN_ZONES:
        return None
    plain = _HALF.sub(r"\1", words) if half else words
    plain = plain if _HAS_CLOCK.search(plain) else f"{plain} 00:00:00"
    found = parsedate_to_datetime(plain.replace("-", " ") if re.match(r"\d{1,2}-[A-Za-z]", plain) else plain)
    if half:
        hour = found.hour % 12 + 12 * (half[2].lower() == "p")
        found = found.replace(hour=hour) if 1 <= found.hour <= 12 else found
    if named and named[1].upper() in _ZONES:
        found = found.replace(tzinfo=timezone(timedelta(hours=_ZONES[named[1].upper()])))
    return found


def _of_year_last(found: re.Match[str]) -> datetime | None:
    """Read a date with the year last: with dots the day comes first, otherwise only a number above 12 tells."""
    one, other = int(found["one"]), int(found["other"])
    if found["mark"] == "." or one > 12 or one == other:
        return _at(found, other, one)
    return _at(found, one, other) if other > 12 else None


def _at(found: re.Match[str], month: int, day: int) -> datetime:
    hour = int(found["hour"] or 0)
    half = (found["half"] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        raise ValueError("no such hour")
    hour = hour % 12 + 12 * (half == "p") if half else hour
    time = (hour, int(found["minute"] or 0), int(found["second"] or 0))
    return datetime(int(found["year"]), month, day, *time, tzinfo=_zone(found["zone"]))


def _zone(written: str | None) -> timezone:
    if written is None or written.upper() in ("Z", "UTC", "GMT"):
        return UTC
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return timezone(timedelta(minutes=-minutes if written[0] == "-" else minutes))
