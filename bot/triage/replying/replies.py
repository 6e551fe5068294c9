"""Send what staff write to families as replies under their questions.

One look at a ticket never leads to two replies. Knows nothing of HTTP or of how mail is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select, update

from bot.storage import audit
from bot.storage.connections import Database
from bot.storage.tables import Reply, Turn
from bot.triage.people.account import Staff
from bot.triage.replying.sent import Sent, Withdrawn, sent_to, withdraw
from bot.triage.telling.outbox import MailOutbox, tell
from bot.triage.tickets.changing import Conflict, Seen, conflict_of
from bot.triage.tickets.joining import note_event, turn_clock
from bot.triage.tickets.rules import Status
from bot.triage.tickets.tables import Asking, Ticket

MOST_REPLY_CHARS = 4000
MOST_LABEL_CHARS = 64
# Everyone who asked, or only those who have no reply yet; anything else is the id of one turn.
ALL, WAITING = "all", "waiting"
_ID_BYTES = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say.

    ``to`` is ``ALL``, ``WAITING`` or the id of a turn of the ticket; ``then`` is the status of the ticket afterwards.
    """

    text: str
    author_label: str
    to: str = WAITING
    then: Status = "open"


class Replies:
    """The replies to those who asked, in one database."""

    def __init__(self, database: Database, outbox: MailOutbox | None = None) -> None:
        self._database = database
        self._outbox = outbox

    @property
    def sends_mail(self) -> bool:
        """Whether families that left an address get replies by e-mail."""
        return self._outbox is not None

    def families(self, ticket_id: str, to: str) -> int:
        """Return how many families a reply would go to."""
        with self._database.statement() as connection:
            return len(_turns_to(ticket_id, to, connection))

    def send(self, seen: Seen, draft: Draft, *, by: Staff) -> int | Conflict:
        """Send a reply to families of a ticket that is unchanged since it was seen; each family gets it once.

        :param draft: its text is within the limits
        :returns: how many families get it, or who was faster; 0 if there is nobody to send it to, and then nothing was
            done
        :raises MemoryUnavailable: if the database cannot be used; then nothing was sent
        """
        with self._database.transaction() as connection:
            tick = turn_clock(connection)
            # The clock is locked, so nobody changes the ticket between this check and the change.
            if not _is_as_seen(seen, connection):
                return conflict_of(seen.ticket_id, connection)
            turns = _turns_to(seen.ticket_id, draft.to, connection)
            if not turns:
                return 0
            self._write(turns, draft, by, connection)
            _mark(seen, draft, by, tick, len(turns), connection)
        return len(turns)

    def of_ticket(self, ticket_id: str) -> Sequence[Sent]:
        """Return what was sent to the families of a ticket, the oldest first."""
        with self._database.statement() as connection:
            return sent_to(ticket_id, connection)

    def withdraw(self, ticket_id: str, sent_id: str, *, by: Staff) -> Withdrawn:
        """Take a reply back from those who have neither seen it nor received it by mail.

        :raises MemoryUnavailable: if the database cannot be used; then nothing was taken back
        """
        with self._database.transaction() as connection:
            tick = turn_clock(connection)
            found = withdraw(ticket_id, sent_id, connection)
            if found.gone:
                told = f"withdrawn from {_families(found.gone)}"
                values = {"status": "open", "snoozed_until": None, "version": Ticket.version + 1, "tick": tick}
                connection.execute(update(Ticket).where(Ticket.id == ticket_id).values(**values))
                note_event(connection, ticket_id, by.name, "reply", told)
                audit.write(connection, by.name, "reply.withdraw", object=ticket_id, detail=told)
        return found

    def label_of(self, account_name: str) -> str | None:
        """Return the name that somebody signed with last, ``None`` before the first time."""
        query = select(Reply.author_label).where(Reply.account_name == account_name)
        with self._database.statement() as connection:
            return connection.execute(query.order_by(Reply.written_at.desc()).limit(1)).scalar()

    def _write(self, turns: Sequence[str], draft: Draft, by: Staff, connection: Connection) -> None:
        same = {
            "sent_id": token_urlsafe(_ID_BYTES), "text": draft.text, "author_label": draft.author_label,
            "account_name": by.name, "written_at": datetime.now(UTC),
        }  # fmt: skip
        rows = [{"id": token_urlsafe(_ID_BYTES), "turn_id": turn_id, **same} for turn_id in turns]
        connection.execute(insert(Reply), rows)
        if self._outbox is None:
            return
        for row in rows:
            self._outbox.mail(connection, turn_id=str(row["turn_id"]), reply_id=str(row["id"]))


def _is_as_seen(seen: Seen, connection: Connection) -> bool:
    query = select(Ticket.version).where(Ticket.id == seen.ticket_id)
    return connection.execute(query).scalar() == seen.version


def _turns_to(ticket_id: str, to: str, connection: Connection) -> list[str]:
    """Return the last turn of each conversation to reply under, so that a family that asked twice gets one reply."""
    query = (
        select(Turn.conversation_id, Turn.id)
        .join(Asking, Asking.turn_id == Turn.id)
        .where(Asking.ticket_id == ticket_id)
        .order_by(Turn.asked_at, Turn.id)
    )
    if to == WAITING:
        query = query.where(~exists().where(Reply.turn_id == Turn.id))
    elif to != ALL:
        query = query.where(Turn.id == to)
    return list({row.conversation_id: row.id for row in connection.execute(query)}.values())


def _mark(seen: Seen, draft: Draft, by: Staff, tick: int, families: int, connection: Connection) -> None:
    """Update the ticket after a reply: its status, its assignee if it had none, its events and the log."""
    values: dict[str, Any] = {"status": draft.then, "version": seen.version + 1, "tick": tick, "snoozed_until": None}
    values["assignee_id"] = func.coalesce(Ticket.assignee_id, by.id)
    connection.execute(update(Ticket).where(Ticket.id == seen.ticket_id).values(**values))
    told = f"to {_families(families)}"
    # Without its words, which are removed with the families' conversations and not with the ticket.
    note_event(connection, seen.ticket_id, by.name, "reply", told)
    if draft.then == "resolved":
        note_event(connection, seen.ticket_id, by.name, "status", "resolved")
        tell(connection, "ticket.resolved", [seen.ticket_id])
    audit.write(connection, by.name, "reply.send", object=seen.ticket_id, detail=told)


def _families(count: int) -> str:
    return f"{count} {'family' if count == 1 else 'families'}"
