"""Answer people: send replies to those who asked, and show how they can be reached.

When somebody else was faster, the page still has what was typed. A contact is shown only on the page that was asked for
it, never in an address.
"""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from bot.storage.secrecy import SealedWithAnotherKey
from bot.triage.replying.checking import doubts_about, token_of
from bot.triage.replying.replies import MOST_LABEL_CHARS, MOST_REPLY_CHARS, WAITING, Draft
from bot.triage.tickets.changing import Conflict, Seen
from bot.triage.tickets.rules import Status
from bot.web.parsing import clean_text
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me
from bot.web.staff.queue import PUT_AWAY
from bot.web.staff.tickets import Asked, ShownContact, ticket_page, to_next, within
from bot.web.staff.unsent import keep_typed

_THEN: dict[str, Status] = {"resolve": "resolved", "pending": "pending", "send": "open"}


@staff.post("/tickets/<ticket_id>/replies")
@for_role("agent")
def reply(ticket_id: str) -> Response:
    """Send a reply, once it was confirmed where needed, unless somebody else was faster."""
    draft, version = _draft(), request.form.get("version", type=int)
    if version is None:
        abort(422)
    keep_typed(f"ticket:{ticket_id}")
    if not draft.text or not draft.author_label or len(draft.text) > MOST_REPLY_CHARS:
        return ticket_page(ticket_id, draft=draft, fault=_what_is_missing(draft))
    asked = _asked(ticket_id, draft)
    if asked is not None:
        return ticket_page(ticket_id, draft=draft, asked=asked)
    sent = current_desk().replies.send(Seen(ticket_id, version), draft, by=me().staff)
    if isinstance(sent, Conflict):
        return ticket_page(ticket_id, conflict=sent, draft=draft)
    if sent == 0:
        return ticket_page(ticket_id, draft=draft, fault="Everybody who asked has a reply already. Nothing was sent.")
    keep_typed(f"ticket:{ticket_id}", but=("text", "signed", "to"))
    _tell_sent(sent)
    if draft.then in PUT_AWAY:
        return to_next(ticket_id)
    return redirect(url_for("staff.ticket", ticket_id=ticket_id, **within(), _anchor="newest"), 303)


@staff.post("/tickets/<ticket_id>/replies/<sent_id>/withdraw")
@for_role("agent")
def withdraw_reply(ticket_id: str, sent_id: str) -> Response:
    """Withdraw a reply from those who have not received it yet."""
    found = current_desk().replies.withdraw(ticket_id, sent_id, by=me().staff)
    if not found.gone and not found.stayed:
        abort(404)
    if found.gone:
        flash(f"Withdrawn from {_families(found.gone)}; the ticket is open again.", "done")
    if found.stayed:
        flash(f"{_families(found.stayed).capitalize()} had it already, on the screen or by e-mail.", "fault")
    return redirect(url_for("staff.ticket", ticket_id=ticket_id, _anchor="reply"), 303)


@staff.post("/tickets/<ticket_id>/contacts/<handoff_id>")
@for_role("agent")
def show_contact(ticket_id: str, handoff_id: str) -> Response:
    """Show how a family of this ticket can be reached, and record to whom it was shown."""
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
        then=_THEN.get(form.get("do", ""), "open"),
    )


def _asked(ticket_id: str, draft: Draft) -> Asked | None:
    """Return what must be confirmed first; ``None`` if nothing, or if it was confirmed for this very text."""
    families = current_desk().replies.families(ticket_id, draft.to)
    doubts = doubts_about(draft.text)
    token = token_of(draft.text, draft.to, families)
    if (families < 2 and not doubts) or request.form.get("sure") == token:
        return None
    return Asked(families, doubts, token, request.form.get("do", ""))


def _tell_sent(families: int) -> None:
    if current_desk().replies.sends_mail:
        mail = "Who left an e-mail address gets it in half a minute; until then it can be withdrawn from all."
    else:
        mail = "No e-mail is set up (BOT_SMTP_URL), so they read it when they come back."
    flash(f"Sent to {_families(families)}. {mail}", "done")


def _families(count: int) -> str:
    return f"{count} {'family' if count == 1 else 'families'}"


def _what_is_missing(draft: Draft) -> str:
    if len(draft.text) > MOST_REPLY_CHARS:
        return f"The reply has {len(draft.text):,} characters, {MOST_REPLY_CHARS:,} are allowed. Nothing was sent."
    return "A reply needs a text, and a name that families see. Nothing was sent."
