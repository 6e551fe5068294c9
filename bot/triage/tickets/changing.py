"""What staff do to tickets -> rows, without two people overwriting each other.

In: a ticket's version as somebody saw it, and what they want of it. Out: whether it was done, or who was faster. It
must not know HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.conversing.connections import Database
from bot.conversing.tables import Base
from bot.triage.people.account import Staff
from bot.triage.people.accounts import ACCOUNT
from bot.triage.rows import add_unless_there
from bot.triage.telling.outbox import tell
from bot.triage.tickets.joining import note_event, turn_clock
from bot.triage.tickets.rules import DUE, PRIORITIES, Status
from bot.triage.tickets.tables import Ticket, TicketEvent, TicketLabel

_TICKET, _LABEL, _EVENT = (Base.metadata.tables[table.__tablename__] for table in (Ticket, TicketLabel, TicketEvent))
_LABEL_FORM = re.compile(r"[\w][\w .:/-]{0,31}")
MOST_NOTE_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants of a ticket; ``None`` leaves a thing as it is. An ``assignee_id`` of ``""`` is nobody."""

    status: Status | None = None
    snoozed_until: datetime | None = None
    priority: int | None = None
    assignee_id: str | None = None
    add_label: str | None = None
    remove_label: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as somebody saw it."""

    ticket_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else was faster: who, and what they did."""

    ticket_id: str
    who: str
    what: str


class Changes:
    """Changes to tickets, each in a transaction with what is written down about it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply(self, seen: Sequence[Seen], change: Change, *, by: Staff) -> list[Conflict]:
        """Change tickets that are still as they were seen; the others are left as they are.

        :param seen: tickets with the versions that somebody saw
        :param change: what they want
        :param by: who
        :returns: those that were not changed
        :raises MemoryUnavailable: if the database cannot be used; then nothing was changed
        """
        with self._database.transaction() as connection:
            tick = turn_clock(connection)
            late = [one for one in seen if not self._apply_one(one, change, by, tick, connection)]
            return [conflict_of(one.ticket_id, connection) for one in late]

    def _apply_one(self, seen: Seen, change: Change, by: Staff, tick: int, connection: Connection) -> bool:
        values, told = _values(change, by, connection)
        claimed = connection.execute(
            update(_TICKET)
            .where(_TICKET.c.id == seen.ticket_id, _TICKET.c.version == seen.version)
            .values(**values, version=seen.version + 1, tick=tick)
        )
        if claimed.rowcount == 0:
            return False
        if change.add_label:
            add_unless_there(connection, _LABEL, {"ticket_id": seen.ticket_id, "label": change.add_label})
        if change.remove_label:
            of_ticket = _LABEL.c.ticket_id == seen.ticket_id
            connection.execute(delete(_LABEL).where(of_ticket, _LABEL.c.label == change.remove_label))
        for kind, text in told:
            note_event(connection, seen.ticket_id, by.name, kind, text)
        if change.status == "resolved":
            tell(connection, "ticket.resolved", [seen.ticket_id])
        return True

    def note(self, ticket_id: str, text: str, *, by: Staff) -> bool:
        """Add a private note, which overwrites nothing.

        :param ticket_id: the ticket
        :param text: the note
        :param by: who
        :returns: false if there is no such ticket
        """
        with self._database.transaction() as connection:
            tick = turn_clock(connection)
            if connection.execute(update(_TICKET).where(_TICKET.c.id == ticket_id).values(tick=tick)).rowcount == 0:
                return False
            note_event(connection, ticket_id, by.name, "note", text[:MOST_NOTE_CHARS])
        return True


def clean_label(typed: str) -> str | None:
    """Return a label as it is kept, ``None`` if it is none."""
    label = " ".join(typed.split()).casefold()
    return label if _LABEL_FORM.fullmatch(label) else None


def _values(change: Change, by: Staff, connection: Connection) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The columns that a change sets, and what is written down about it."""
    values: dict[str, Any] = {}
    told: list[tuple[str, str]] = []
    if change.status is not None:
        until = change.snoozed_until if change.status == "snoozed" else None
        values |= {"status": change.status, "snoozed_until": until}
        told.append(("status", change.status if until is None else f"snoozed until {until:%Y-%m-%d %H:%M} UTC"))
    if change.priority is not None:
        values |= {"priority": change.priority, "due_at": datetime.now(UTC) + DUE[change.priority]}
        told.append(("priority", PRIORITIES[change.priority]))
    if change.assignee_id is not None:
        name = connection.execute(select(ACCOUNT.c.name).where(ACCOUNT.c.id == change.assignee_id)).scalar()
        values["assignee_id"] = change.assignee_id if name is not None else None
        told.append(("assignee", name or "nobody"))
    told += [("label", f"+ {change.add_label}")] if change.add_label else []
    told += [("label", f"− {change.remove_label}")] if change.remove_label else []
    return values, told


def conflict_of(ticket_id: str, connection: Connection) -> Conflict:
    """Return who changed a ticket last, and how."""
    query = select(_EVENT.c.account_name, _EVENT.c.kind, _EVENT.c.text).where(_EVENT.c.ticket_id == ticket_id)
    last = connection.execute(query.where(_EVENT.c.kind != "note").order_by(_EVENT.c.id.desc()).limit(1)).first()
    if last is None:
        return Conflict(ticket_id, "Somebody", "removed it")
    return Conflict(ticket_id, last.account_name, f"{last.kind}: {last.text}")
