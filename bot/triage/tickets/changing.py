"""Apply what staff do to tickets, without two people overwriting each other.

Returns who was faster where a ticket has changed since it was seen. Knows nothing of HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from bot.storage import audit
from bot.storage.connections import Database
from bot.triage.people.account import Staff
from bot.triage.people.tables import Account
from bot.triage.rows import add_unless_there
from bot.triage.telling.outbox import tell
from bot.triage.tickets.joining import note_event, turn_clock
from bot.triage.tickets.rules import DUE, GRAVE, PRIORITIES, URGENT, Status
from bot.triage.tickets.tables import Ticket, TicketEvent, TicketLabel
from bot.triage.tickets.undoing import Was, keep, take_back

_LABEL_FORM = re.compile(r"[\w][\w .:/-]{0,31}")
MOST_NOTE_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants of a ticket; ``None`` leaves a thing as it is.

    An ``assignee_id`` of ``""`` is nobody; ``because`` is why it may be put away unread.
    """

    status: Status | None = None
    snoozed_until: datetime | None = None
    priority: int | None = None
    assignee_id: str | None = None
    add_label: str | None = None
    remove_label: str | None = None
    because: str = ""

    @property
    def is_one_persons(self) -> bool:
        """Whether two people cannot both make this change."""
        return self.status is not None or self.assignee_id is not None


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as somebody saw it."""

    ticket_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change by somebody else who was faster: who, and what they did."""

    ticket_id: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a change: the conflicts, and the id by which the rest can be undone."""

    conflicts: Sequence[Conflict]
    undo_id: str | None


class Changes:
    """The changes to tickets, each in one transaction with its events and log entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply(self, seen: Sequence[Seen], change: Change, *, by: Staff) -> Applied:
        """Change tickets.

        Status and assignee change only if the ticket is as it was seen; labels and priorities of two people do not
        conflict.

        :returns: the conflicts, and the id by which the other changes can be undone
        :raises MemoryUnavailable: if the database cannot be used; then nothing was changed
        """
        with self._database.transaction() as connection:
            tick = turn_clock(connection)
            was = {one.ticket_id: _apply_one(one, change, by, tick, connection) for one in seen}
            late = [conflict_of(ticket_id, connection) for ticket_id, one in was.items() if one is None]
            return Applied(late, keep(connection, [one for one in was.values() if one is not None], by=by))

    def unread(self, seen: Sequence[Seen]) -> frozenset[str]:
        """Return the ids of those tickets that nobody may put away without having read them or saying why."""
        grave = or_(Ticket.priority == URGENT, Ticket.reason.in_(GRAVE))
        query = select(Ticket.id).where(Ticket.id.in_([one.ticket_id for one in seen]), grave)
        with self._database.statement() as connection:
            return frozenset(connection.execute(query).scalars())

    def take_back(self, undo_id: str, *, by: Staff) -> tuple[int, list[Conflict]] | None:
        """Undo a change; as ``undoing.take_back``, with who was faster."""
        done = take_back(self._database, undo_id, by=by)
        if done is None:
            return None
        with self._database.statement() as connection:
            return done[0], [conflict_of(ticket_id, connection) for ticket_id in done[1]]

    def note(self, ticket_id: str, text: str, *, by: Staff) -> bool:
        """Add a private note, which overwrites nothing; false if there is no such ticket."""
        with self._database.transaction() as connection:
            tick = turn_clock(connection)
            if connection.execute(update(Ticket).where(Ticket.id == ticket_id).values(tick=tick)).rowcount == 0:
                return False
            note_event(connection, ticket_id, by.name, "note", text[:MOST_NOTE_CHARS])
        return True


def clean_label(typed: str) -> str | None:
    """Return a label as it is stored, ``None`` if it is not a valid one."""
    label = " ".join(typed.split()).casefold()
    return label if _LABEL_FORM.fullmatch(label) else None


def _apply_one(seen: Seen, change: Change, by: Staff, tick: int, connection: Connection) -> Was | None:
    """Change a ticket and return what it was before; ``None`` if somebody was faster."""
    before = connection.execute(select(Ticket).where(Ticket.id == seen.ticket_id)).first()
    if before is None or (change.is_one_persons and before.version != seen.version):
        return None
    version = before.version + change.is_one_persons
    values, told = _values(change, before, connection)
    # The clock is locked, so nobody changes the ticket between reading it and this.
    of_ticket = Ticket.id == seen.ticket_id
    connection.execute(update(Ticket).where(of_ticket).values(**values, version=version, tick=tick))
    came, went = _relabel(seen.ticket_id, change, connection)
    told += [("label", f"+ {came}")] if came else []
    told += [("label", f"− {went}")] if went else []
    told += [("because", change.because[:MOST_NOTE_CHARS])] if change.because else []
    for kind, text in told:
        note_event(connection, seen.ticket_id, by.name, kind, text)
        # Why somebody did it may be in a family's words, which the log must not outlive.
        audit.write(
            connection, by.name, f"ticket.{kind}", object=seen.ticket_id, detail="" if kind == "because" else text
        )
    if change.status == "resolved":
        tell(connection, "ticket.resolved", [seen.ticket_id])
    return Was(
        seen.ticket_id,
        version,
        status=before.status if change.status else None,
        snoozed_until=before.snoozed_until,
        priority=before.priority if "priority" in values else None,
        due_at=before.due_at,
        assignee_id=before.assignee_id,
        had_assignee="assignee_id" in values,
        came=came,
        went=went,
    )


def _relabel(ticket_id: str, change: Change, connection: Connection) -> tuple[str | None, str | None]:
    """Change labels; return the one that was added and the one that was removed, leaving out what was so before."""
    came, went = change.add_label, change.remove_label
    there = select(TicketLabel.label).where(TicketLabel.ticket_id == ticket_id, TicketLabel.label == came)
    if came and connection.execute(there).first() is not None:
        came = None
    if came:
        add_unless_there(connection, TicketLabel, {"ticket_id": ticket_id, "label": came})
    of_label = (TicketLabel.ticket_id == ticket_id, TicketLabel.label == went)
    if went and connection.execute(delete(TicketLabel).where(*of_label)).rowcount == 0:
        went = None
    return came, went


def _values(change: Change, before: Any, connection: Connection) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the columns that a change sets, and what is written down about it."""
    values: dict[str, Any] = {}
    told: list[tuple[str, str]] = []
    if change.status is not None:
        until = change.snoozed_until if change.status == "snoozed" else None
        values |= {"status": change.status, "snoozed_until": until}
        told.append(("status", change.status if until is None else f"snoozed until {until:%Y-%m-%d %H:%M} UTC"))
    if change.priority is not None and change.priority != before.priority:
        values |= {"priority": change.priority, "due_at": _due(change.priority, before)}
        told.append(("priority", PRIORITIES[change.priority]))
    if change.assignee_id is not None:
        name = connection.execute(select(Account.name).where(Account.id == change.assignee_id)).scalar()
        values["assignee_id"] = change.assignee_id if name is not None else None
        told.append(("assignee", name or "nobody"))
    return values, told


def _due(priority: int, before: Any) -> datetime:
    """Return when a ticket with a new priority is due; a more urgent one is never due later than before."""
    due: datetime = datetime.now(UTC) + DUE[priority]
    return min(due, before.due_at) if priority < before.priority else due


def conflict_of(ticket_id: str, connection: Connection) -> Conflict:
    """Return who changed a ticket last, and how."""
    query = select(TicketEvent.account_name, TicketEvent.kind, TicketEvent.text).where(
        TicketEvent.ticket_id == ticket_id
    )
    last = connection.execute(query.where(TicketEvent.kind != "note").order_by(TicketEvent.id.desc()).limit(1)).first()
    if last is None:
        return Conflict(ticket_id, "Somebody", "removed it")
    return Conflict(ticket_id, last.account_name, f"{last.kind}: {last.text}")
