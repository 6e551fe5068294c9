"""Format values for the console's templates: filters and functions.

Nothing here makes HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import current_app
from flask_login import current_user

from bot.errors import MemoryUnavailable
from bot.storage.audit import AuditRecord, Wanted
from bot.triage.people.account import Staff
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import is_for, is_not_set_up, me

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# The places of the console in the order of a day's work; each is shown only to those who may use it.
_PLACES = (
    ("staff.queue", "Queue"),
    ("staff.overview", "Overview"),
    ("staff.gaps", "Gaps"),
    ("staff.curated", "Curated answers"),
    ("staff.canned", "Canned replies"),
    ("staff.sites", "Sites"),
    ("staff.safety", "Safety"),
)
_ADMIN_PLACES = (
    ("staff.people", "People"),
    ("staff.webhooks", "Webhooks"),
    ("staff.settings", "Settings"),
    ("staff.audit_log", "Audit log"),
)


@staff.app_template_filter("ago")
def ago(when: datetime) -> str:
    """Return how long ago a moment was, or how long until it comes, in its largest unit."""
    seconds = (datetime.now(UTC) - when).total_seconds()
    amount = _amount(abs(seconds))
    if amount is None:
        return "just now"
    return f"{amount} ago" if seconds > 0 else f"in {amount}"


@staff.app_template_filter("as_typed")
def as_typed(stems: Sequence[str], text: str) -> list[str]:
    """Return names as they appear in a text, from their stems; stems that are not in it are returned unchanged."""
    return [_as_typed(entry.split(), text) for entry in stems]


def _as_typed(stems: Sequence[str], text: str) -> str:
    words = list(re.finditer(r"\w[\w']*", text))
    for start in range(len(words) - len(stems) + 1):
        found = words[start : start + len(stems)]
        if all(_shares_stem(word[0].casefold(), stem) for word, stem in zip(found, stems, strict=True)):
            return text[found[0].start() : found[-1].end()]
    return " ".join(stems)


def _shares_stem(word: str, stem: str) -> bool:
    # A stemmer turns a final y into an i.
    return word.startswith(stem) or f"{word.removesuffix('y')}i" == stem


@staff.app_template_filter("spell")
def spell(hours: float) -> str:
    """Return a length of time in its largest unit."""
    return _amount(hours * _HOUR) or "under a minute"


def _amount(seconds: float) -> str | None:
    if seconds < _MINUTE:
        return None
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"{int(seconds // _HOUR)} h"
    return f"{int(seconds // _DAY)} days"


def staff_person() -> Staff | None:
    """Return who is signed in, ``None`` also while the database is down, so that its error page can be shown."""
    try:
        return me().staff if current_user.is_authenticated else None
    except MemoryUnavailable:
        return None


def staff_places() -> list[tuple[str, str]]:
    """Return the places that the person may go to now, with their names."""
    who = me().staff
    if is_not_set_up():
        return []
    views = current_app.view_functions
    return [(name, label) for name, label in _PLACES if is_for(views[name], who)]


def admin_places() -> list[tuple[str, str]]:
    """Return the places that only admins have, which share one menu."""
    who, views = me().staff, current_app.view_functions
    return [] if is_not_set_up() else [(name, label) for name, label in _ADMIN_PLACES if is_for(views[name], who)]


def chat_is_closed() -> bool:
    """Say whether the chat is closed for everybody, which all staff should know."""
    sites = current_service().sites
    return sites is not None and sites.closed()


def closing() -> AuditRecord | None:
    """Return who last closed the chat, when and why; ``None`` if nobody has, as when only a setting closes it."""
    last = next(iter(current_desk().audit.entries(Wanted(action="chat."), limit=1)), None)
    return last if last is not None and last.action == "chat.close" else None


@staff.context_processor
def page_functions() -> dict[str, object]:
    """Return what every template of the console may call."""
    return {
        "staff_person": staff_person,
        "staff_places": staff_places,
        "chat_is_closed": chat_is_closed,
        "closing": closing,
        "admin_places": admin_places,
    }
