"""Keep canned replies: words that staff need again and again, with placeholders."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.triage.tickets.reading import WholeTicket
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me

_MOST_TITLE_CHARS, _MOST_TEXT_CHARS = 60, 4000
_PLACE = re.compile(r"\{([a-z]*)\}")
VARIABLES = {
    "question": "what was asked, where one family asks; “your question” where several do",
    "signature": "the name that families see",
    "service": "the name of this service",
    "today": "the day on which it is sent",
}
STARTERS = (
    ("We look into it", "Thank you for asking about “{question}”. We do not have a page on this yet. We are asking "
     "somebody who knows, and write again here within two working days.\n\n{signature}"),
    ("Your care team", "Thank you for writing. What is right for one person is a question for your care team, who "
     "know the history. It can help to take the question along: “{question}”\n\n{signature}"),
    ("What we have on it", "Thank you for asking. The passage below is what we have on “{question}”. Please write "
     "again if it is not what you meant.\n\n"),
    ("Not something we do", "Thank you for writing to {service}. This is not something that we know about, so we "
     "cannot help with it. We are sorry.\n\n{signature}"),
    ("Are you safe", "We read what you wrote and are worried about you. If anybody is in danger now, please call the "
     "number that stands above. We are here on working days and read what you write.\n\n{signature}"),
)  # fmt: skip


@staff.get("/canned")
@for_role("agent")
def canned() -> str:
    """List the replies."""
    kept = current_desk().keeping.canned()
    missing = {title for title, _ in STARTERS} - {one.title for one in kept}
    return render_template("staff/canned.html", canned=kept, variables=VARIABLES, missing=len(missing))


@staff.post("/canned")
@for_role("editor")
def keep_canned() -> Response:
    """Store a reply."""
    title, text = _typed()
    current_desk().keeping.keep_canned(title, text, by=me().staff)
    return redirect(url_for("staff.canned"), 303)


@staff.post("/canned/starters")
@for_role("editor")
def add_starters() -> Response:
    """Store the starter replies that are missing."""
    keeping = current_desk().keeping
    there = {one.title for one in keeping.canned()}
    for title, text in STARTERS:
        if title not in there:
            keeping.keep_canned(title, text, by=me().staff)
    return redirect(url_for("staff.canned"), 303)


@staff.post("/canned/<canned_id>")
@for_role("editor")
def change_canned(canned_id: str) -> Response:
    """Change a reply's title and text."""
    title, text = _typed()
    if not current_desk().keeping.change_canned(canned_id, title, text, by=me().staff):
        abort(404)
    flash("Changed for everybody.", "done")
    return redirect(url_for("staff.canned"), 303)


@staff.post("/canned/<canned_id>/drop")
@for_role("editor")
def drop_canned(canned_id: str) -> Response:
    """Delete a reply."""
    if not current_desk().keeping.drop_canned(canned_id, by=me().staff):
        abort(404)
    return redirect(url_for("staff.canned"), 303)


def filled(text: str, whole: WholeTicket, signature: str) -> str:
    """Fill in a canned reply.

    :param text: with names of ``VARIABLES`` in curly brackets
    :returns: the text to begin with; one family's words are never shown to another
    """
    words = whole.row.words if whole.row.families == 1 else None
    values = {
        "question": words or "your question",
        "signature": signature,
        "service": current_service().name,
        "today": f"{datetime.now(UTC):%d %B %Y}",
    }
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def _typed() -> tuple[str, str]:
    """Return the title and the text of the form, or abort if it names an unknown placeholder."""
    title = " ".join(request.form.get("title", "").split())[:_MOST_TITLE_CHARS]
    text = request.form.get("text", "").strip()[:_MOST_TEXT_CHARS]
    if not title or not text or not set(_PLACE.findall(text)) <= VARIABLES.keys():
        abort(422)
    return title, text
