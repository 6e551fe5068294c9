"""Answering a person: replies to those who asked, and how they can be reached.

Comes in: forms of a ticket's page. Goes out: that page, with what was typed still in it when somebody else was faster.
How a family can be reached is on the page that was asked for it and nowhere else, not even in an address.
"""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from bot.conversing.secrecy import SealedWithAnotherKey
from bot.triage.replying.replies import MOST_LABEL_CHARS, MOST_REPLY_CHARS, WAITING, Draft
from bot.triage.tickets.changing import Conflict, Seen
from bot.web.parsing import clean_text
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me
from bot.web.staff.tickets import ShownContact, ticket_page


@staff.post("/tickets/<ticket_id>/replies")
@for_role("agent")
def reply(ticket_id: str) -> Response:
    """Sends a reply, unless somebody else was faster."""
    draft, version = _draft(), request.form.get("version", type=int)
    if version is None:
        abort(422)
    if not draft.text or not draft.author_label or len(draft.text) > MOST_REPLY_CHARS:
        return ticket_page(ticket_id, draft=draft, fault=_what_is_missing(draft))
    sent = current_desk().replies.send(Seen(ticket_id, version), draft, by=me().staff)
    if isinstance(sent, Conflict):
        return ticket_page(ticket_id, conflict=sent, draft=draft)
    if sent == 0:
        return ticket_page(ticket_id, draft=draft, fault="Everybody who asked has a reply already. Nothing was sent.")
    flash(f"Sent to {sent} {'family' if sent == 1 else 'families'}. They read it when they come back.", "done")
    return redirect(url_for("staff.ticket", ticket_id=ticket_id), 303)


@staff.post("/tickets/<ticket_id>/contacts/<handoff_id>")
@for_role("agent")
def show_contact(ticket_id: str, handoff_id: str) -> Response:
    """Shows how a family of this ticket can be reached, and writes down to whom it was shown."""
    whole = current_desk().tickets.read(ticket_id)
    if whole is None or all(one.handoff_id != handoff_id for one in whole.askings):
        abort(404)
    try:
        contact = current_desk().contacts.show(handoff_id, by=me().staff)
    except SealedWithAnotherKey:
        return ticket_page(ticket_id, fault="It was sealed with a key that is not there any more (BOT_CONTACT_KEY).")
    return ticket_page(ticket_id, contact=None if contact is None else ShownContact(handoff_id, contact))


def _draft() -> Draft:
    form = request.form
    return Draft(
        text=clean_text(form.get("text", "")),
        author_label=" ".join(clean_text(form.get("signed", "")).split())[:MOST_LABEL_CHARS],
        to=form.get("to") or WAITING,
        resolve=form.get("do") == "resolve",
    )


def _what_is_missing(draft: Draft) -> str:
    if len(draft.text) > MOST_REPLY_CHARS:
        return f"The reply has {len(draft.text):,} characters, {MOST_REPLY_CHARS:,} are allowed. Nothing was sent."
    return "A reply needs a text, and a name that families see. Nothing was sent."
