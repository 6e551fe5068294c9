"""Read a filter of the queue from the query of an address, and write it back.

Words that staff look for are in the address: they are staff's own, and the console's addresses are in no log.
"""

from __future__ import annotations

from typing import Any, Literal, cast
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from bot.triage.tickets.filtering import SORTS, Filter
from bot.triage.tickets.rules import PRIORITIES, REASONS, STATUSES, Status

_MOST_CHARS = 200
_MOST_HOURS = 24 * 365
_MOST_NUMBER = 2**31 - 1
FIELDS = (
    "status", "priority", "reason", "label", "assignee", "site", "older_h", "words", "like", "q", "sort", "way",
)  # fmt: skip
# The fields that hold search words: they may be a family's, so they are never stored.
SOUGHT = ("words", "like", "q")
BACKWARD = "back"
MINE = "me"


def filter_of(given: MultiDict[str, str], my_id: str) -> Filter:
    """Return the filter that an address asks for, without the fields whose values are invalid.

    :param my_id: the account that ``assignee=me`` means
    """
    text = {name: value for name in FIELDS if (value := given.get(name, "").strip()[:_MOST_CHARS])}
    status, reason, priority = text.get("status"), text.get("reason"), text.get("priority")
    older = text.get("older_h", "")
    assignee, sort = text.get("assignee"), text.get("sort")
    otherwise: Status | Literal["any"] = "open" if text.keys().isdisjoint(SOUGHT) else "any"
    return Filter(
        # A search for words covers every status, unless one is given.
        status=cast("Status", status) if status in (*STATUSES, "any") else otherwise,
        reason=reason if reason in REASONS else None,
        priority=PRIORITIES.index(priority) if priority in PRIORITIES else None,
        site=text.get("site"),
        label=text.get("label"),
        assignee=my_id if assignee == MINE else assignee,
        older_h=min(int(older), _MOST_HOURS) if older.isascii() and older.isdigit() else None,
        words=text.get("words"),
        like=text.get("like"),
        q=text.get("q"),
        sort=sort if sort in SORTS else None,
        backward=text.get("way") == BACKWARD,
    )


def query_of(given: MultiDict[str, str], **changed: Any) -> str:
    """Return the query of the same filter with some fields changed; ``None`` removes one."""
    fields = {name: given.get(name) for name in FIELDS} | changed
    return urlencode({name: value for name, value in fields.items() if value})


def number_in(given: MultiDict[str, str], name: str) -> int | None:
    """Return a whole number of an address, clamped to what a database can hold; ``None`` where there is none."""
    number = given.get(name, type=int)
    return None if number is None else max(min(number, _MOST_NUMBER), -_MOST_NUMBER)
