"""Split tickets that hold different questions, and merge tickets that hold the same.

Returns who was faster where a ticket has changed since it was seen. Later questions join whichever ticket is then
nearest. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select, update

from bot.answering.gist import Gist
from bot.storage import audit
from bot.storage.connections import Database
from bot.storage.tables import Turn
from bot.triage.people.account import Staff
from bot.triage.rows import add_unless_there
from bot.triage.tickets.changing import Conflict, Seen, conflict_of
from bot.triage.tickets.gists import Gists, kept, vector_of
from bot.triage.tickets.joining import families_of, note_event, turn_clock
from bot.triage.tickets.queue import Row, rows_query, with_labels
from bot.triage.tickets.rules import DUE, Reason, is_alone, need_of
from bot.triage.tickets.tables import Asking, Ticket, TicketEvent, TicketLabel

_ID_BYTES, _NEAREST = 12, 8


class Regrouping:
    """The splits and merges of tickets of one database."""

    def __init__(self, database: Database, gists: Gists, gist_of: Callable[[str], Gist]) -> None:
        self._database = database
        self._gists = gists
        self._gist_of = gist_of

    def split(self, seen: Seen, turn_ids: Collection[str], *, by: Staff) -> str | Conflict | None:
        """Put some of a ticket's questions into a ticket of their own.

        :returns: the id of the new ticket, or who was faster; ``None`` unless some leave and some stay
        :raises MemoryUnavailable: if the database cannot be used; then nothing was changed
        """
        with self._database.statement() as connection:
            gist = self._sum_of(turn_ids, connection)
        with self._database.transaction() as connection:
            tick = turn_clock(connection, 2)
            ticket = _as_seen(seen, connection)
            if ticket is None:
                return conflict_of(seen.ticket_id, connection)
            askings = connection.execute(select(Asking).where(Asking.ticket_id == seen.ticket_id)).all()
            leaving = [one for one in askings if one.turn_id in set(turn_ids)]
            staying = [one for one in askings if one.turn_id not in set(turn_ids)]
            if not leaving or not staying:
                return None
            same_model = gist is not None and ticket.gist is not None and ticket.gist_model == gist.model
            own = kept(gist.vector) if gist is not None and same_model else None
            new_id = _begin(ticket, leaving, own, tick, connection)
            rest = kept(vector_of(ticket.gist) - vector_of(own)) if own is not None else ticket.gist
            _weigh(seen.ticket_id, staying, {"gist": rest, "version": seen.version + 1, "tick": tick - 1}, connection)
            told = f"{len(leaving)} of {len(askings)} questions"
            note_event(connection, seen.ticket_id, by.name, "split", f"{told} are a ticket of their own now")
            note_event(connection, new_id, by.name, "split", f"{told} of another ticket")
            audit.write(connection, by.name, "ticket.split", object=seen.ticket_id, detail=f"{told}, into {new_id}")
        return new_id

    def merge(self, seen: Seen, into_id: str, *, by: Staff) -> Conflict | bool:
        """Put all of a ticket into another, with its notes and labels, and remove it.

        :returns: true, or who was faster; false unless the other is a ticket of the same site
        :raises MemoryUnavailable: if the database cannot be used; then nothing was changed
        """
        with self._database.transaction() as connection:
            tick = turn_clock(connection)
            ticket = _as_seen(seen, connection)
            if ticket is None:
                return conflict_of(seen.ticket_id, connection)
            into = connection.execute(select(Ticket).where(Ticket.id == into_id)).first()
            if into is None or into.id == ticket.id or into.site != ticket.site:
                return False
            _move(ticket, into, connection)
            askings = connection.execute(select(Asking).where(Asking.ticket_id == into_id)).all()
            opened = {"status": "open", "snoozed_until": None} if ticket.status == "open" else {}
            sums = {"gist": _both(ticket, into), "version": into.version + 1, "tick": tick}
            urgency = {
                "priority": min(ticket.priority, into.priority),
                "due_at": min(ticket.due_at, into.due_at),
            }
            _weigh(into_id, askings, {**sums, **opened, **urgency}, connection)
            note_event(connection, into_id, by.name, "merge", f"with another ticket, of {ticket.askings} questions")
            audit.write(connection, by.name, "ticket.merge", object=seen.ticket_id, detail=f"into {into_id}")
        self._gists.forget(seen.ticket_id)
        return True

    def near(self, row: Row) -> list[Row]:
        """Return the tickets of the same site that are nearest to one, the nearest first."""
        if not row.words:
            return []
        gist = self._gist_of(row.words)
        with self._database.statement() as connection:
            ids = [found for found in self._gists.near(gist, connection, limit=50) if found != row.id]
            same_site = Ticket.site.is_(None) if row.site is None else Ticket.site == row.site
            query = rows_query().where(Ticket.id.in_(ids), same_site)
            rows = with_labels(connection.execute(query).all(), connection) if ids else []
        return sorted(rows, key=lambda found: ids.index(found.id))[:_NEAREST]

    def _sum_of(self, turn_ids: Collection[str], connection: Connection) -> Gist | None:
        """Return the summed gist of some questions; ``None`` if the words of one were not kept."""
        query = select(Turn.question, Turn.understood).where(Turn.id.in_(turn_ids))
        texts = [row.understood or row.question for row in connection.execute(query)]
        if not texts or not all(texts):
            return None
        gists = [self._gist_of(text) for text in texts]
        total: NDArray[np.float32] = np.sum([gist.vector for gist in gists], axis=0, dtype=np.float32)
        return Gist(total, gists[0].model)


def _as_seen(seen: Seen, connection: Connection) -> Any:
    same = (Ticket.id == seen.ticket_id, Ticket.version == seen.version)
    return connection.execute(select(Ticket).where(*same)).first()


def _reasons(askings: Sequence[Any]) -> set[Reason]:
    return {cast("Reason", reason) for one in askings for reason in one.reasons.split(",")}


def _begin(ticket: Any, leaving: Sequence[Any], gist: bytes | None, tick: int, connection: Connection) -> str:
    """Create a ticket of the questions that leave another, with its status and assignee, and return the id."""
    new_id, reasons = token_urlsafe(_ID_BYTES), _reasons(leaving)
    turn_ids = [one.turn_id for one in leaving]
    need = need_of(reasons, families_of(turn_ids, connection))
    first, last = min(one.asked_at for one in leaving), max(one.asked_at for one in leaving)
    own = None if is_alone(reasons) else gist
    values = {
        "id": new_id, "site": ticket.site, "status": ticket.status, "priority": need.priority, "reason": need.reason,
        "askings": len(leaving), "assignee_id": ticket.assignee_id, "due_at": first + DUE[need.priority],
        "snoozed_until": ticket.snoozed_until, "created_at": datetime.now(UTC), "asked_at": last, "version": 1,
        "tick": tick, "gist": own, "gist_model": None if own is None else ticket.gist_model,
    }  # fmt: skip
    connection.execute(insert(Ticket), values)
    connection.execute(update(Asking).where(Asking.turn_id.in_(turn_ids)).values(ticket_id=new_id))
    return new_id


def _weigh(ticket_id: str, askings: Sequence[Any], values: dict[str, Any], connection: Connection) -> None:
    """Update a ticket after questions were added or removed."""
    need = need_of(_reasons(askings), families_of([one.turn_id for one in askings], connection))
    counted = {"askings": len(askings), "asked_at": max(one.asked_at for one in askings), "reason": need.reason}
    connection.execute(update(Ticket).where(Ticket.id == ticket_id).values(**counted, **values))


def _move(ticket: Any, into: Any, connection: Connection) -> None:
    """Move the labels, the events and, last, the questions: without any the ticket is removed by itself."""
    for label in (
        connection.execute(select(TicketLabel.label).where(TicketLabel.ticket_id == ticket.id)).scalars().all()
    ):
        add_unless_there(connection, TicketLabel, {"ticket_id": into.id, "label": label})
    connection.execute(update(TicketEvent).where(TicketEvent.ticket_id == ticket.id).values(ticket_id=into.id))
    connection.execute(update(Asking).where(Asking.ticket_id == ticket.id).values(ticket_id=into.id))
    connection.execute(delete(Ticket).where(Ticket.id == ticket.id))


def _both(ticket: Any, into: Any) -> bytes | None:
    if ticket.gist is None or into.gist is None or ticket.gist_model != into.gist_model:
        gist: bytes | None = into.gist
        return gist
    return kept(vector_of(ticket.gist) + vector_of(into.gist))
