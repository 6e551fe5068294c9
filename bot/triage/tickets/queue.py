"""A filter -> a page of the queue: today's urgent first, then what is due first.

In: what staff look for. Out: rows, by a number of queries that does not grow with them. It must not know HTTP.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal, or_, select

from bot.answering.gist import Gist
from bot.conversing.connections import Database
from bot.conversing.folded import has_word
from bot.conversing.tables import Base, Turn
from bot.triage.people.accounts import ACCOUNT
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.rules import Reason, Status
from bot.triage.tickets.tables import Asking, QueueClock, Ticket, TicketEvent, TicketLabel

_TICKET, _ASKING, _LABEL, _EVENT, _CLOCK, _TURN = (
    Base.metadata.tables[table.__tablename__] for table in (Ticket, Asking, TicketLabel, TicketEvent, QueueClock, Turn)
)
PAGE = 50
_NEAR_LIMIT = 100
_MOST_WORDS = 8
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Filter:
    """What staff look for; ``None`` is everything. ``words`` must all be there, ``like`` may be put in other words;
    ``assignee`` is an account's id or ``NOBODY``, ``older_h`` how many hours ago it was asked last, at least."""

    status: Status | Literal["any"] = "open"
    site: str | None = None
    reason: Reason | None = None
    priority: int | None = None
    label: str | None = None
    assignee: str | None = None
    older_h: int | None = None
    words: str | None = None
    like: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the queue. ``words`` are those of the first who asked, ``None`` if they were not kept; ``askings`` are
    questions, ``families`` the conversations that they are in."""

    id: str
    words: str | None
    site: str | None
    status: Status
    priority: int
    reason: Reason
    askings: int
    families: int
    assignee: str | None
    assignee_id: str | None
    due_at: datetime
    snoozed_until: datetime | None
    created_at: datetime
    asked_at: datetime
    version: int
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, how many there are in all, and the clock when they were read."""

    rows: Sequence[Row]
    total: int
    tick: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by."""

    labels: Sequence[str] = ()
    sites: Sequence[str] = ()
    people: Sequence[tuple[str, str]] = field(default_factory=tuple)


class Queue:
    """The queue, as staff read it."""

    def __init__(self, database: Database, gists: Gists, gist_of: Callable[[str], Gist]) -> None:
        self._database = database
        self._gists = gists
        self._gist_of = gist_of

    def tick(self) -> int:
        """Return the clock: a larger number than before when anything has changed."""
        with self._database.statement() as connection:
            return tick_now(connection)

    def page(self, wanted: Filter, *, start: int = 0) -> Page:
        """Return a page of the queue.

        :param wanted: what to look for
        :param start: how many rows to pass over
        :returns: at most ``PAGE`` rows
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.statement() as connection:
            tick = tick_now(connection)
            near = self._near(wanted, connection)
            ids, total = _found(self._conditions(wanted, near), wanted, near, start, connection)
            rows = connection.execute(rows_query().where(_TICKET.c.id.in_(ids))).all() if ids else []
            ordered = sorted(rows, key=lambda row: ids.index(row.id))
            return Page(with_labels(ordered, connection), total, tick)

    def some(self, ticket_ids: Collection[str]) -> list[Row]:
        """Return the rows of some tickets, the urgent first."""
        with self._database.statement() as connection:
            query = rows_query().where(_TICKET.c.id.in_(ticket_ids)).order_by(_TICKET.c.priority, _TICKET.c.due_at)
            return with_labels(connection.execute(query).all(), connection)

    def choices(self) -> Choices:
        """Return what there is to filter by."""
        with self._database.statement() as connection:
            labels = connection.execute(select(_LABEL.c.label).distinct().order_by(_LABEL.c.label)).scalars().all()
            sites = connection.execute(select(_TICKET.c.site).distinct().where(_TICKET.c.site.is_not(None))).scalars()
            people = connection.execute(
                select(ACCOUNT.c.id, ACCOUNT.c.name).where(ACCOUNT.c.disabled.is_(False)).order_by(ACCOUNT.c.folded)
            )
            return Choices(labels, sorted(sites), [(row.id, row.name) for row in people])

    def urgent(self) -> int:
        """Return how many urgent tickets wait."""
        found = (_TICKET.c.status == "open", _TICKET.c.priority == 0)
        with self._database.statement() as connection:
            return connection.execute(select(func.count()).select_from(_TICKET).where(*found)).scalar_one()

    def _near(self, wanted: Filter, connection: Connection) -> list[str] | None:
        if not wanted.like:
            return None
        return self._gists.near(self._gist_of(wanted.like), connection, limit=_NEAR_LIMIT)

    def _conditions(self, wanted: Filter, near: list[str] | None) -> list[ColumnElement[bool]]:
        now = datetime.now(UTC)
        found: list[ColumnElement[bool] | None] = [
            _has_status(wanted.status, now),
            None if wanted.site is None else _TICKET.c.site == wanted.site,
            None if wanted.priority is None else _TICKET.c.priority == wanted.priority,
            None if wanted.older_h is None else _TICKET.c.asked_at <= now - timedelta(hours=wanted.older_h),
            None if wanted.reason is None else _has_reason(wanted.reason),
            None if wanted.label is None else _has_label(wanted.label),
            None if wanted.assignee is None else _is_with(wanted.assignee),
            None if near is None else _TICKET.c.id.in_(near),
            *map(_has_word, (wanted.words or "").split()[:_MOST_WORDS]),
        ]
        return [condition for condition in found if condition is not None]


def _found(
    conditions: list[ColumnElement[bool]], wanted: Filter, near: list[str] | None, start: int, connection: Connection
) -> tuple[list[str], int]:
    """The ids of a page in their order, and how many there are in all; looking for words takes long, so it is done
    once for both."""
    if near is not None:
        fitting = set(connection.execute(select(_TICKET.c.id).where(*conditions)).scalars())
        ordered = [ticket_id for ticket_id in near if ticket_id in fitting]
        return ordered[start : start + PAGE], len(ordered)
    query = select(_TICKET.c.id, func.count().over().label("total")).where(*conditions).order_by(*_order(wanted))
    rows = connection.execute(query.limit(PAGE).offset(start)).all()
    if not rows and start:
        return [], connection.execute(select(func.count()).select_from(_TICKET).where(*conditions)).scalar_one()
    return [row.id for row in rows], rows[0].total if rows else 0


def tick_now(connection: Connection) -> int:
    """Return the clock."""
    return int(connection.execute(select(_CLOCK.c.tick)).scalar_one())


def rows_query() -> Any:
    """Return the query of rows without their labels."""
    first = (
        select(_TURN.c.question)
        .join(_ASKING, _ASKING.c.turn_id == _TURN.c.id)
        .where(_ASKING.c.ticket_id == _TICKET.c.id)
        .order_by(_ASKING.c.asked_at)
        .limit(1)
        .scalar_subquery()
    )
    families = (
        select(func.count(_TURN.c.conversation_id.distinct()))
        .join(_ASKING, _ASKING.c.turn_id == _TURN.c.id)
        .where(_ASKING.c.ticket_id == _TICKET.c.id)
        .scalar_subquery()
    )
    names = ("site", "status", "priority", "reason", "askings")
    more = ("assignee_id", "due_at", "snoozed_until", "created_at", "asked_at", "version")
    return select(
        _TICKET.c.id,
        first.label("words"),
        *(_TICKET.c[name] for name in names),
        families.label("families"),
        ACCOUNT.c.name.label("assignee"),
        *(_TICKET.c[name] for name in more),
    ).outerjoin(ACCOUNT, ACCOUNT.c.id == _TICKET.c.assignee_id)


def with_labels(rows: Sequence[Any], connection: Connection) -> list[Row]:
    """Return rows of ``rows_query`` with their labels, read by one more query."""
    labels: dict[str, list[str]] = defaultdict(list)
    query = select(_LABEL.c.ticket_id, _LABEL.c.label).where(_LABEL.c.ticket_id.in_([row.id for row in rows]))
    for ticket_id, label in connection.execute(query.order_by(_LABEL.c.label)) if rows else ():
        labels[ticket_id].append(label)
    return [Row(**row._mapping, labels=tuple(labels[row.id])) for row in rows]


def _order(wanted: Filter) -> tuple[ColumnElement[Any], ...]:
    if wanted.status in {"resolved", "any"}:
        return (_TICKET.c.asked_at.desc(), _TICKET.c.id)
    return (_TICKET.c.priority, _TICKET.c.due_at, _TICKET.c.id)


def _has_status(status: str, now: datetime) -> ColumnElement[bool] | None:
    if status == "any":
        return None
    awake = _TICKET.c.snoozed_until <= now
    if status == "open":
        # What was put off comes back by itself.
        return or_(_TICKET.c.status == "open", and_(_TICKET.c.status == "snoozed", awake))
    if status == "snoozed":
        return and_(_TICKET.c.status == "snoozed", ~awake)
    return _TICKET.c.status == status


def _has_reason(reason: str) -> ColumnElement[bool]:
    among = (literal(",") + _ASKING.c.reasons + ",").like(f"%,{reason},%")
    return exists().where(_ASKING.c.ticket_id == _TICKET.c.id, among)


def _has_label(label: str) -> ColumnElement[bool]:
    return exists().where(_LABEL.c.ticket_id == _TICKET.c.id, _LABEL.c.label == label)


def _is_with(assignee: str) -> ColumnElement[bool]:
    return _TICKET.c.assignee_id.is_(None) if assignee == NOBODY else _TICKET.c.assignee_id == assignee


def _has_word(word: str) -> ColumnElement[bool]:
    """Somebody asked with this word, or it is in a private note."""
    asked = exists().where(
        _ASKING.c.ticket_id == _TICKET.c.id,
        _TURN.c.id == _ASKING.c.turn_id,
        has_word(_TURN.c.question, word),
    )
    noted = exists().where(
        _EVENT.c.ticket_id == _TICKET.c.id,
        _EVENT.c.kind == "note",
        has_word(_EVENT.c.text, word),
    )
    return or_(asked, noted)
