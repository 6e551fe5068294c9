"""Turns that need staff -> tickets: each joins the one that asks the same, or begins one.

In: ids of turns that were kept. Out: rows. A thread of its own takes them in, so that no family waits for it; what a
process that died had not taken in yet is found in the table of turns, by whichever process looks next.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from bot.conversing.connections import Database
from bot.conversing.gist import Gist
from bot.conversing.handoff import OPEN
from bot.conversing.tables import Base, Feedback, Handoff, Turn
from bot.conversing.turn import TurnRecord
from bot.errors import BotError
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.joining import Arrival, take_in
from bot.triage.tickets.rules import LOW_CONFIDENCE, reasons_of
from bot.triage.tickets.tables import Asking

log = logging.getLogger("bot")

_TURN, _FEEDBACK, _HANDOFF, _ASKING = (
    Base.metadata.tables[table.__tablename__] for table in (Turn, Feedback, Handoff, Asking)
)
# How often a process looks for what another left behind, and how far back.
_LOOK_EVERY_S = 20.0
_LOOK_BACK = timedelta(days=2)
# What was kept a moment ago is being taken in by the process that kept it.
_GRACE = timedelta(seconds=5)

GistOf = Callable[[str], Gist]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a turn: the ticket it is in, and whether that is new or has become more urgent."""

    ticket_id: str
    is_new: bool
    priority: int


class Intake:
    """Takes turns in, in the background of each process that keeps any."""

    def __init__(self, database: Database, gists: Gists, gist_of: GistOf) -> None:
        self._database = database
        self._gists = gists
        self._gist_of = gist_of
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._process: int | None = None

    def told(self, turn_id: str, turn: TurnRecord | None) -> None:
        """Take a turn in soon, if it needs staff; returns at once.

        :param turn_id: of a turn that was kept
        :param turn: the turn if it is new; ``None`` after a vote or a hand-off
        """
        if turn is None or reasons_of(turn.status, turn.confidence):
            self._waiting.put(turn_id)
            self._start()

    def take(self, turn_id: str) -> Taken | None:
        """Take a turn in now.

        :param turn_id: of a turn
        :returns: ``None`` if it does not need staff, or is gone
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.statement() as connection:
            row = connection.execute(_LOADED.where(_TURN.c.id == turn_id)).first()
        if row is None:
            return None
        reasons = reasons_of(
            row.status, row.confidence, voted_down=row.verdict == "down", handed_off=row.handoff_id is not None
        )
        if not reasons:
            return None
        text = row.understood or row.question
        gist = self._gist_of(text) if text else None
        arrival = Arrival(turn_id, row.conversation_id, row.site, row.asked_at, reasons, gist)
        with self._database.transaction() as connection:
            ticket_id, is_new, priority = take_in(arrival, self._gists, connection)
        return Taken(ticket_id, is_new, priority)

    def catch_up(self) -> int:
        """Take in what was kept and not taken in, such as by a process that died; return how many turns."""
        now = datetime.now(UTC)
        query = (
            select(_TURN.c.id)
            .outerjoin(_ASKING, _ASKING.c.turn_id == _TURN.c.id)
            .outerjoin(_FEEDBACK, _FEEDBACK.c.turn_id == _TURN.c.id)
            .outerjoin(_HANDOFF, _HANDOFF.c.turn_id == _TURN.c.id)
            .where(_ASKING.c.turn_id.is_(None), _TURN.c.asked_at.between(now - _LOOK_BACK, now - _GRACE), _may_need())
            .distinct()
        )
        with self._database.statement() as connection:
            left = connection.execute(query).scalars().all()
        return sum(self.take(turn_id) is not None for turn_id in left)

    def _start(self) -> None:
        """One thread a process; a forked one has none of its parent's."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._run, name="intake", daemon=True).start()

    def _run(self) -> None:
        self._safely(self.catch_up)
        while True:
            try:
                turn_id = self._waiting.get(timeout=_LOOK_EVERY_S)
            except queue.Empty:
                self._safely(self.catch_up)
                continue
            self._safely(lambda: self.take(turn_id))  # noqa: B023 - called before the next turn

    def _safely(self, step: Callable[[], object]) -> None:
        try:
            step()
        except BotError as error:
            # Whatever it was, the next look finds it again.
            log.error("A turn could not be taken in: %s", error)
        except Exception as error:  # noqa: BLE001 - the thread must go on; a fault is said by its class alone
            log.error("A turn could not be taken in: %s", type(error).__name__)


_LOADED = (
    select(
        _TURN.c.status, _TURN.c.confidence, _TURN.c.question, _TURN.c.understood, _TURN.c.site, _TURN.c.asked_at,
        _TURN.c.conversation_id, _FEEDBACK.c.verdict, _HANDOFF.c.id.label("handoff_id"),
    )
    .outerjoin(_FEEDBACK, _FEEDBACK.c.turn_id == _TURN.c.id)
    .outerjoin(_HANDOFF, (_HANDOFF.c.turn_id == _TURN.c.id) & (_HANDOFF.c.status == OPEN))
)  # fmt: skip


def _may_need() -> ColumnElement[bool]:
    """The same as ``reasons_of``, as far as the database can tell cheaply."""
    return or_(
        _TURN.c.status.in_(("referred_crisis", "referred_emergency")),
        _TURN.c.status.like("unanswered%"),
        (_TURN.c.status == "answered") & (_TURN.c.confidence < LOW_CONFIDENCE),
        _FEEDBACK.c.verdict == "down",
        _HANDOFF.c.status == OPEN,
    )
