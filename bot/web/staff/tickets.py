"""Show one ticket, who asks and what happened, and change it.

When somebody else was faster, the page shows the ticket as it is now and who that was; nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot.triage.replying.checking import Doubt
from bot.triage.replying.replies import WAITING, Draft
from bot.triage.tickets.changing import MOST_NOTE_CHARS, Conflict, Seen
from bot.triage.tickets.filtering import Filter
from bot.triage.tickets.reading import WholeTicket
from bot.triage.tickets.rules import PRIORITIES, URGENT
from bot.triage.tickets.unsent import Typed
from bot.web.parsing import clean_text
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.canned import filled
from bot.web.staff.desk import current_desk
from bot.web.staff.filters import filter_of
from bot.web.staff.guard import for_role, me
from bot.web.staff.queue import LABEL_FORM, PUT_AWAY, change_of, tell_applied
from bot.web.staff.timeline import folded, numbers_called, numbers_of, timeline_of
from bot.web.staff.unsent import keep_typed, typed_in

_MOST_QUERY_CHARS = 1000
_LABEL_FAULT = f"{LABEL_FORM} Nothing was changed."
_CHANGE_FAULT = "That could not be done. Nothing was changed."


@staff.get("/tickets/<ticket_id>")
@for_role("agent")
def ticket(ticket_id: str) -> Response:
    """Show a ticket."""
    return ticket_page(ticket_id)


@staff.post("/tickets/<ticket_id>")
@for_role("agent")
def change_ticket(ticket_id: str) -> Response:
    """Change a ticket, unless somebody else was faster; unsent text is kept."""
    keep_typed(f"ticket:{ticket_id}")
    change, version = change_of(request.form.get("do", "")), request.form.get("version", type=int)
    if version is None:
        abort(422)
    if change is None:
        return ticket_page(ticket_id, fault=_LABEL_FAULT if "label" in request.form.get("do", "") else _CHANGE_FAULT)
    seen = [Seen(ticket_id, version)]
    applied = current_desk().changes.apply(seen, change, by=me().staff)
    if applied.conflicts:
        return ticket_page(ticket_id, conflict=applied.conflicts[0])
    tell_applied(seen, applied, change, at_ticket=True)
    if change.status in PUT_AWAY:
        return to_next(ticket_id)
    return redirect(url_for("staff.ticket", ticket_id=ticket_id, **within()), 303)


@staff.post("/tickets/<ticket_id>/notes")
@for_role("agent")
def add_note(ticket_id: str) -> Response:
    """Add a private note; an unsent reply is kept."""
    text = clean_text(request.form.get("note", ""))[:MOST_NOTE_CHARS]
    keep_typed(f"ticket:{ticket_id}", but=("note",))
    if not text:
        return ticket_page(ticket_id, fault="Write the note first. Nothing was added.")
    if not current_desk().changes.note(ticket_id, text, by=me().staff):
        abort(404)
    return redirect(url_for("staff.ticket", ticket_id=ticket_id, **within(), _anchor="newest"), 303)


@staff.post("/tickets/<ticket_id>/split")
@for_role("agent")
def split_ticket(ticket_id: str) -> Response:
    """Move the ticked questions into a ticket of their own."""
    keep_typed(f"ticket:{ticket_id}")
    seen = Seen(ticket_id, request.form.get("version", -1, type=int))
    made = current_desk().regrouping.split(seen, request.form.getlist("turn"), by=me().staff)
    if isinstance(made, Conflict):
        return ticket_page(ticket_id, conflict=made)
    if made is None:
        return ticket_page(ticket_id, fault="Tick the questions that ask something else, and leave at least one.")
    flash("These questions are a ticket of their own now. A reply to one does not go to the other.", "done")
    return redirect(url_for("staff.ticket", ticket_id=made), 303)


@staff.post("/tickets/<ticket_id>/merge")
@for_role("agent")
def merge_ticket(ticket_id: str) -> Response:
    """Merge a ticket into another."""
    seen = Seen(ticket_id, request.form.get("version", -1, type=int))
    # A copied address works too.
    into = request.form.get("into", "").strip().rstrip("/").rsplit("/", 1)[-1]
    done = current_desk().regrouping.merge(seen, into, by=me().staff)
    if isinstance(done, Conflict):
        return ticket_page(ticket_id, conflict=done)
    if not done:
        return ticket_page(ticket_id, fault="Choose another ticket of the same site. Nothing was merged.")
    flash("Merged. A reply goes to all who ask, of both.", "done")
    return redirect(url_for("staff.ticket", ticket_id=into), 303)


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be confirmed before a reply is sent: how many families get it, and the doubts about it.

    ``token`` proves what was seen; ``then`` is the button that was pressed.
    """

    families: int
    doubts: Sequence[Doubt]
    token: str
    then: str


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
    asked: Asked | None = None,
) -> Response:
    """Return the page of a ticket as it is now.

    :param draft: what was typed and not sent
    :param fault: why nothing was done
    :param asked: what must be confirmed before the draft is sent
    :returns: 409 after a conflict, 422 after a fault or when something must be confirmed
    """
    desk = current_desk()
    whole = desk.tickets.read(ticket_id)
    if whole is None:
        abort(404)
    typed = typed_in(f"ticket:{ticket_id}")
    sent = desk.replies.of_ticket(ticket_id)
    draft = draft or _new_draft(typed, whole)
    page = render_template(
        "staff/ticket.html",
        ticket=whole.row,
        askings=whole.askings,
        entries=folded(timeline_of(whole, sent)),
        numbers=numbers_of(whole.askings),
        call=numbers_called(whole.askings) if whole.row.priority == URGENT else [],
        beside=desk.queue.beside(queue_left(), ticket_id),
        within=within(),
        mode="note" if request.form.get("mode") == "note" and fault else "reply",
        today=datetime.now(UTC).date().isoformat(),
        conflict=conflict,
        priorities=PRIORITIES,
        people=desk.queue.choices().people,
        draft=draft,
        typed=typed,
        sends_mail=desk.replies.sends_mail,
        near=desk.regrouping.near(whole.row),
        fault=fault,
        contact=contact,
        unsure=asked,
        canned=[(one.id, one.title, filled(one.text, whole, draft.author_label)) for one in desk.keeping.canned()],
    )
    return make_response(page, 409 if conflict else 422 if fault or asked else 200)


def within() -> dict[str, Any]:
    """Return the part of an address that names the queue somebody came from; empty for all open tickets."""
    query = request.values.get("in", "")[:_MOST_QUERY_CHARS]
    return {"in": query} if query else {}


def queue_left() -> Filter:
    """Return the queue that somebody came from."""
    return filter_of(MultiDict(parse_qsl(within().get("in", ""))), me().staff.id)


def to_next(ticket_id: str) -> Response:
    """Redirect to the next ticket of the queue, else the previous one, else to the queue."""
    following = current_desk().queue.beside(queue_left(), ticket_id)
    onward = following.next or following.previous
    if onward is None:
        return redirect(f"{url_for('staff.queue')}?{within().get('in', '')}".rstrip("?"), 303)
    return redirect(url_for("staff.ticket", ticket_id=onward, **within()), 303)


def _new_draft(typed: Typed, whole: WholeTicket) -> Draft:
    """Return the reply to begin with: unsent text, a canned reply, or both; otherwise empty."""
    desk, name = current_desk(), me().staff.name
    wanted = request.args.get("canned", "")
    signed = (
        typed.fields.get("signed") or desk.replies.label_of(name) or f"{name.capitalize()}, {current_service().name}"
    )
    begun = next((filled(one.text, whole, signed) for one in desk.keeping.canned() if one.id == wanted), "")
    text = "\n\n".join(part for part in (typed.fields.get("text", ""), begun) if part)
    return Draft(text, signed, typed.fields.get("to") or WAITING)
