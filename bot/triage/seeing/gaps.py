"""Find what is asked most without an answer, so that it can be written.

Knows nothing of how gaps are shown, or of what the corpus has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from bot.storage.connections import Database
from bot.storage.tables import Turn, was_opened
from bot.triage.seeing.overview import OURS
from bot.triage.seeing.weeks import WEEK, day_of, first_kept_day, midnight, this_monday
from bot.triage.tickets.filtering import has_label
from bot.triage.tickets.rules import NOISE
from bot.triage.tickets.tables import Asking, Ticket

_WORDINGS, _GAPS = 5, 25
# One conversation that asks three times is one family.
_FAMILIES = func.count(Turn.conversation_id.distinct())
# Fewer families do not make a trend.
_FEWEST_FOR_TREND = 3


@dataclass(frozen=True, slots=True)
class Gap:
    """What some families asked and nobody has written.

    ``by_week`` has the weeks that are kept, the oldest first. ``trend`` is how many more the later half of the kept
    days has than the earlier, ``None`` where that says nothing. ``wordings`` are distinct, without personal details.
    """

    ticket_id: str
    status: str
    site: str | None
    size: int
    by_week: Sequence[int]
    trend: int | None
    wordings: Sequence[str]


class Gaps:
    """The gaps of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, weeks: int, *, site: str | None = None) -> Sequence[Gap]:
        """Return what was asked most without an answer.

        :param site: a partner's public id, ``default`` for ours, ``None`` for all
        :returns: at most 25, the largest first
        :raises MemoryUnavailable: if the database cannot be used
        """
        return self._read(weeks, site=site)

    def one(self, ticket_id: str, weeks: int) -> Gap | None:
        """Return one gap, ``None`` if no such question was asked in these weeks."""
        return next(iter(self._read(weeks, ticket_id=ticket_id)), None)

    def _read(self, weeks: int, *, site: str | None = None, ticket_id: str | None = None) -> list[Gap]:
        first = this_monday() - WEEK * (weeks - 1)
        since = midnight(first)
        # Whoever opened a passage that may hold the answer is not without one.
        in_vain = Asking.reasons.contains("unanswered") & ~was_opened(Asking.turn_id)
        unanswered = (Asking.asked_at >= since, in_vain)
        query = (
            select(Ticket.id, Ticket.status, Ticket.site, _FAMILIES.label("size"))
            .join(Asking, Asking.ticket_id == Ticket.id)
            .join(Turn, Turn.id == Asking.turn_id)
            .where(*unanswered, ~has_label(NOISE))
            .group_by(Ticket.id, Ticket.status, Ticket.site)
            .order_by(_FAMILIES.desc(), Ticket.id)
            .limit(_GAPS)
        )
        if site is not None:
            query = query.where(Ticket.site.is_(None) if site == OURS else Ticket.site == site)
        if ticket_id is not None:
            query = query.where(Ticket.id == ticket_id)
        with self._database.statement() as connection:
            rows = connection.execute(query).all()
            ids = [row.id for row in rows]
            counts = _by_day(connection, ids, unanswered, first)
            wordings = _wordings(connection, ids, unanswered)
            lost_days = max((first_kept_day(connection) - first).days, 0)
        return [_gap(row, counts[row.id], wordings[row.id], weeks, lost_days) for row in rows]


def _by_day(
    connection: Connection, ids: Sequence[str], unanswered: tuple[Any, ...], first: date
) -> dict[str, list[int]]:
    """Return how many families asked each on each day from the first until today."""
    days = (datetime.now(UTC).date() - first).days + 1
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * days)
    day = func.date(Asking.asked_at)
    query = (
        select(Asking.ticket_id, day, _FAMILIES)
        .join(Turn, Turn.id == Asking.turn_id)
        .where(Asking.ticket_id.in_(ids), *unanswered)
    )
    for ticket_id, when, count in connection.execute(query.group_by(Asking.ticket_id, day)):
        counts[ticket_id][min(max((day_of(when) - first).days, 0), days - 1)] += count
    return counts


def _wordings(connection: Connection, ids: Sequence[str], unanswered: tuple[Any, ...]) -> dict[str, list[str]]:
    """Return the first few wordings of each ticket, without repeats."""
    per_ticket = func.row_number().over(partition_by=Asking.ticket_id, order_by=func.min(Asking.asked_at))
    inner = (
        select(Asking.ticket_id, Turn.question, per_ticket.label("place"))
        .join(Turn, Turn.id == Asking.turn_id)
        .where(Asking.ticket_id.in_(ids), *unanswered, Turn.question.is_not(None))
        .group_by(Asking.ticket_id, Turn.question)
        .subquery()
    )
    found: dict[str, list[str]] = defaultdict(list)
    query = select(inner.c.ticket_id, inner.c.question).where(inner.c.place <= _WORDINGS)
    for ticket_id, question in connection.execute(query.order_by(inner.c.ticket_id, inner.c.place)):
        found[ticket_id].append(question)
    return found


def _gap(row: Any, by_day: Sequence[int], wordings: Sequence[str], weeks: int, lost_days: int) -> Gap:
    by_week = [sum(by_day[7 * week : 7 * week + 7]) for week in range(lost_days // WEEK.days, weeks)]
    trend = _trend(by_day[lost_days:]) if row.size >= _FEWEST_FOR_TREND else None
    return Gap(row.id, row.status, row.site, row.size, by_week, trend, wordings)


def _trend(by_day: Sequence[int]) -> int | None:
    """Return how many more the later half of some days has; by days, since the current week has only begun."""
    half = len(by_day) // 2
    if half < WEEK.days:
        return None
    return sum(by_day[-half:]) - sum(by_day[-2 * half : -half])
