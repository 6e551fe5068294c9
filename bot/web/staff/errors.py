"""Turn what went wrong in the console into a page that says so to staff.

What somebody typed is shown again, only to them, where it would otherwise be lost.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from bot.errors import MemoryUnavailable
from bot.triage.people.hashing import HashingBusy
from bot.web.staff.blueprint import staff
from bot.web.staff.guard import own_path

log = logging.getLogger("bot.web")
# Form fields in which somebody may have written for a long time.
_LONG = ("text", "note", "wordings")

_WORDS = {
    400: ("This form is too old", "Go back, load the page again, and send it once more."),
    401: ("You are signed out", "Sign in again; what you typed until a moment ago is kept where you typed it."),
    403: ("That is not for your role", "Ask an admin of this console if you need it."),
    404: ("Nothing is here", "It may have been removed: what families wrote is kept for a limited time."),
    405: ("That cannot be done this way", "Go back and use the buttons of the page."),
    413: ("That is too long", "Shorten it and send it again."),
    422: ("That could not be used", "Go back and check what you entered."),
    429: ("That was too often", "Wait a minute, go back, and send it again."),
    503: ("The database does not answer", "Try again in a minute. Families get their answers all the same."),
}


@staff.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """Return the page of an error, or the redirect that an exception stands for."""
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    return _page(status)


@staff.errorhandler(MemoryUnavailable)
def no_memory(error: MemoryUnavailable) -> Response:
    """Return the page for when the database is down."""
    log.error("no memory: %s", error.found)
    return _page(503)


@staff.errorhandler(HashingBusy)
def busy(error: HashingBusy) -> Response:
    """Return the page for when too many passwords are being checked at once."""
    response = _page(429)
    response.headers["Retry-After"] = "1"
    return response


def _page(status: int) -> Response:
    title, cure = _WORDS.get(status, ("Something went wrong on our side", "Try again in a minute."))
    page = render_template("staff/error.html", title=title, cure=cure, status=status, typed=_typed(), back=_back())
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _typed() -> list[tuple[str, str]]:
    """Return the long texts of a form that failed."""
    return [(name, text) for name in _LONG if (text := request.form.get(name, "").strip())]


def _back() -> str:
    """Return where to continue after signing in: the page on which the form was."""
    came_from = urlsplit(request.referrer or "")
    return own_path(f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path)
