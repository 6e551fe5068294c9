"""What went wrong in the console -> a page that says so to staff.

Comes in: exceptions. Goes out: a page with the status. Nothing here repeats what anybody typed.
"""

from __future__ import annotations

import logging

from flask import make_response, render_template
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from bot.errors import MemoryUnavailable
from bot.triage.people.hashing import HashingBusy
from bot.web.staff.blueprint import staff

log = logging.getLogger("bot.web")

_WORDS = {
    400: ("This form is too old", "Go back, load the page again, and send it once more."),
    401: ("You are signed out", "Sign in again; then go back to what you were doing."),
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
    """The page of an error, or the redirect that an exception stands for."""
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    return _page(status)


@staff.errorhandler(MemoryUnavailable)
def no_memory(error: MemoryUnavailable) -> Response:
    """The page when the database is down."""
    log.error("no memory: %s", error.found)
    return _page(503)


@staff.errorhandler(HashingBusy)
def busy(error: HashingBusy) -> Response:
    """The page when other passwords are being looked at."""
    response = _page(429)
    response.headers["Retry-After"] = "1"
    return response


def _page(status: int) -> Response:
    title, cure = _WORDS.get(status, ("Something went wrong on our side", "Try again in a minute."))
    response = make_response(render_template("staff/error.html", title=title, cure=cure, status=status), status)
    response.headers["Cache-Control"] = "no-store"
    return response
