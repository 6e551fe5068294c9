"""Show what this deployment is set to, what serves, and how long anything is kept.

Of secrets, only whether they are set is shown.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot import __version__
from bot.triage.retention import purge
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me


@staff.get("/settings")
@for_role("admin")
def settings() -> str:
    """Show the settings in force, the Build, and what would be purged now."""
    answerer, desk = current_service().answerer, current_desk()
    return render_template(
        "staff/settings.html",
        settings=desk.settings,
        version=__version__,
        build=answerer.build_id if answerer.ready() else None,
        sources=len(answerer.sources()) if answerer.ready() else 0,
        retention_days=desk.retention_days,
        old=desk.turns.count_before(_oldest()),
    )


@staff.post("/settings/purge")
@for_role("admin")
def purge_now() -> Response:
    """Remove what is older than the retention time, with everything that depends on it."""
    if request.form.get("sure") != "yes":
        flash("Tick that you are sure; what is purged cannot be had again.", "fault")
        return redirect(url_for("staff.settings", _anchor="purge"), 303)
    desk = current_desk()
    desk.audit.add(me().staff.name, "turns.purge", detail=f"older than {desk.retention_days} days")
    flash(f"{purge(desk.turns.database, _oldest()):,} turns were removed.", "done")
    return redirect(url_for("staff.settings", _anchor="purge"), 303)


def _oldest() -> datetime:
    return datetime.now(UTC) - timedelta(days=current_desk().retention_days)
