"""Show the queue of tickets that wait for staff, today's urgent first, and change many of them at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import cast
from urllib.parse import parse_qsl

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot.triage.tickets.changing import Applied, Change, Conflict, Seen, clean_label
from bot.triage.tickets.filtering import NOBODY
from bot.triage.tickets.presence import There
from bot.triage.tickets.queue import PAGE
from bot.triage.tickets.rules import NOISE, PRIORITIES, REASONS, STATUSES, Status
from bot.web.responses import json_response
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.filters import SOUGHT, filter_of, number_in, query_of
from bot.web.staff.guard import for_role, me, own_path

_MORNING, _DAY_MIN, _LONGEST_SNOOZE = time(8), 24 * 60, timedelta(days=366)
_VIEWS = (
    ("Open", ""), ("Urgent", "priority=urgent"), ("Mine", "assignee=me"), ("Unassigned", "assignee=none"),
    ("Pending", "status=pending"), ("Snoozed", "status=snoozed"), ("Resolved", "status=resolved"),
)  # fmt: skip
_SNOOZES_H = {"4": 4, "24": 24, "72": 72, "168": 168}
# The statuses of tickets that nobody needs to look at now.
PUT_AWAY = frozenset(("resolved", "pending", "snoozed"))
_MOST_NAME_CHARS = 40
LABEL_FORM = "A label has letters, digits, spaces and . : / - only, 32 characters at most."
_MOST_BECAUSE_CHARS = 300


@staff.get("/")
@for_role("agent")
def queue() -> str:
    """Show a page of the queue."""
    desk, who = current_desk(), me().staff
    number = max(number_in(request.args, "page") or 1, 1)
    wanted = filter_of(request.args, who.id)
    page = desk.queue.page(wanted, start=(number - 1) * PAGE)
    if not page.rows and page.total:
        # Past the end, for example after the last tickets were resolved: show the last page there is.
        number = (page.total + PAGE - 1) // PAGE
        page = desk.queue.page(wanted, start=(number - 1) * PAGE)
    return render_template(
        "staff/queue.html",
        page=page,
        wanted=wanted,
        number=number,
        pages=(page.total + PAGE - 1) // PAGE,
        choices=desk.queue.choices(),
        views=counted_views(),
        looking=desk.presences.all(but=who.id),
        query=query_of(request.args),
        query_of=partial(query_of, request.args),
        statuses=STATUSES,
        reasons=REASONS,
        priorities=PRIORITIES,
        nobody=NOBODY,
        now=datetime.now(UTC),
    )


@staff.get("/queue/tick")
@for_role("agent")
def queue_tick() -> Response:
    """Return whether anything has changed, how many urgent tickets wait, and who is looking at which."""
    queue = current_desk().queue
    looking = current_desk().presences.all(but=me().staff.id)
    said = {ticket_id: said_of_those(there) for ticket_id, there in looking.items()}
    return json_response({"tick": queue.tick(), "urgent": queue.urgent(), "looking": said})


@dataclass(frozen=True, slots=True)
class ShownView:
    """A named filter and how many tickets it finds.

    Only the person's own views have an ``id``; views of resolved tickets or of any status have no ``count``.
    """

    name: str
    query: str
    count: int | None
    id: str | None = None


def counted_views() -> list[ShownView]:
    """Return the views that everybody has, and the person's own."""
    desk, who = current_desk(), me().staff
    found = [ShownView(name, query, None) for name, query in _VIEWS]
    found += [ShownView(view.name, view.query, None, view.id) for view in desk.keeping.views(who.id)]
    wanted = [filter_of(MultiDict(parse_qsl(view.query)), who.id) for view in found]
    open_ones = [place for place, one in enumerate(wanted) if one.status not in {"resolved", "any"}]
    counts = dict(zip(open_ones, desk.queue.counts([wanted[place] for place in open_ones]), strict=True))
    return [replace(view, count=counts.get(place)) for place, view in enumerate(found)]


def said_of_those(there: Sequence[There]) -> str:
    """Return who is looking at a ticket, in words."""
    names = ", ".join(one.name for one in there)
    return f"{names} {'is' if len(there) == 1 else 'are'} looking at this" if names else ""


@staff.post("/queue")
@for_role("agent")
def change_many() -> Response:
    """Make the same change to all ticked tickets."""
    seen = [one for one in map(_seen, request.form.getlist("ticket")) if one is not None][:PAGE]
    change = change_of(request.form.get("do", ""))
    if change is None:
        # An error page would lose the selection.
        flash(f"{LABEL_FORM} Nothing was changed.", "fault")
        return _back()
    if not seen:
        flash("Select at least one ticket first.", "fault")
        return _back()
    unread = _unread(seen, change)
    now = [one for one in seen if one.ticket_id not in unread]
    if now:
        tell_applied(now, current_desk().changes.apply(now, change, by=me().staff), change)
    return _ask_why(unread) if unread else _back()


@staff.post("/undo/<undo_id>")
@for_role("agent")
def undo(undo_id: str) -> Response:
    """Undo one of the person's own changes to tickets."""
    done = current_desk().changes.take_back(undo_id, by=me().staff)
    if done is None:
        flash("That was too long ago to be taken back, or was taken back already.", "fault")
    else:
        count, conflicts = done
        if count:
            flash(f"Taken back for {_tickets(count)}.", "done")
        _tell_conflicts(conflicts)
    return redirect(own_path(request.form.get("back")), 303)


@staff.context_processor
def presence_words() -> dict[str, object]:
    """Return the functions that templates may call."""
    return {"said_of_those": said_of_those}


def _back() -> Response:
    return redirect(own_path(f"/staff/?{request.form.get('query', '')}"), 303)


def _unread(seen: Sequence[Seen], change: Change) -> frozenset[str]:
    """Return the tickets that would be put away without anybody having opened them or saying why."""
    puts_away = change.status in PUT_AWAY
    return current_desk().changes.unread(seen) if puts_away and not change.because else frozenset()


def _ask_why(ticket_ids: Collection[str]) -> Response:
    """Return the page that asks why tickets that nobody opened may be put away."""
    rows = current_desk().queue.some(ticket_ids)
    form = request.form
    page = render_template("staff/unread.html", rows=rows, do=form.get("do"), query=form.get("query", ""))
    return make_response(page, 409)


@staff.post("/views")
@for_role("agent")
def keep_view() -> Response:
    """Store the present filter under a name, without its search words: a family's would outlive its conversation."""
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
    """Delete one of the person's own filters."""
    if not current_desk().keeping.drop_view(view_id, account_id=me().staff.id):
        abort(404)
    return redirect(url_for("staff.queue"), 303)


def change_of(wish: str) -> Change | None:
    """Return the change that a button asks for, or ``None`` if it is invalid.

    :param wish: ``take``, ``resolve``, ``open``, ``pending``, ``noise`` or ``drop``; or with a value after a colon, or
        in the field of that name: ``snooze:24``, ``priority:high``, ``assign:ID``, ``label:WORD``, ``unlabel:WORD``; a
        day in the field ``until`` serves ``snooze`` too
    """
    change = _change_of(wish)
    because = request.form.get("because", "").strip()[:_MOST_BECAUSE_CHARS]
    return replace(change, because=because) if change and because else change


def _change_of(wish: str) -> Change | None:
    what, colon, value = wish.partition(":")
    value = value if colon else request.form.get(what, "")
    if what in {"label", "unlabel"}:
        label = clean_label(value)
        return None if label is None else _relabel(what, label)
    if what == "snooze" and value in _SNOOZES_H:
        return Change(status="snoozed", snoozed_until=datetime.now(UTC) + timedelta(hours=_SNOOZES_H[value]))
    if what == "snooze" and (until := _until()) is not None:
        return Change(status="snoozed", snoozed_until=until)
    if what == "priority" and value in PRIORITIES:
        return Change(priority=PRIORITIES.index(value))
    if what == "assign":
        return Change(assignee_id=value)
    return _plain_change(what)


def _until() -> datetime | None:
    """Return the morning of the chosen day, in the person's time zone if known; ``None`` if past or too far ahead."""
    try:
        day = date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        return None
    ahead = timedelta(minutes=min(max(request.form.get("ahead_min", 0, type=int), -_DAY_MIN), _DAY_MIN))
    morning = datetime.combine(day, _MORNING, UTC) - ahead
    now = datetime.now(UTC)
    return morning if now < morning < now + _LONGEST_SNOOZE else None


def _relabel(what: str, label: str) -> Change:
    return Change(add_label=label) if what == "label" else Change(remove_label=label)


def _plain_change(what: str) -> Change | None:
    if what == "take":
        return Change(assignee_id=me().staff.id)
    if what == "noise":
        return Change(status="resolved", add_label=NOISE)
    if what == "drop":
        return Change(assignee_id="")
    status = {"resolve": "resolved", "open": "open", "pending": "pending"}.get(what)
    return None if status is None else Change(status=cast("Status", status))


def _seen(ticked: str) -> Seen | None:
    ticket_id, _, version = ticked.rpartition("~")
    return Seen(ticket_id, int(version)) if ticket_id and version.isascii() and version.isdigit() else None


def tell_applied(seen: Sequence[Seen], applied: Applied, change: Change, *, at_ticket: bool = False) -> None:
    """Say on the next page what was done, how to undo it, and who was faster."""
    done = len(seen) - len(applied.conflicts)
    if done:
        what = said_of(change, current_desk().queue.choices().people, me().staff.id)
        said = f"{_tickets(done)} {what}." if done > 1 else f"{what[:1].upper()}{what[1:]}."
        back = f":{seen[0].ticket_id}" if len(seen) == 1 and at_ticket else ""
        flash(said, f"undo:{applied.undo_id}{back}" if applied.undo_id else "done")
    _tell_conflicts(applied.conflicts)


def said_of(change: Change, people: Sequence[tuple[str, str]], my_id: str) -> str:
    """Return what a change did, as the end of a sentence."""
    if change.add_label == NOISE and change.status:
        return "put away as not for us"
    if change.status is not None:
        until = f" until {change.snoozed_until:%d %B, %H:%M} UTC" if change.snoozed_until else ""
        return {"open": "opened again", "pending": "waiting for the family"}.get(change.status, change.status) + until
    if change.priority is not None:
        return f"set to {PRIORITIES[change.priority]}"
    if change.assignee_id is not None:
        name = dict(people).get(change.assignee_id)
        return "assigned to you" if change.assignee_id == my_id else f"assigned to {name}" if name else "unassigned"
    return f"labelled {change.add_label}" if change.add_label else f"no longer labelled {change.remove_label}"


def _tell_conflicts(conflicts: Sequence[Conflict]) -> None:
    for conflict in conflicts[:3]:
        flash(f"{conflict.who} was faster with a ticket ({conflict.what}), so it was left as it is.", "fault")


def _tickets(count: int) -> str:
    return f"{count} ticket{'s' if count > 1 else ''}"
