"""Put turns that need staff into tickets: each joins the one that asks the same, or begins one.

A thread of its own does this, so that no family waits for it. What a process had not taken in when it died is found in
the table of turns by whichever process looks next.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, or_, select

from bot.answering.gist import Gist
from bot.errors import BotError
from bot.statuses import IN_DANGER, AnswerStatus, StatusFamily
from bot.storage.connections import Database
from bot.storage.handoff import OPEN
from bot.storage.tables import Feedback, Handoff, Turn, was_opened
from bot.storage.turn import TurnRecord
from bot.triage.telling.outbox import tell_placed
from bot.triage.tickets.bursts import Bursts
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.joining import Arrival, Placed, take_in
from bot.triage.tickets.rules import LOW_CONFIDENCE, is_alone, reasons_of
from bot.triage.tickets.tables import Asking
from bot.triage.tickets.withdrawing import withdraw

log = logging.getLogger("bot")
# How often a process looks for turns that another left behind, and how far back.
_LOOK_EVERY_S = 20.0
_LOOK_BACK = timedelta(days=2)
# A turn kept a moment ago is being taken in by the process that kept it.
_GRACE = timedelta(seconds=5)
# How long turns that can wait are gathered, and how many are taken in together: more a second than anybody reads.
_TOGETHER_S = 1.0
_AT_MOST = 20

GistOf = Callable[[str], Gist]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A turn that was kept; danger, votes and requests for a person are taken in at once."""

    turn_id: str
    at_once: bool
    gist: Gist | None = None
    caller: str | None = None


class Intake:
    """The intake of turns, in the background of each process that keeps any."""

    def __init__(
        self, database: Database, gists: Gists, gist_of: GistOf, *, mail_urgent_to: Sequence[str] = ()
    ) -> None:
        self._database = database
        self._gists = gists
        self._gist_of = gist_of
        self._mail_to = mail_urgent_to
        self._bursts = Bursts()
        self._waiting: queue.SimpleQueue[_Waiting] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._process: int | None = None

    def told(self, turn_id: str, turn: TurnRecord | None, caller: str | None = None) -> None:
        """Take a turn in soon, if it needs staff; returns at once.

        :param turn: the turn if it is new; ``None`` after a vote, a hand-off or an opened passage
        :param caller: a name for the network that it came from, if it is known
        """
        reasons = () if turn is None else reasons_of(turn.status, turn.confidence)
        if turn is None or is_alone(reasons):
            self._waiting.put(_Waiting(turn_id, at_once=True, caller=caller))
        elif reasons:
            # Now, because the encoder has just read it; later it would have to read it again.
            self._waiting.put(_Waiting(turn_id, at_once=False, gist=self._gist(turn.understood or turn.question)))
        else:
            return
        self._start()

    def take(self, turn_id: str) -> Placed | None:
        """Take a turn in now; ``None`` if it does not need staff, or is gone.

        :raises MemoryUnavailable: if the database cannot be used
        """
        return next(iter(self.take_all([turn_id])), None)

    def take_all(
        self,
        turn_ids: Collection[str],
        gists: Mapping[str, Gist | None] | None = None,
        callers: Mapping[str, str | None] | None = None,
    ) -> list[Placed]:
        """Take turns in now, up to ``_AT_MOST`` in one transaction.

        :param gists: those that are known, by turn id
        :param callers: names of the networks that the turns came from, by turn id
        :raises MemoryUnavailable: if the database cannot be used
        """
        ids, placed = list(turn_ids), list[Placed]()
        for start in range(0, len(ids), _AT_MOST):
            found_now, helped = self._arrivals(ids[start : start + _AT_MOST], gists or {})
            arrivals = [replace(one, caller=(callers or {}).get(one.turn_id)) for one in found_now]
            if not arrivals and not helped:
                continue
            try:
                with self._database.transaction() as connection:
                    found = take_in(arrivals, self._gists, connection, self._bursts) if arrivals else []
                    tell_placed(connection, found, self._mail_to)
                    withdraw(helped, connection)
                placed += found
            except BaseException:
                self._gists.read_again()
                raise
        return placed

    def _gist(self, text: str | None) -> Gist | None:
        """Return the gist of a text; ``None`` on failure, so that the turn gets its own ticket and delays no other."""
        try:
            return self._gist_of(text) if text else None
        except Exception as error:  # noqa: BLE001 - whatever it is, staff must still see the turn
            log.error("What a turn asks could not be compared: %s", type(error).__name__)
            return None

    def _arrivals(self, turn_ids: Sequence[str], gists: Mapping[str, Gist | None]) -> tuple[list[Arrival], list[str]]:
        """Return what is known of turns that need staff, and the ids of those that no longer do.

        The latter opened a near passage. Everything slow is done here, while nobody waits.
        """
        with self._database.statement() as connection:
            rows = {row.id: row for row in connection.execute(_LOADED.where(Turn.id.in_(turn_ids)))}
        arrivals, helped = list[Arrival](), list[str]()
        for row in (rows[turn_id] for turn_id in dict.fromkeys(turn_ids) if turn_id in rows):
            said = {"voted_down": row.verdict == "down", "handed_off": row.handoff_id is not None}
            reasons = reasons_of(row.status, row.confidence, **said, opened=bool(row.opened))
            if reasons:
                gist = gists.get(row.id) or self._gist(row.understood or row.question)
                arrivals.append(Arrival(row.id, row.conversation_id, row.site, row.asked_at, reasons, gist))
            elif row.opened:
                helped.append(row.id)
        return arrivals, helped

    def catch_up(self) -> int:
        """Take in what was kept but not taken in, such as by a process that died, and return how many turns."""
        now = datetime.now(UTC)
        query = (
            select(Turn.id)
            .outerjoin(Asking, Asking.turn_id == Turn.id)
            .outerjoin(Feedback, Feedback.turn_id == Turn.id)
            .outerjoin(Handoff, Handoff.turn_id == Turn.id)
            .where(Asking.turn_id.is_(None), Turn.asked_at.between(now - _LOOK_BACK, now - _GRACE), _may_need())
            .distinct()
        )
        with self._database.statement() as connection:
            left = connection.execute(query).scalars().all()
        return len(self.take_all(left))

    def _start(self) -> None:
        """Start one thread per process; a forked process has none of its parent's."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._run, name="intake", daemon=True).start()

    def _run(self) -> None:
        self._safely(self.catch_up)
        while True:
            batch = self._next_batch()
            self._safely(partial(self._take_batch, batch) if batch else self.catch_up)

    def _take_batch(self, batch: Sequence[_Waiting]) -> None:
        gists = {waiting.turn_id: waiting.gist for waiting in batch}
        self.take_all(gists, gists, {waiting.turn_id: waiting.caller for waiting in batch})

    def _next_batch(self) -> list[_Waiting]:
        """Return the turns to take in next; none if nothing came for so long that it is time to catch up.

        Each transaction makes workers wait that are just keeping a turn, so turns that can wait are taken in together.
        """
        found: list[_Waiting] = []
        try:
            found.append(self._waiting.get(timeout=_LOOK_EVERY_S))
            until = time.monotonic() + _TOGETHER_S
            while not found[-1].at_once and len(found) < _AT_MOST:
                found.append(self._waiting.get(timeout=max(until - time.monotonic(), 0)))
        except queue.Empty:
            pass
        return found

    def _safely(self, step: Callable[[], object]) -> None:
        try:
            step()
        except BotError as error:
            # Whatever it was, the next ``catch_up`` finds it again.
            log.error("A turn could not be taken in: %s", error)
        except Exception as error:  # noqa: BLE001 - the thread must go on; a fault is said by its class alone
            log.error("A turn could not be taken in: %s", type(error).__name__)


_LOADED = (
    select(
        Turn.id, Turn.status, Turn.confidence, Turn.question, Turn.understood, Turn.site,
        Turn.asked_at, Turn.conversation_id, Feedback.verdict, Handoff.id.label("handoff_id"),
        was_opened(Turn.id).label("opened"),
    )
    .outerjoin(Feedback, Feedback.turn_id == Turn.id)
    .outerjoin(Handoff, (Handoff.turn_id == Turn.id) & (Handoff.status == OPEN))
)  # fmt: skip


def _may_need() -> ColumnElement[bool]:
    """Return the condition that corresponds to ``reasons_of``, as far as the database can tell cheaply."""
    return or_(
        Turn.status.in_(IN_DANGER),
        Turn.status.like(f"{StatusFamily.UNANSWERED}%") & ~was_opened(Turn.id),
        (Turn.status == AnswerStatus.ANSWERED) & (Turn.confidence < LOW_CONFIDENCE),
        Feedback.verdict == "down",
        Handoff.status == OPEN,
    )
