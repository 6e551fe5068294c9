"""Sum up turns, votes and tickets by week, for a manager's glance and for charts.

The database does the adding where it can; the number of queries does not grow with the rows. Knows nothing of how
numbers are shown.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.statuses import AnswerStatus, StatusFamily
from bot.storage.connections import Database
from bot.storage.stored_answer import decode_answer
from bot.storage.tables import Feedback, Turn
from bot.triage.seeing.weeks import WEEK, day_of, first_kept_day, midnight, this_monday
from bot.triage.tickets.joining import BOT
from bot.triage.tickets.tables import Ticket, TicketEvent

_TOPICS_OF, _TOPICS = 1000, 10
KEPT_S = 10.0
_BY_STAFF = ("reply", "status")


@dataclass(slots=True)
class Figures:
    """Numbers of a period.

    Shares are in 0..1, and ``None`` where there is nothing to divide. ``hours`` are those from each ticket to the first
    action of staff.
    """

    questions: int = 0
    answered: int = 0
    confidence_sum: float = 0.0
    up: int = 0
    down: int = 0
    tickets: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def answered_share(self) -> float | None:
        """The share of questions with an answer from the corpus."""
        return self.answered / self.questions if self.questions else None

    @property
    def confidence(self) -> float | None:
        """The mean confidence of the answers."""
        return self.confidence_sum / self.answered if self.answered else None

    @property
    def helpful_share(self) -> float | None:
        """The share of votes that say that it helped."""
        return self.up / (self.up + self.down) if self.up + self.down else None

    @property
    def response_h(self) -> float | None:
        """The median hours until staff did something."""
        return median(self.hours) if self.hours else None


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of some weeks.

    ``weeks`` begin on Mondays, the oldest first. ``now`` is their sum. ``before`` is the sum of as many days, beginning
    that number of weeks earlier, since the current week has only begun. ``topics`` are the titles of the sources quoted
    first in the latest answers, with how often. Nothing is kept of days before ``since``. ``waiting`` counts the
    tickets that are open or pending, ``open`` only the open ones.
    """

    weeks: Mapping[date, Figures]
    now: Figures
    before: Figures
    topics: Sequence[tuple[str, int]]
    urgent: int
    overdue: int
    waiting: int
    open: int
    since: date

    @property
    def compares(self) -> bool:
        """Whether all days of the earlier weeks are kept, so that there is something to compare with."""
        days = (min(self.weeks) - self.since).days
        return days >= 7 * len(self.weeks)

    def is_kept(self, monday: date) -> bool:
        """Whether anything is kept of a week."""
        return monday + WEEK > self.since


class Overviews:
    """The overviews of one database."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[tuple[int, str | None], tuple[float, Overview]] = {}

    def of(self, weeks: int, *, site: str | None = None) -> Overview:
        """Return the figures of some weeks, at most ten seconds old.

        :param site: a partner's public id, ``default`` for ours, ``None`` for all
        :raises MemoryUnavailable: if the database cannot be used
        """
        kept, now = self._kept.get((weeks, site)), self._clock()
        if kept is not None and now - kept[0] < KEPT_S:
            return kept[1]
        found = self._read(weeks, site)
        # A page requests each of its charts separately; what nobody requests any more is dropped.
        self._kept = {key: one for key, one in self._kept.items() if now - one[0] < KEPT_S}
        self._kept[weeks, site] = (now, found)
        return found

    def _read(self, weeks: int, site: str | None) -> Overview:
        first, today = this_monday() - WEEK * (weeks - 1), datetime.now(UTC).date()
        days = (today - first).days + 1
        found = {first - WEEK * weeks + timedelta(day): Figures() for day in range(7 * weeks + days)}
        since = midnight(first - WEEK * weeks)
        with self._database.statement() as connection:
            _add_turns(found, connection, since, site)
            _add_votes(found, connection, since, site)
            _add_tickets(found, connection, since, site)
            topics = _topics(connection, site)
            urgent, overdue, waiting, is_open = _waiting(connection, site)
            kept_since = first_kept_day(connection)
        return Overview(
            weeks={monday: _sum(found, monday, 7) for monday in (first + WEEK * number for number in range(weeks))},
            now=_sum(found, first, days),
            before=_sum(found, first - WEEK * weeks, days),
            topics=topics,
            urgent=urgent,
            overdue=overdue,
            waiting=waiting,
            open=is_open,
            since=kept_since,
        )


def _add_turns(found: dict[date, Figures], connection: Connection, since: datetime, site: str | None) -> None:
    day = func.date(Turn.asked_at)
    query = select(day, Turn.status, func.count(), func.sum(Turn.confidence))
    query = _on_site(query, site).where(Turn.asked_at >= since).group_by(day, Turn.status)
    for when, status, count, confidence in connection.execute(query):
        figures = found.get(day_of(when))
        # Small talk asks nothing, so it is no question.
        if figures is None or StatusFamily.SMALLTALK.has(status):
            continue
        figures.questions += count
        if status == AnswerStatus.ANSWERED:
            figures.answered += count
            figures.confidence_sum += float(confidence)


def _add_votes(found: dict[date, Figures], connection: Connection, since: datetime, site: str | None) -> None:
    # By the day of the vote: looking up the turns of all votes for their days takes four times as long.
    day = func.date(Feedback.given_at)
    query = select(day, Feedback.verdict, func.count()).where(Feedback.given_at >= since)
    if site is not None:
        query = _on_site(query.join(Turn, Turn.id == Feedback.turn_id), site)
    query = query.group_by(day, Feedback.verdict)
    for when, verdict, count in connection.execute(query):
        figures = found.get(day_of(when))
        if figures is not None:
            setattr(figures, verdict, getattr(figures, verdict) + count)


def _add_tickets(found: dict[date, Figures], connection: Connection, since: datetime, site: str | None) -> None:
    first = (
        select(TicketEvent.ticket_id, func.min(TicketEvent.at).label("at"))
        .where(TicketEvent.kind.in_(_BY_STAFF), TicketEvent.account_name != BOT)
        .group_by(TicketEvent.ticket_id)
        .subquery()
    )
    query = (
        select(Ticket.created_at, first.c.at)
        .outerjoin(first, first.c.ticket_id == Ticket.id)
        .where(Ticket.created_at >= since)
    )
    for created_at, at in connection.execute(query if site is None else query.where(_ticket_of(site))):
        figures = found.get(created_at.date())
        if figures is None:
            continue
        figures.tickets += 1
        if at is not None:
            figures.hours.append((at - created_at).total_seconds() / 3600)


def _topics(connection: Connection, site: str | None) -> list[tuple[str, int]]:
    """Return what the latest answers quoted first; for more of them the database would have to read every answer."""
    query = select(Turn.answer).where(Turn.status == AnswerStatus.ANSWERED, Turn.answer.is_not(None))
    answers = connection.execute(_on_site(query, site).order_by(Turn.asked_at.desc()).limit(_TOPICS_OF)).scalars()
    read = (answer for answer in map(decode_answer, answers) if answer is not None)
    return Counter(answer.snippets[0].source.title for answer in read if answer.snippets).most_common(_TOPICS)


def _waiting(connection: Connection, site: str | None) -> tuple[int, int, int, int]:
    """Return how many waiting tickets are urgent, how many overdue, how many there are, and how many are open."""
    is_open = Ticket.status.in_(("open", "pending"))
    late = func.count().filter(Ticket.due_at < datetime.now(UTC))
    only_open = func.count().filter(Ticket.status == "open")
    query = select(func.count().filter(Ticket.priority == 0), late, func.count(), only_open).where(is_open)
    row = connection.execute(query if site is None else query.where(_ticket_of(site))).one()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def _on_site(query: Select[Any], site: str | None) -> Select[Any]:
    # Written so that no index on the site is used, which would fetch most of the rows one by one.
    return query if site is None else query.where(func.coalesce(Turn.site, OURS) == site)


def _ticket_of(site: str) -> Any:
    return Ticket.site.is_(None) if site == OURS else Ticket.site == site


# What our own site is called where a partner's would be named.
OURS = "default"


def _sum(found: Mapping[date, Figures], first: date, days: int) -> Figures:
    """Return the sum of the figures of these days, as far as there are any."""
    total = Figures()
    for figures in (found[day] for day in (first + timedelta(number) for number in range(days)) if day in found):
        for name in ("questions", "answered", "confidence_sum", "up", "down", "tickets"):
            setattr(total, name, getattr(total, name) + getattr(figures, name))
        total.hours += figures.hours
    return total
