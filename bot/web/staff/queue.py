"""The queue: what waits for staff, today's urgent first.

Comes in: filters, and tickets that were ticked. Goes out: pages, and a small JSON that says whether anything is new.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot.triage.tickets.changing import Change, Conflict, Seen, clean_label
from bot.triage.tickets.queue import NOBODY, PAGE
from bot.triage.tickets.rules import PRIORITIES, REASONS, STATUSES, Status
from bot.web.responses import json_response
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.filters import SOUGHT, filter_of, query_of
from bot.web.staff.guard import for_role, me, own_path

_SNOOZES_H = {"4": 4, "24": 24, "72": 72, "168": 168}
_MOST_NAME_CHARS = 40


@staff.get("/")
@for_role("agent")
def queue() -> str:
    """A page of the queue."""
    desk, who = current_desk(), me().staff
    number = max(request.args.get("page", 1, type=int), 1)
    page = desk.queue.page(filter_of(request.args, who.id), start=(number - 1) * PAGE)
    return render_template(
        "staff/queue.html",
        page=page,
        number=number,
        pages=(page.total + PAGE - 1) // PAGE,
        choices=desk.queue.choices(),
        views=desk.keeping.views(who.id),
        query=query_of(request.args),
        statuses=STATUSES,
        reasons=REASONS,
        priorities=PRIORITIES,
        nobody=NOBODY,
        now=datetime.now(UTC),
    )


@staff.get("/queue/tick")
@for_role("agent")
def queue_tick() -> Response:
    """Whether anything has changed, and how many urgent tickets wait."""
    queue = current_desk().queue
    return json_response({"tick": queue.tick(), "urgent": queue.urgent()})


@staff.post("/queue")
@for_role("agent")
def change_many() -> Response:
    """Does the same to all tickets that were ticked."""
    seen = [one for one in map(_seen, request.form.getlist("ticket")) if one is not None][:PAGE]
    change = change_of(request.form.get("do", ""))
    if change is None:
        abort(422)
    if not seen:
        flash("Tick at least one row first.", "fault")
    else:
        conflicts = current_desk().changes.apply(seen, change, by=me().staff)
        _tell(len(seen), conflicts)
    return redirect(own_path(f"/staff/?{request.form.get('query', '')}"), 303)


@staff.post("/views")
@for_role("agent")
def keep_view() -> Response:
    """Keeps the present filter under a name, but for words looked for: a family's would outlive its conversation."""
    name, query = " ".join(request.form.get("name", "").split())[:_MOST_NAME_CHARS], request.form.get("query", "")
    if not name:
        abort(422)
    asked = MultiDict(parse_qsl(query))
    current_desk().keeping.keep_view(me().staff.id, name, query_of(asked, **dict.fromkeys(SOUGHT)))
    if not asked.keys().isdisjoint(SOUGHT):
        flash("Kept without the words looked for: they may be a family's, and would outlive what it removes.", "done")
    return redirect(own_path(f"/staff/?{query}"), 303)


@staff.post("/views/<view_id>/drop")
@for_role("agent")
def drop_view(view_id: str) -> Response:
    """Forgets one of one's own filters."""
    if not current_desk().keeping.drop_view(view_id, account_id=me().staff.id):
        abort(404)
    return redirect(url_for("staff.queue"), 303)


def change_of(wish: str) -> Change | None:
    """What a button asks for: ``take``, ``resolve``, ``open``, ``pending``, ``drop``, or with a value after a
    colon: ``snooze:24``, ``priority:high``, ``assign:ID``, ``label:WORD``, ``unlabel:WORD``."""
    what, _, value = wish.partition(":")
    if what in {"label", "unlabel"}:
        label = clean_label(value or request.form.get("label", ""))
        return None if label is None else _relabel(what, label)
    if what == "snooze" and value in _SNOOZES_H:
        return Change(status="snoozed", snoozed_until=datetime.now(UTC) + timedelta(hours=_SNOOZES_H[value]))
    if what == "priority" and value in PRIORITIES:
        return Change(priority=PRIORITIES.index(value))
    if what == "assign":
        return Change(assignee_id=value)
    return _plain_change(what)


def _relabel(what: str, label: str) -> Change:
    return Change(add_label=label) if what == "label" else Change(remove_label=label)


def _plain_change(what: str) -> Change | None:
    if what == "take":
        return Change(assignee_id=me().staff.id)
    if what == "drop":
        return Change(assignee_id="")
    status = {"resolve": "resolved", "open": "open", "pending": "pending"}.get(what)
    return None if status is None else Change(status=cast("Status", status))


def _seen(ticked: str) -> Seen | None:
    ticket_id, _, version = ticked.rpartition("~")
    return Seen(ticket_id, int(version)) if ticket_id and version.isascii() and version.isdigit() else None


def _tell(count: int, conflicts: list[Conflict]) -> None:
    done = count - len(conflicts)
    if done:
        flash(f"{done} ticket{'s' if done > 1 else ''} changed.", "done")
    for conflict in conflicts[:3]:
        flash(f"{conflict.who} was faster with a ticket ({conflict.what}), so it was left as it is.", "fault")
