"""Fill a database as after half a year of use, to try the console and to measure it.

The rows are the same for the same number, apart from times. Nobody asked any of it. Knows nothing of where questions
come from.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from bot.answering.gist import Gist
from bot.errors import BotError
from bot.records import SuggestedQuestion
from bot.statuses import AnswerStatus
from bot.storage.connections import Database
from bot.storage.tables import Feedback, Turn
from bot.triage.seedwork import PEOPLE, add_work
from bot.triage.tickets.gists import kept
from bot.triage.tickets.rules import DUE, URGENT, Reason, is_alone, need_of, reasons_of
from bot.triage.tickets.tables import Asking, QueueClock, Ticket, TicketEvent

WEEKS = 26
_ROWS_AT_ONCE = 2000
_BEGINNINGS = ("", "hi, ", "please: ", "we wonder, ", "quick question. ", "for my son, ", "my daughter, 4: ")
_ENDS = ("", " thanks", " please help", " anybody know", "??", " it worries us")
_STATUSES = (
    (AnswerStatus.ANSWERED, 74), (AnswerStatus.NO_MATCH, 13), (AnswerStatus.PERSONAL_MEDICAL, 6),
    (AnswerStatus.THANKS, 4), (AnswerStatus.UNKNOWN_NAME, 2), (AnswerStatus.EMERGENCY, 0.6), (AnswerStatus.CRISIS, 0.4),
)  # fmt: skip
_SITES = (None, None, None, "partner-one", "partner-two")


class NotEmpty(BotError):
    """There are conversations already, and made-up ones must not be mixed with them."""

    def __init__(self) -> None:
        super().__init__("The database has conversations already. Name an empty one with DATABASE_URL.")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A made-up turn, why it needs staff, and the number of the question it asks."""

    row: dict[str, Any]
    reasons: tuple[Reason, ...]
    subject: int


def seed(
    database: Database,
    questions: Sequence[SuggestedQuestion],
    gist_of: Callable[[str], Gist],
    *,
    turns: int,
    tickets: int,
    number: int = 0,
) -> None:
    """Fill a database with made-up turns and tickets.

    :param tickets: the most tickets to make; each has at least one asking
    :param number: the seed of the random numbers
    :raises NotEmpty: if there are turns already
    """
    chance = random.Random(number)  # noqa: S311 - the same again for the same number
    with database.transaction() as connection:
        if connection.execute(select(Turn.id).limit(1)).first() is not None:
            raise NotEmpty
        asked = [_turn(place, questions, chance) for place in range(turns)]
        _insert(connection, Turn, (one.row for one in asked))
        _insert(connection, Feedback, _votes(asked, chance))
        _add_tickets(connection, asked, [gist_of(entry.text) for entry in questions], tickets, chance)
        connection.execute(update(QueueClock).values(tick=tickets + 1))


def _turn(place: int, questions: Sequence[SuggestedQuestion], chance: random.Random) -> _Asked:
    names, weights = zip(*_STATUSES, strict=True)
    status = chance.choices(names, weights)[0]
    # Some things are asked far more often than others.
    subject = min(int(chance.paretovariate(0.6)) - 1, len(questions) - 1)
    subject = chance.randrange(len(questions)) if chance.random() < 0.5 else subject
    entry = questions[subject]
    answered = status == AnswerStatus.ANSWERED
    confidence = round(chance.betavariate(6, 1.5) if answered else chance.betavariate(1.5, 5), 3)
    site = chance.choice(_SITES)
    # More every week, and fewer at weekends.
    back = timedelta(weeks=WEEKS) * (1 - chance.random() ** 0.7)
    source = {"id": entry.source_id, "kind": "explainer", "title": entry.source_id.replace("-", " ").capitalize(),
              "section": None, "url": f"/explainers/{entry.source_id}", "speaker": None, "start_s": None}  # fmt: skip
    snippets = [{"id": "", "text": "A made-up answer.", "highlights": [], "source": source}] if answered else []
    answer = {"status": status, "message": None, "snippets": snippets, "notices": [], "suggestions": []}
    question = f"{chance.choice(_BEGINNINGS)}{entry.text.lower()}{chance.choice(_ENDS)}"
    row = {
        "id": f"seed-turn-{place}", "conversation_id": f"seed-{place // 2}", "asked_at": datetime.now(UTC) - back,
        "build": "seed", "status": status, "confidence": confidence, "site": site, "feedback_token_hash": None,
        "question": question, "understood": None, "answer": msgspec.json.encode(answer).decode(), "trace": None,
    }  # fmt: skip
    return _Asked(row, reasons_of(status, confidence), subject)


def _votes(asked: Sequence[_Asked], chance: random.Random) -> Iterator[dict[str, Any]]:
    for one in asked:
        if one.row["status"] == AnswerStatus.ANSWERED and chance.random() < 0.2:
            verdict = "up" if chance.random() < 0.5 + one.row["confidence"] / 3 else "down"
            values = {"turn_id": one.row["id"], "verdict": verdict, "reasons": "[]", "comment": None}
            yield values | {"given_at": one.row["asked_at"]}


def _add_tickets(
    connection: Connection, asked: Sequence[_Asked], gists: Sequence[Gist], most: int, chance: random.Random
) -> None:
    groups = _groups([one for one in asked if one.reasons], most, len(gists), chance)
    tickets = [_ticket(place, group, gists, chance) for place, group in enumerate(groups)]
    _insert(connection, Ticket, iter(tickets))
    askings = ((f"seed-ticket-{place}", one) for place, group in enumerate(groups) for one in group)
    _insert(connection, Asking, (_asking(ticket_id, one) for ticket_id, one in askings))
    events = [event for place, group in enumerate(groups) for event in _events(place, group, chance)]
    _insert(connection, TicketEvent, iter(events))
    last = {f"seed-ticket-{place}": group[-1].row["id"] for place, group in enumerate(groups)}
    answered = {one["ticket_id"]: (last[one["ticket_id"]], one["at"], one["account_name"]) for one in events}
    add_work(connection, tickets, answered, chance)


def _groups(needing: Sequence[_Asked], most: int, subjects: int, chance: random.Random) -> list[list[_Asked]]:
    """Group those who ask the same, and leave each in danger alone, in at most ``most`` groups."""
    alone = [[one] for one in needing if is_alone(one.reasons)][: most // 2]
    each = max((most - len(alone)) // subjects, 1)
    same: dict[int, list[_Asked]] = defaultdict(list)
    for one in needing:
        if not is_alone(one.reasons):
            same[one.subject * each + chance.randrange(each)].append(one)
    return [*alone, *same.values()][:most]


def _ticket(place: int, group: Sequence[_Asked], gists: Sequence[Gist], chance: random.Random) -> dict[str, Any]:
    need = need_of({reason for one in group for reason in one.reasons}, len(group))
    first, last = (pick(one.row["asked_at"] for one in group) for pick in (min, max))
    status = chance.choices(("open", "pending", "resolved"), _open_shares(need.priority, datetime.now(UTC) - first))[0]
    # Somebody in danger has a ticket of their own, so it is similar to no other.
    gist = None if is_alone(group[0].reasons) else gists[group[0].subject]
    return {
        "id": f"seed-ticket-{place}", "site": group[0].row["site"], "status": status, "priority": need.priority,
        "reason": need.reason, "askings": len(group), "assignee_id": None, "due_at": first + DUE[need.priority],
        "snoozed_until": None, "created_at": first, "asked_at": last, "version": 1, "tick": place,
        "gist": kept(gist.vector * len(group)) if gist else None, "gist_model": gist.model if gist else None,
    }  # fmt: skip


def _open_shares(priority: int, age: timedelta) -> tuple[float, float, float]:
    """Return the weights of open, pending and resolved: urgent tickets were handled, and most old ones."""
    if priority == URGENT:
        return (0, 0, 1)
    return (4, 2, 94) if age > timedelta(weeks=3) else (45, 15, 40)


def _asking(ticket_id: str, one: _Asked) -> dict[str, Any]:
    values = {"turn_id": one.row["id"], "ticket_id": ticket_id, "asked_at": one.row["asked_at"]}
    return values | {"reasons": ",".join(one.reasons)}


def _events(place: int, group: Sequence[_Asked], chance: random.Random) -> Iterator[dict[str, Any]]:
    if chance.random() < 0.6:
        at = min(one.row["asked_at"] for one in group) + timedelta(hours=chance.lognormvariate(1.5, 1))
        values = {"ticket_id": f"seed-ticket-{place}", "at": min(at, datetime.now(UTC)), "text": "to 1 family"}
        yield values | {"account_name": chance.choice(PEOPLE), "kind": "reply"}


def _insert(connection: Connection, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        connection.execute(insert(table), batch)
