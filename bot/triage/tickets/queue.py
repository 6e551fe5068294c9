"""Read a page of the queue by a filter: by default the most urgent first, then what is due first.

The number of queries does not grow with the rows. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, true

from bot.answering.gist import Gist
from bot.storage.connections import Database
from bot.storage.tables import Turn
from bot.triage.people.tables import Account
from bot.triage.tickets.filtering import Filter, conditions_of, families_in_ticket, order_of, words_in
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.rules import Reason, Status
from bot.triage.tickets.tables import Asking, QueueClock, Ticket, TicketLabel
from bot.triage.tickets.walking import Beside, beside, beside_in

PAGE = 50
_NEAR_LIMIT = 100
# Nobody reads more than this.
_MOST_FOUND = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the queue.

    ``words`` are those of the first who asked, ``None`` if they were not kept; ``askings`` counts questions,
    ``families`` the conversations that they are in.
    """

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
        """Return a page of the queue, with at most ``PAGE`` rows.

        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.statement() as connection:
            tick = tick_now(connection)
            near = self._near(wanted, connection)
            ids, total = _found(wanted, near, start, connection)
            rows = connection.execute(rows_query().where(Ticket.id.in_(ids))).all() if ids else []
            ordered = sorted(rows, key=lambda row: ids.index(row.id))
            return Page(with_labels(ordered, connection), total, tick)

    def some(self, ticket_ids: Collection[str]) -> list[Row]:
        """Return the rows of some tickets, the most urgent first."""
        with self._database.statement() as connection:
            query = rows_query().where(Ticket.id.in_(ticket_ids)).order_by(Ticket.priority, Ticket.due_at)
            return with_labels(connection.execute(query).all(), connection)

    def choices(self) -> Choices:
        """Return what there is to filter by."""
        with self._database.statement() as connection:
            labels = connection.scalars(select(TicketLabel.label).distinct().order_by(TicketLabel.label)).all()
            sites = connection.scalars(select(Ticket.site).distinct().where(Ticket.site.is_not(None)))
            people = connection.execute(
                select(Account.id, Account.name).where(Account.disabled.is_(False)).order_by(Account.folded)
            )
            return Choices(labels, sorted(filter(None, sites)), [(row.id, row.name) for row in people])

    def beside(self, wanted: Filter, ticket_id: str) -> Beside:
        """Return the tickets before and after one, in the order of a filter.

        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.statement() as connection:
            if not (wanted.like or wanted.q):
                return beside(wanted, ticket_id, connection)
            ids, _ = _found(wanted, self._near(wanted, connection), 0, connection, most=_MOST_FOUND)
            return beside_in(ids, ticket_id)

    def counts(self, filters: Sequence[Filter]) -> list[int]:
        """Return how many tickets each filter finds, by one statement; ``q`` and ``like`` are not looked at."""
        columns = [func.count().filter(*conditions_of(one), true()) for one in filters]
        with self._database.statement() as connection:
            return list(connection.execute(select(*columns).select_from(Ticket)).one()) if columns else []

    def urgent(self) -> int:
        """Return how many urgent tickets are open."""
        found = (Ticket.status == "open", Ticket.priority == 0)
        with self._database.statement() as connection:
            return connection.execute(select(func.count()).select_from(Ticket).where(*found)).scalar_one()

    def _near(self, wanted: Filter, connection: Connection) -> list[str] | None:
        sought = wanted.like or wanted.q
        return None if not sought else self._gists.near(self._gist_of(sought), connection, limit=_NEAR_LIMIT)


def _found(
    wanted: Filter, near: list[str] | None, start: int, connection: Connection, *, most: int = PAGE
) -> tuple[list[str], int]:
    """Return the ids of a page in their order, and how many there are in all.

    Looking for words takes long, so it is done once for both.
    """
    conditions = conditions_of(wanted, near if not wanted.q else None)
    if wanted.q:
        ordered = _by_words_or_meaning(wanted, conditions, near or [], connection)
        return ordered[start : start + most], len(ordered)
    if near is not None and wanted.sort is None:
        fitting = set(connection.execute(select(Ticket.id).where(*conditions)).scalars())
        ordered = [ticket_id for ticket_id in near if ticket_id in fitting]
        return ordered[start : start + most], len(ordered)
    query = select(Ticket.id, func.count().over().label("total")).where(*conditions).order_by(*order_of(wanted))
    rows = connection.execute(query.limit(most).offset(start)).all()
    if not rows and start:
        return [], connection.execute(select(func.count()).select_from(Ticket).where(*conditions)).scalar_one()
    return [row.id for row in rows], rows[0].total if rows else 0


def _by_words_or_meaning(
    wanted: Filter, conditions: Sequence[ColumnElement[bool]], near: Sequence[str], connection: Connection
) -> list[str]:
    """Return the tickets that have the words, then those that mean the same; in the order asked for, if any."""
    order = order_of(wanted)
    with_words = select(Ticket.id).where(*conditions, *words_in(wanted.q)).order_by(*order).limit(_MOST_FOUND)
    ids = list(connection.execute(with_words).scalars())
    alike = select(Ticket.id).where(*conditions, Ticket.id.in_(near))
    fitting = set(connection.execute(alike).scalars()) if near else set()
    found = list(dict.fromkeys([*ids, *(one for one in near if one in fitting)]))
    if wanted.sort is None:
        return found
    return list(connection.execute(select(Ticket.id).where(Ticket.id.in_(found)).order_by(*order)).scalars())


def tick_now(connection: Connection) -> int:
    """Return the clock."""
    return int(connection.execute(select(QueueClock.tick)).scalar_one())


def rows_query() -> Any:
    """Return the query of rows without their labels."""
    first = (
        select(Turn.question)
        .join(Asking, Asking.turn_id == Turn.id)
        .where(Asking.ticket_id == Ticket.id)
        .order_by(Asking.asked_at)
        .limit(1)
        .scalar_subquery()
    )
    names = ("site", "status", "priority", "reason", "askings")
    more = ("assignee_id", "due_at", "snoozed_until", "created_at", "asked_at", "version")
    return select(
        Ticket.id,
        first.label("words"),
        *(getattr(Ticket, name) for name in names),
        families_in_ticket().label("families"),
        Account.name.label("assignee"),
        *(getattr(Ticket, name) for name in more),
    ).outerjoin(Account, Account.id == Ticket.assignee_id)


def with_labels(rows: Sequence[Any], connection: Connection) -> list[Row]:
    """Return rows of ``rows_query`` with their labels, read by one more query."""
    labels: dict[str, list[str]] = defaultdict(list)
    query = select(TicketLabel.ticket_id, TicketLabel.label).where(TicketLabel.ticket_id.in_([row.id for row in rows]))
    for ticket_id, label in connection.execute(query.order_by(TicketLabel.label)) if rows else ():
        labels[ticket_id].append(label)
    return [Row(**row._mapping, labels=tuple(labels[row.id])) for row in rows]
