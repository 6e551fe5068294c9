"""Do to made-up tickets what staff would have done: assign, label, snooze and answer some.

The result is the same for the same random numbers. Knows nothing of how tickets are made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from bot.storage.tables import Reply
from bot.triage.people.tables import Account
from bot.triage.tickets.rules import URGENT
from bot.triage.tickets.tables import Ticket, TicketLabel

# They can never sign in: no password has this hash.
PEOPLE = ("amira", "beatrix", "chioma")
_NO_HASH = "!"
_LABELS = ("insurance", "travel", "school", "swallowing", "trials")
_REPLIES = (
    "Thank you for asking. We have put your question to our nurse, and write again within two days.",
    "We have no page on this yet. The link under the answer above comes nearest; please ring us if it does not help.",
    "Many families ask this. A page on it is being written; your care team can say what holds for your child.",
)
_ASSIGNED, _LABELLED, _SNOOZED, _SEEN = 0.4, 0.3, 0.1, 0.5


def add_work(
    connection: Connection,
    tickets: Sequence[Mapping[str, Any]],
    answered: Mapping[str, tuple[str, datetime, str]],
    chance: random.Random,
) -> None:
    """Do to made-up tickets what staff do.

    :param answered: by ticket id, the turn that was replied to, when and by whom
    """
    now = datetime.now(UTC)
    accounts = [_account(name, now) for name in PEOPLE]
    connection.execute(insert(Account), accounts)
    ids = [account["id"] for account in accounts]
    changed = [_worked_on(row, ids, now, chance) for row in tickets]
    calm = sorted((row for row in changed if row["priority"] > URGENT), key=lambda row: row["asked_at"])
    for row, status in zip(reversed(calm), ("open", "pending", "snoozed"), strict=False):
        # However few there are, each kind can be seen.
        row |= {"status": status, "snoozed_until": now + timedelta(days=2) if status == "snoozed" else None}
    _put(connection, changed)
    labels = [
        {"ticket_id": row["id"], "label": chance.choice(_LABELS)} for row in tickets if chance.random() < _LABELLED
    ]
    replies = list(_replies(answered, chance))
    for table, rows in ((TicketLabel, labels), (Reply, replies)):
        if rows:
            connection.execute(insert(table), rows)


def _account(name: str, now: datetime) -> dict[str, Any]:
    return {
        "id": f"seed-{name}", "name": name, "folded": name, "role": "agent", "password_hash": _NO_HASH,
        "must_change": True, "disabled": True, "second_factor": None, "used_step": None, "created_at": now,
    }  # fmt: skip


def _worked_on(row: Mapping[str, Any], people: Sequence[str], now: datetime, chance: random.Random) -> dict[str, Any]:
    values = dict(row)
    if values["status"] == "open" and values["priority"] > URGENT and chance.random() < _SNOOZED:
        values |= {"status": "snoozed", "snoozed_until": now + timedelta(days=chance.randint(1, 6))}
    if chance.random() < _ASSIGNED:
        values["assignee_id"] = chance.choice(people)
    return values


def _put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    names = ("status", "snoozed_until", "due_at", "assignee_id")
    of_row = Ticket.id == bindparam("of_id")
    statement = update(Ticket).where(of_row).values({name: bindparam(f"new_{name}") for name in names})
    values = [{"of_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows]
    if values:
        connection.execute(statement, values)


def _replies(answered: Mapping[str, tuple[str, datetime, str]], chance: random.Random) -> Iterator[dict[str, Any]]:
    now = datetime.now(UTC)
    for ticket_id, (turn_id, at, who) in answered.items():
        seen_at = min(at + timedelta(hours=chance.randint(1, 30)), now) if chance.random() < _SEEN else None
        yield {
            "id": f"{ticket_id}-reply", "turn_id": turn_id, "sent_id": f"{ticket_id}-sent",
            "text": chance.choice(_REPLIES), "author_label": f"{who.capitalize()}, the team", "account_name": who,
            "written_at": at, "seen_at": seen_at,
        }  # fmt: skip
