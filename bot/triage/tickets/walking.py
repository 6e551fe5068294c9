"""Find the tickets before and after one in a filtered queue, even if it has just left that queue.

Compares keys rather than counting rows, so that nobody is led past a ticket that came in the meantime. Knows nothing of
pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, SQLColumnExpression, and_, or_, select

from bot.triage.tickets.filtering import Filter, conditions_of, keys_of
from bot.triage.tickets.tables import Ticket


@dataclass(frozen=True, slots=True)
class Beside:
    """The tickets before and after one; ``None`` at the ends."""

    previous: str | None = None
    next: str | None = None


def beside_in(ordered: Sequence[str], ticket_id: str) -> Beside:
    """Return what is before and after a ticket in a list; if it is not in the list, the first comes after it."""
    if ticket_id not in ordered:
        return Beside(None, ordered[0] if ordered else None)
    place = ordered.index(ticket_id)
    return Beside(ordered[place - 1] if place else None, ordered[place + 1] if place + 1 < len(ordered) else None)


def beside(wanted: Filter, ticket_id: str, connection: Connection) -> Beside:
    """Return what is before and after a ticket, whether or not it matches the filter.

    :param wanted: what to look for, not by meaning
    :returns: both; neither if there is no such ticket
    """
    keys = keys_of(wanted)
    own = connection.execute(select(*(column for column, _ in keys)).where(Ticket.id == ticket_id)).first()
    if own is None:
        return Beside()
    return Beside(
        _nearest(wanted, [(column, not down) for column, down in keys], own, connection),
        _nearest(wanted, keys, own, connection),
    )


def _nearest(
    wanted: Filter, keys: Sequence[tuple[SQLColumnExpression[Any], bool]], own: Sequence[Any], connection: Connection
) -> str | None:
    order = [column.desc() if down else column.asc() for column, down in keys]
    query = select(Ticket.id).where(*conditions_of(wanted), _comes_after(keys, own)).order_by(*order).limit(1)
    return connection.execute(query).scalar()


def _comes_after(keys: Sequence[tuple[SQLColumnExpression[Any], bool]], own: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition that the first key that differs comes later in the order."""
    either = []
    for place, (column, down) in enumerate(keys):
        same = [before == value for (before, _), value in zip(keys[:place], own, strict=False)]
        either.append(and_(*same, column < own[place] if down else column > own[place]))
    return or_(*either)
