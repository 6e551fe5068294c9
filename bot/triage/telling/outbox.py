"""Keep what is to be sent about an event, in the same transaction as the event.

So nothing is told that did not happen, and nothing that happened is forgotten. Words of families are included only for
a webhook that was set so, and without personal details. Knows nothing of how anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import Connection, delete, insert, select

from bot.storage.connections import Database
from bot.storage.tables import Turn
from bot.triage.telling.tables import Delivery, Webhook
from bot.triage.tickets.joining import Placed
from bot.triage.tickets.rules import PRIORITIES
from bot.triage.tickets.tables import Asking, Ticket

EventName = Literal["ticket.opened", "ticket.urgent", "ticket.resolved", "answer.approved", "test"]
EVENTS: tuple[EventName, ...] = get_args(EventName)
REPLY, URGENT = "reply", "ticket.urgent"
# Why a mail was not sent although nothing failed.
NO_ADDRESS = "no address"
MAIL_AFTER = timedelta(seconds=30)
_ID_BYTES = 18


def tell(connection: Connection, event: EventName, ids: Iterable[str], *, only: str | None = None) -> list[str]:
    """Have webhooks told of an event, and return the ids of the deliveries.

    :param ids: what the event happened to; a delivery each for every webhook
    :param only: one webhook, such as for a test; otherwise all that subscribe to the event
    """
    wanted = list(dict.fromkeys(ids))
    hooks = _hooks_for(connection, event, only) if wanted else []
    if not hooks:
        return []
    facts = {one: _facts(connection, event, one) for one in wanted}
    rows = [_delivery(event, facts[one], hook, datetime.now(UTC)) for one in wanted for hook in hooks]
    connection.execute(insert(Delivery), rows)
    return [str(row["id"]) for row in rows]


def tell_placed(connection: Connection, placed: Sequence[Placed], mail_to: Sequence[str] = ()) -> None:
    """Have webhooks told of tickets that turns began or made urgent, and staff mailed of the urgent ones."""
    urgent = dict.fromkeys(one.ticket_id for one in placed if one.became_urgent)
    alarms = [_row(URGENT, f"{address}\n{ticket_id}", datetime.now(UTC)) for ticket_id in urgent for address in mail_to]
    if alarms:
        connection.execute(insert(Delivery), alarms)
    tell(connection, "ticket.opened", [one.ticket_id for one in placed if one.is_new])
    tell(connection, "ticket.urgent", [one.ticket_id for one in placed if one.became_urgent])


def forget_deliveries(database: Database, before: datetime) -> int:
    """Remove what was sent or given up and made before a moment, and return how many."""
    done = (Delivery.state != "waiting", Delivery.made_at < before)
    with database.statement() as connection:
        return connection.execute(delete(Delivery).where(*done)).rowcount


class MailOutbox:
    """The outbox of mailed replies, which are sent a little later, so that whoever sent one can still take it back."""

    def __init__(self, after: timedelta = MAIL_AFTER) -> None:
        self._after = after

    def mail(self, connection: Connection, *, turn_id: str, reply_id: str) -> None:
        """Keep that a reply is to be sent; whether there is an address is checked when it is sent."""
        now = datetime.now(UTC)
        connection.execute(
            insert(Delivery), _row(REPLY, reply_id, now) | {"turn_id": turn_id, "next_at": now + self._after}
        )


def _hooks_for(connection: Connection, event: EventName, only: str | None) -> Sequence[Any]:
    query = select(Webhook.id, Webhook.events, Webhook.with_words)
    if only is not None:
        return connection.execute(query.where(Webhook.id == only)).all()
    found = connection.execute(query.where(Webhook.enabled.is_(True))).all()
    return [hook for hook in found if event in msgspec.json.decode(hook.events)]


def _facts(connection: Connection, event: EventName, identifier: str) -> dict[str, Any]:
    if event == "test":
        return {"id": identifier}
    if event == "answer.approved":
        return {"id": identifier, "path": f"/staff/curated/{identifier}"}
    row = connection.execute(select(Ticket).where(Ticket.id == identifier)).one()
    first = (
        select(Turn.id, Turn.question)
        .join(Asking, Asking.turn_id == Turn.id)
        .where(Asking.ticket_id == identifier)
        .order_by(Asking.asked_at)
        .limit(1)
    )
    asked = connection.execute(first).first()
    return {
        "id": row.id,
        "path": f"/staff/tickets/{row.id}",
        "status": row.status,
        "priority": PRIORITIES[row.priority],
        "reason": row.reason,
        "site": row.site,
        "askings": row.askings,
        "words": asked.question if asked else None,
        "turn_id": asked.id if asked else None,
    }


def _delivery(event: EventName, facts: dict[str, Any], hook: Any, now: datetime) -> dict[str, Any]:
    hidden = {"turn_id"} if hook.with_words else {"turn_id", "words"}
    shown = {name: value for name, value in facts.items() if name not in hidden}
    body = msgspec.json.encode({"type": event, "timestamp": now.isoformat(), "data": shown}).decode()
    # A delivery with a family's words is removed when the family removes them.
    turn_id = facts.get("turn_id") if hook.with_words else None
    return _row(event, body, now) | {"webhook_id": hook.id, "turn_id": turn_id}


def _row(event: str, body: str, now: datetime) -> dict[str, Any]:
    return {
        "id": f"msg_{token_urlsafe(_ID_BYTES)}", "webhook_id": None, "turn_id": None, "event": event, "body": body,
        "state": "waiting", "attempts": 0, "made_at": now, "next_at": now,
    }  # fmt: skip
