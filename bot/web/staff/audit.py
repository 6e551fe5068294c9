"""Show admins what accounts did, by person, action and day, and as a CSV file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import render_template, request
from werkzeug.wrappers import Response

from bot.storage.audit import Wanted
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.exporting import as_csv
from bot.web.staff.filters import number_in
from bot.web.staff.guard import for_role

_ENTRIES, _MOST = 100, 10_000


@staff.get("/audit")
@for_role("admin")
def audit_log() -> str:
    """List what accounts did, newest first."""
    before = number_in(request.args, "before")
    entries = current_desk().audit.entries(_wanted(), before=before, limit=_ENTRIES + 1)
    more = entries[_ENTRIES - 1].id if len(entries) > _ENTRIES else None
    fields = {name: request.args.get(name) or None for name in ("account", "action", "since", "until")}
    return render_template("staff/audit.html", entries=entries[:_ENTRIES], more=more, **fields)


@staff.get("/audit.csv")
@for_role("admin")
def audit_csv() -> Response:
    """Return the same as a file of at most ten thousand lines, in which no cell is a formula."""
    entries = current_desk().audit.entries(_wanted(), limit=_MOST)
    rows = [(one.at.isoformat(), one.account_name, one.action, one.object, one.detail) for one in entries]
    return as_csv("audit", ("at", "account", "action", "object", "detail"), rows)


def _wanted() -> Wanted:
    since, until = _day("since"), _day("until")
    return Wanted(
        account_name=request.args.get("account") or None,
        action=request.args.get("action") or None,
        since=since,
        until=until + timedelta(days=1) if until else None,
    )


def _day(name: str) -> datetime | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    # The last day has no day after it.
    return datetime.combine(day, datetime.min.time(), UTC) if day < date.max else None
