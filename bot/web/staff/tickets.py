"""One ticket: who asks, what happened, and what is done about it.

Comes in: a ticket's id and the version that somebody saw. Goes out: its page; when somebody else was faster, the page
as it is now with who that was, and nothing overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.triage.replying.replies import Draft
from bot.triage.tickets.changing import MOST_NOTE_CHARS, Conflict, Seen
from bot.triage.tickets.rules import PRIORITIES
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me
from bot.web.staff.queue import change_of


@staff.get("/tickets/<ticket_id>")
@for_role("agent")
def ticket(ticket_id: str) -> Response:
    """A ticket."""
    return ticket_page(ticket_id)


@staff.post("/tickets/<ticket_id>")
@for_role("agent")
def change_ticket(ticket_id: str) -> Response:
    """Changes a ticket, unless somebody else was faster."""
    change, version = change_of(request.form.get("do", "")), request.form.get("version", type=int)
    if change is None or version is None:
        abort(422)
    conflicts = current_desk().changes.apply([Seen(ticket_id, version)], change, by=me().staff)
    if conflicts:
        return ticket_page(ticket_id, conflict=conflicts[0])
    flash("Done.", "done")
    return redirect(url_for("staff.ticket", ticket_id=ticket_id), 303)


@staff.post("/tickets/<ticket_id>/notes")
@for_role("agent")
def add_note(ticket_id: str) -> Response:
    """Adds a private note."""
    text = request.form.get("text", "").strip()[:MOST_NOTE_CHARS]
    if not text:
        abort(422)
    if not current_desk().changes.note(ticket_id, text, by=me().staff):
        abort(404)
    return redirect(url_for("staff.ticket", ticket_id=ticket_id, _anchor="notes"), 303)


@dataclass(frozen=True, slots=True)
class ShownContact:
    """How a family can be reached, in the clear."""

    handoff_id: str
    contact: str


def ticket_page(
    ticket_id: str,
    *,
    conflict: Conflict | None = None,
    draft: Draft | None = None,
    fault: str | None = None,
    contact: ShownContact | None = None,
) -> Response:
    """The page of a ticket as it is now.

    :param ticket_id: its id
    :param conflict: who was faster
    :param draft: what was typed and not sent
    :param fault: why it was not
    :param contact: what was asked for
    :returns: the page; 409 after a conflict, 422 after a fault
    """
    desk = current_desk()
    whole = desk.tickets.read(ticket_id)
    if whole is None:
        abort(404)
    page = render_template(
        "staff/ticket.html",
        ticket=whole.row,
        askings=whole.askings,
        events=whole.events,
        conflict=conflict,
        priorities=PRIORITIES,
        people=desk.queue.choices().people,
        sent=desk.replies.of_ticket(ticket_id),
        draft=draft or _new_draft(),
        fault=fault,
        contact=contact,
        canned=desk.keeping.canned(),
    )
    return make_response(page, 409 if conflict else 422 if fault else 200)


def _new_draft() -> Draft:
    """A reply to begin with: empty, or one of those that staff keep."""
    desk, name = current_desk(), me().staff.name
    wanted = request.args.get("canned", "")
    text = next((one.text for one in desk.keeping.canned() if one.id == wanted), "")
    return Draft(text, desk.replies.label_of(name) or f"{name.capitalize()}, {current_service().name}")
