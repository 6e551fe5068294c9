"""The queue, and what became of the questions of some days -> a mail of a few lines.

In: the database. Out: counts and links, without a word of a family. It must not know who gets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.conversing.connections import Database
from bot.conversing.tables import Base, Feedback, Turn, was_opened
from bot.statuses import AnswerStatus, StatusFamily
from bot.triage.curating.tables import Curated
from bot.triage.tickets.rules import PRIORITIES
from bot.triage.tickets.tables import Asking, Ticket

_TURN, _FEEDBACK, _TICKET, _ASKING, _CURATED = (
    Base.metadata.tables[table.__tablename__] for table in (Turn, Feedback, Ticket, Asking, Curated)
)
_LINKS = 5


def digest_text(database: Database, now: datetime, *, days: int = 1, base_url: str = "") -> str:
    """Return what waits, and what was asked lately.

    :param database: its tables are up to date
    :param now: the moment that due times are compared with
    :param days: how far back "lately" goes
    :param base_url: ``https://host`` in front of links; empty leaves them relative
    :returns: plain text
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
    counts = select(_TICKET.c.priority, func.count()).where(_IS_OPEN).group_by(_TICKET.c.priority)
    found = {row[0]: row[1] for row in connection.execute(counts)}
    late = connection.execute(select(func.count()).where(_IS_OPEN, _TICKET.c.due_at < now)).scalar_one()
    lines = [f"Waiting: {_number(sum(found.values()), 'ticket')}, {late} of them overdue."]
    return "\n".join([*lines, *(f"  {name}: {found.get(number, 0)}" for number, name in enumerate(PRIORITIES))])


def _oldest(connection: Connection, now: datetime) -> Iterator[tuple[str, str]]:
    rows = connection.execute(
        select(_TICKET.c.id, _TICKET.c.priority, _TICKET.c.created_at)
        .where(_IS_OPEN)
        .order_by(_TICKET.c.created_at)
        .limit(_LINKS)
    )
    for row in rows:
        yield f"{_number((now - row.created_at).days, 'day')}, {PRIORITIES[row.priority]}", row.id


def _asked(connection: Connection, since: datetime, days: int) -> str:
    by_status = select(_TURN.c.status, func.count()).where(_TURN.c.asked_at >= since).group_by(_TURN.c.status)
    # Small talk asks nothing.
    found = {status: count for status, count in connection.execute(by_status) if not StatusFamily.SMALLTALK.has(status)}
    down = select(func.count()).where(_FEEDBACK.c.verdict == "down", _FEEDBACK.c.given_at >= since)
    begun = select(func.count()).where(_TICKET.c.created_at >= since)
    period = "day" if days == 1 else f"{days} days"
    lines = [f"In the last {period}: {_number(sum(found.values()), 'question')}."]
    lines += [f"  answered: {found.get(AnswerStatus.ANSWERED, 0):,}"]
    lines += [f"  voted down: {connection.execute(down).scalar_one()}"]
    return "\n".join([*lines, f"  new tickets: {connection.execute(begun).scalar_one()}"])


def _most_asked(connection: Connection, since: datetime) -> Iterator[tuple[str, str]]:
    """Of the tickets that wait, those that most families asked lately and got no answer."""
    count = func.count()
    rows = connection.execute(
        select(_ASKING.c.ticket_id, count)
        .join(_TICKET, _TICKET.c.id == _ASKING.c.ticket_id)
        .join(_TURN, _TURN.c.id == _ASKING.c.turn_id)
        .where(
            _IS_OPEN,
            _ASKING.c.asked_at >= since,
            _TURN.c.status.startswith(StatusFamily.UNANSWERED),
            ~was_opened(_TURN.c.id),
        )
        .group_by(_ASKING.c.ticket_id)
        .having(count > 1)
        .order_by(count.desc(), _ASKING.c.ticket_id)
        .limit(_LINKS)
    )
    for ticket_id, times in rows:
        yield f"{times} times", ticket_id


def _to_approve(connection: Connection, base_url: str) -> str:
    waits = _CURATED.c.approved.is_(None) | (_CURATED.c.approved < _CURATED.c.latest)
    count = connection.execute(select(func.count()).where(waits, _CURATED.c.retired.is_(False))).scalar_one()
    return f"{_number(count, 'answer')} to approve: {base_url}/staff/curated" if count else ""


def _linked(title: str, base_url: str, entries: Iterator[tuple[str, str]]) -> str:
    lines = [f"  {said}: {base_url}/staff/tickets/{ticket_id}" for said, ticket_id in entries]
    return "\n".join([title, *lines]) if lines else ""


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


_IS_OPEN = _TICKET.c.status.in_(("open", "pending"))
