"""Put turns that need staff into their tickets, within one transaction.

Whoever changes the queue advances its clock first, and so locks it: two who ask the same at once share one ticket,
whichever worker they asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any, cast

from sqlalchemy import Connection, func, insert, select, update

from bot.answering.gist import Gist
from bot.storage.tables import Turn
from bot.triage.tickets.bursts import Bursts
from bot.triage.tickets.gists import Gists, kept, vector_of
from bot.triage.tickets.rules import DUE, HIGH, LOW, NOISE, Reason, Urgency, is_alone, need_of
from bot.triage.tickets.tables import Asking, QueueClock, Ticket, TicketEvent, TicketLabel

_ID_BYTES = 12
# The account name for what the bot does by itself.
BOT = "(bot)"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A turn that needs staff.

    Without a gist it joins no other, as when its words were not kept. ``caller`` names the network that it came from,
    where that is known.
    """

    turn_id: str
    conversation_id: str
    site: str | None
    asked_at: datetime
    reasons: tuple[Reason, ...]
    gist: Gist | None
    caller: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a turn: its ticket, whether that is new or has just become urgent, and how urgent it is."""

    ticket_id: str
    is_new: bool
    priority: int
    became_urgent: bool = False


def turn_clock(connection: Connection, ticks: int = 1) -> int:
    """Advance the clock and return its last tick; nobody else changes the queue until this transaction ends."""
    connection.execute(update(QueueClock).values(tick=QueueClock.tick + ticks))
    return int(connection.execute(select(QueueClock.tick)).scalar_one())


def note_event(connection: Connection, ticket_id: str, account_name: str, kind: str, text: str) -> None:
    """Write down what happened to a ticket."""
    values = {"ticket_id": ticket_id, "at": datetime.now(UTC), "account_name": account_name, "kind": kind, "text": text}
    connection.execute(insert(TicketEvent), values)


def families_of(turn_ids: Collection[str], connection: Connection) -> int:
    """Return how many conversations the turns are in: one that asks three times is still one family."""
    query = select(func.count(Turn.conversation_id.distinct())).where(Turn.id.in_(turn_ids))
    return int(connection.execute(query).scalar_one())


def _families_with(ticket_id: str, turn_id: str, connection: Connection) -> int:
    """Return how many families ask what a ticket holds, with one more turn."""
    inside = select(Asking.turn_id).where(Asking.ticket_id == ticket_id)
    query = select(func.count(Turn.conversation_id.distinct()))
    return int(connection.execute(query.where(Turn.id.in_(inside) | (Turn.id == turn_id))).scalar_one())


def take_in(
    arrivals: Sequence[Arrival], gists: Gists, connection: Connection, bursts: Bursts | None = None
) -> list[Placed]:
    """Put turns into their tickets.

    :param arrivals: one or more
    :param bursts: who began urgent tickets lately; without it each urgent conversation gets its own
    """
    # A tick each, so that a reader that continues from the last tick it saw misses none of them.
    first = turn_clock(connection, len(arrivals)) - len(arrivals) + 1
    known = connection.execute(
        select(Asking.turn_id, Asking.ticket_id, Asking.reasons).where(
            Asking.turn_id.in_([arrival.turn_id for arrival in arrivals])
        )
    ).all()
    before = {row.turn_id: row for row in known}
    placed = []
    for tick, arrival in enumerate(arrivals, start=first):
        row = before.get(arrival.turn_id)
        if row is not None:
            placed.append(_weigh_again(row.ticket_id, row.reasons, arrival, tick, connection))
        else:
            placed.append(_place(arrival, tick, gists, connection, bursts or Bursts()))
    return placed


def _place(arrival: Arrival, tick: int, gists: Gists, connection: Connection, bursts: Bursts) -> Placed:
    ticket = _ticket_for(arrival, gists, connection, bursts)
    if ticket is not None:
        return _join(ticket, arrival, tick, connection)
    placed = _begin(arrival, tick, connection)
    if is_alone(arrival.reasons):
        bursts.note(arrival.caller, placed.ticket_id)
    return placed


def _ticket_for(arrival: Arrival, gists: Gists, connection: Connection, bursts: Bursts) -> Any:
    """Return the row of the ticket that a turn belongs to, if there is one."""
    if is_alone(arrival.reasons):
        own = _urgent_of_conversation(arrival.conversation_id, connection)
        return own if own is not None else _of_burst(bursts.ticket_of(arrival.caller), connection)
    while arrival.gist is not None:
        ticket_id = gists.same(arrival.gist, arrival.site, connection)
        if ticket_id is None:
            return None
        found = connection.execute(select(Ticket).where(Ticket.id == ticket_id)).first()
        if found is not None:
            return found
        gists.forget(ticket_id)
    return None


def _urgent_of_conversation(conversation_id: str, connection: Connection) -> Any:
    """Return the urgent ticket of a conversation: somebody in danger who writes again is still one person."""
    query = (
        select(Ticket)
        .join(Asking, Asking.ticket_id == Ticket.id)
        .join(Turn, Turn.id == Asking.turn_id)
        .where(Turn.conversation_id == conversation_id, Ticket.priority == 0)
    )
    return connection.execute(query.limit(1)).first()


def _of_burst(ticket_id: str | None, connection: Connection) -> Any:
    """Return the ticket for many urgent messages from one network, and note once in it that it is one."""
    if ticket_id is None:
        return None
    ticket = connection.execute(select(Ticket).where(Ticket.id == ticket_id)).first()
    if ticket is not None and ticket.askings == 1:
        note_event(connection, ticket_id, BOT, "burst", "holds many urgent messages that came from one network")
    return ticket


def _begin(arrival: Arrival, tick: int, connection: Connection) -> Placed:
    ticket_id, need = token_urlsafe(_ID_BYTES), need_of(arrival.reasons, 1)
    gist = None if is_alone(arrival.reasons) else arrival.gist
    values = {
        "id": ticket_id, "site": arrival.site, "status": "open", "priority": need.priority, "reason": need.reason,
        "askings": 1, "due_at": arrival.asked_at + DUE[need.priority], "created_at": datetime.now(UTC),
        "asked_at": arrival.asked_at, "version": 1, "tick": tick,
        "gist": None if gist is None else kept(gist.vector), "gist_model": None if gist is None else gist.model,
    }  # fmt: skip
    connection.execute(insert(Ticket), values)
    _add_asking(ticket_id, arrival, connection)
    return Placed(ticket_id, True, need.priority, became_urgent=need.priority == 0)


def _join(ticket: Any, arrival: Arrival, tick: int, connection: Connection) -> Placed:
    count = ticket.askings + 1
    values: dict[str, Any] = {"askings": count, "tick": tick, "asked_at": max(ticket.asked_at, arrival.asked_at)}
    if arrival.gist is not None and ticket.gist is not None:
        values["gist"] = kept(vector_of(ticket.gist) + arrival.gist.vector)
    families = _families_with(ticket.id, arrival.turn_id, connection)
    values |= _made_urgent(ticket, need_of({ticket.reason, *arrival.reasons}, families), arrival)
    if _opens_again(ticket, values, connection):
        values |= {"status": "open", "snoozed_until": None, "version": ticket.version + 1}
        note_event(connection, ticket.id, BOT, "status", "open again, because it was asked again")
    connection.execute(update(Ticket).where(Ticket.id == ticket.id).values(**values))
    _add_asking(ticket.id, arrival, connection)
    return Placed(ticket.id, False, values.get("priority", ticket.priority), became_urgent=values.get("priority") == 0)


def _weigh_again(ticket_id: str, before: str, arrival: Arrival, tick: int, connection: Connection) -> Placed:
    """Update the ticket of a turn that is already in one, after a vote or a hand-off."""
    ticket = connection.execute(select(Ticket).where(Ticket.id == ticket_id)).one()
    known = cast("list[Reason]", before.split(","))
    if set(arrival.reasons) <= set(known):
        return Placed(ticket_id, False, ticket.priority)
    families = _families_with(ticket_id, arrival.turn_id, connection)
    values = {"tick": tick, **_made_urgent(ticket, need_of({ticket.reason, *arrival.reasons}, families), arrival)}
    if _opens_again(ticket, values, connection):
        values |= {"status": "open", "snoozed_until": None, "version": ticket.version + 1}
        note_event(connection, ticket_id, BOT, "status", "open again, because a family came back to it")
    connection.execute(update(Ticket).where(Ticket.id == ticket_id).values(**values))
    reasons = ",".join(dict.fromkeys((*arrival.reasons, *known)))
    connection.execute(update(Asking).where(Asking.turn_id == arrival.turn_id).values(reasons=reasons))
    return Placed(ticket_id, False, values.get("priority", ticket.priority), became_urgent=values.get("priority") == 0)


def _opens_again(ticket: Any, changed: Mapping[str, Any], connection: Connection) -> bool:
    """Whether somebody has to look again: the ticket was resolved or pending, or was snoozed and can no longer wait.

    Noise stays away unless it cannot wait.
    """
    cannot_wait = changed.get("priority", LOW) <= HIGH
    if not cannot_wait and _is_noise(ticket.id, connection):
        return False
    return ticket.status in {"resolved", "pending"} or (ticket.status == "snoozed" and cannot_wait)


def _is_noise(ticket_id: str, connection: Connection) -> bool:
    of_ticket = (TicketLabel.ticket_id == ticket_id, TicketLabel.label == NOISE)
    return connection.execute(select(TicketLabel.label).where(*of_ticket)).first() is not None


def _made_urgent(ticket: Any, need: Urgency, arrival: Arrival) -> dict[str, Any]:
    """Return what changes if a ticket becomes more urgent; being asked again never makes it less so."""
    if need.priority >= ticket.priority:
        return {}
    due = min(ticket.due_at, arrival.asked_at + DUE[need.priority])
    return {"priority": need.priority, "reason": need.reason, "due_at": due}


def _add_asking(ticket_id: str, arrival: Arrival, connection: Connection) -> None:
    values = {"turn_id": arrival.turn_id, "ticket_id": ticket_id, "asked_at": arrival.asked_at}
    connection.execute(insert(Asking), {**values, "reasons": ",".join(arrival.reasons)})
