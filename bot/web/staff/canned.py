"""Canned replies: words that staff need again and again.

Comes in: titles and texts of editors. Goes out: a page that all can read.
"""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me

_MOST_TITLE_CHARS, _MOST_TEXT_CHARS = 60, 4000


@staff.get("/canned")
@for_role("agent")
def canned() -> str:
    """The replies there are."""
    return render_template("staff/canned.html", canned=current_desk().keeping.canned())


@staff.post("/canned")
@for_role("editor")
def keep_canned() -> Response:
    """Keeps a reply."""
    title = " ".join(request.form.get("title", "").split())[:_MOST_TITLE_CHARS]
    text = request.form.get("text", "").strip()[:_MOST_TEXT_CHARS]
    if not title or not text:
        abort(422)
    current_desk().keeping.keep_canned(title, text, by=me().staff)
    return redirect(url_for("staff.canned"), 303)


@staff.post("/canned/<canned_id>/drop")
@for_role("editor")
def drop_canned(canned_id: str) -> Response:
    """Forgets a reply."""
    if not current_desk().keeping.drop_canned(canned_id, by=me().staff):
        abort(404)
    return redirect(url_for("staff.canned"), 303)
