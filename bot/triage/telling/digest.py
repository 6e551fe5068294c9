"""Sum up the queue and the questions of some days in a mail of a few lines.

It has counts and links, and no words of a family. Knows nothing of who gets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.statuses import AnswerStatus, StatusFamily
from bot.storage.connections import Database
from bot.storage.tables import Feedback, Turn, was_opened
from bot.triage.curating.tables import Curated
from bot.triage.tickets.rules import PRIORITIES
from bot.triage.tickets.tables import Asking, Ticket

_LINKS = 5


def digest_text(database: Database, now: datetime, *, days: int = 1, base_url: str = "") -> str:
    """Return what waits and what was asked lately.

    :param base_url: ``https://host`` in front of links; empty leaves them relative
    """
    since = now - timedelta(days=days)
    with database.statement() as connection:
        parts = [
            _waiting(connection, now),
            _linked("Waiting longest:", base_url, _oldest(connection, now)),
            _asked(connection, since, days),
            _linked("Asked most without an answer:", base_url, _most_asked(connection, since)),
            _to_approve(connection, base_url),
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _waiting(connection: Connection, now: datetime) -> str:
    counts = select(Ticket.priority, func.count()).where(_IS_OPEN).group_by(Ticket.priority)
    found = {row[0]: row[1] for row in connection.execute(counts)}
    late = connection.execute(select(func.count()).where(_IS_OPEN, Ticket.due_at < now)).scalar_one()
    lines = [f"Waiting: {_number(sum(found.values()), 'ticket')}, {late} of them overdue."]
    return "\n".join([*lines, *(f"  {name}: {found.get(number, 0)}" for number, name in enumerate(PRIORITIES))])


def _oldest(connection: Connection, now: datetime) -> Iterator[tuple[str, str]]:
    rows = connection.execute(
        select(Ticket.id, Ticket.priority, Ticket.created_at).where(_IS_OPEN).order_by(Ticket.created_at).limit(_LINKS)
    )
    for row in rows:
        yield f"{_number((now - row.created_at).days, 'day')}, {PRIORITIES[row.priority]}", row.id


def _asked(connection: Connection, since: datetime, days: int) -> str:
    by_status = select(Turn.status, func.count()).where(Turn.asked_at >= since).group_by(Turn.status)
    # Small talk asks nothing.
    found = {status: count for status, count in connection.execute(by_status) if not StatusFamily.SMALLTALK.has(status)}
    down = select(func.count()).where(Feedback.verdict == "down", Feedback.given_at >= since)
    begun = select(func.count()).where(Ticket.created_at >= since)
    period = "day" if days == 1 else f"{days} days"
    lines = [f"In the last {period}: {_number(sum(found.values()), 'question')}."]
    lines += [f"  answered: {found.get(AnswerStatus.ANSWERED, 0):,}"]
    lines += [f"  voted down: {connection.execute(down).scalar_one()}"]
    return "\n".join([*lines, f"  new tickets: {connection.execute(begun).scalar_one()}"])


def _most_asked(connection: Connection, since: datetime) -> Iterator[tuple[str, str]]:
    """Yield the waiting tickets that were asked most lately without an answer."""
    count = func.count()
    rows = connection.execute(
        select(Asking.ticket_id, count)
        .join(Ticket, Ticket.id == Asking.ticket_id)
        .join(Turn, Turn.id == Asking.turn_id)
        .where(
            _IS_OPEN,
            Asking.asked_at >= since,
            Turn.status.startswith(StatusFamily.UNANSWERED),
            ~was_opened(Turn.id),
        )
        .group_by(Asking.ticket_id)
        .having(count > 1)
        .order_by(count.desc(), Asking.ticket_id)
        .limit(_LINKS)
    )
    for ticket_id, times in rows:
        yield f"{times} times", ticket_id


def _to_approve(connection: Connection, base_url: str) -> str:
    waits = Curated.approved.is_(None) | (Curated.approved < Curated.latest)
    count = connection.execute(select(func.count()).where(waits, Curated.retired.is_(False))).scalar_one()
    return f"{_number(count, 'answer')} to approve: {base_url}/staff/curated" if count else ""


def _linked(title: str, base_url: str, entries: Iterator[tuple[str, str]]) -> str:
    lines = [f"  {said}: {base_url}/staff/tickets/{ticket_id}" for said, ticket_id in entries]
    return "\n".join([title, *lines]) if lines else ""


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


_IS_OPEN = Ticket.status.in_(("open", "pending"))
