"""Turn what staff look for into SQL conditions and an order, the same for a page, for counts and for the next ticket.

Knows nothing of what is read with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, func, literal, or_, select

from bot.storage.folded import has_word
from bot.storage.tables import Turn
from bot.triage.tickets.rules import Reason, Status
from bot.triage.tickets.tables import Asking, Ticket, TicketEvent, TicketLabel

_MOST_WORDS = 8
NOBODY = "none"
Sort = Literal["due", "age", "asked", "families", "site", "priority"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Filter:
    """What staff look for; ``None`` matches everything.

    ``q`` is found by its words or its meaning; ``words`` must all be there, ``like`` may be put in other words.
    ``assignee`` is an account's id or ``NOBODY``. ``older_h`` is how many hours ago, at least, it was last asked.
    ``sort`` is what the rows are ordered by, reversed if ``backward``.
    """

    status: Status | Literal["any"] = "open"
    site: str | None = None
    reason: Reason | None = None
    priority: int | None = None
    label: str | None = None
    assignee: str | None = None
    older_h: int | None = None
    words: str | None = None
    like: str | None = None
    q: str | None = None
    sort: Sort | None = None
    backward: bool = False


def conditions_of(wanted: Filter, near: Sequence[str] | None = None) -> list[ColumnElement[bool]]:
    """Return the conditions, all of which must hold, of the tickets that are looked for.

    :param near: ids of the tickets near in meaning, if only those are wanted
    """
    now = datetime.now(UTC)
    found: list[ColumnElement[bool] | None] = [
        _has_status(wanted.status, now),
        None if wanted.site is None else Ticket.site == wanted.site,
        None if wanted.priority is None else Ticket.priority == wanted.priority,
        None if wanted.older_h is None else Ticket.asked_at <= now - timedelta(hours=wanted.older_h),
        None if wanted.reason is None else _has_reason(wanted.reason),
        None if wanted.label is None else has_label(wanted.label),
        None if wanted.assignee is None else _is_with(wanted.assignee),
        None if near is None else Ticket.id.in_(near),
        *words_in(wanted.words),
    ]
    return [condition for condition in found if condition is not None]


def words_in(words: str | None) -> list[ColumnElement[bool]]:
    """Return a condition for each word: a family asked with it, or it is in a private note."""
    return [_has_word(word) for word in (words or "").split()[:_MOST_WORDS]]


def keys_of(wanted: Filter) -> list[tuple[SQLColumnExpression[Any], bool]]:
    """Return what rows are ordered by, each with whether the largest comes first; the last is unique."""
    sort = wanted.sort or ("asked" if wanted.status in {"resolved", "any"} else "priority")
    first = _SORTS[sort]
    turned = [(column, down is not wanted.backward) for column, down in first]
    return [*turned, (Ticket.id, wanted.backward)]


def order_of(wanted: Filter) -> list[ColumnElement[Any]]:
    """Return the order of rows."""
    return [column.desc() if down else column.asc() for column, down in keys_of(wanted)]


def families_in_ticket() -> Any:
    """Return a subquery that counts the conversations that ask what a ticket holds."""
    return (
        select(func.count(Turn.conversation_id.distinct()))
        .join(Asking, Asking.turn_id == Turn.id)
        .where(Asking.ticket_id == Ticket.id)
        .scalar_subquery()
    )


# Each column with whether the largest comes first by default.
_SORTS: dict[Sort, list[tuple[SQLColumnExpression[Any], bool]]] = {
    "priority": [(Ticket.priority, False), (Ticket.due_at, False)],
    "due": [(Ticket.due_at, False)],
    "age": [(Ticket.created_at, False)],
    "asked": [(Ticket.asked_at, True)],
    "families": [(families_in_ticket(), True)],
    "site": [(func.coalesce(Ticket.site, ""), False)],
}


def _has_status(status: str, now: datetime) -> ColumnElement[bool] | None:
    if status == "any":
        return None
    awake = Ticket.snoozed_until <= now
    if status == "open":
        # A snoozed ticket comes back by itself.
        return or_(Ticket.status == "open", and_(Ticket.status == "snoozed", awake))
    if status == "snoozed":
        return and_(Ticket.status == "snoozed", ~awake)
    return Ticket.status == status


def _has_reason(reason: str) -> ColumnElement[bool]:
    among = (literal(",") + Asking.reasons + ",").like(f"%,{reason},%")
    return exists().where(Asking.ticket_id == Ticket.id, among)


def has_label(label: str) -> ColumnElement[bool]:
    """Return the condition that a ticket has a label."""
    return exists().where(TicketLabel.ticket_id == Ticket.id, TicketLabel.label == label)


def _is_with(assignee: str) -> ColumnElement[bool]:
    return Ticket.assignee_id.is_(None) if assignee == NOBODY else Ticket.assignee_id == assignee


def _has_word(word: str) -> ColumnElement[bool]:
    """Return the condition that somebody asked with this word, or that it is in a private note."""
    asked = exists().where(
        Asking.ticket_id == Ticket.id,
        Turn.id == Asking.turn_id,
        has_word(Turn.question, word),
    )
    noted = exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.kind == "note",
        has_word(TicketEvent.text, word),
    )
    return or_(asked, noted)
