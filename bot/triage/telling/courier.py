"""Send what is due, retry it, or give it up; any process may send a delivery, one process at a time.

Each receiver has a queue of its own, urgent deliveries first, so that a slow one delays nobody else's alarm. If a
process dies while sending, another takes the delivery over, so a receiver may get one twice, under the same id, but
never misses one because of that.
"""

from __future__ import annotations

import logging
import os
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update

from bot.storage.connections import Database
from bot.triage.people.sealing import SealedWithAnotherSecret
from bot.triage.telling.mailing import ReplyMail, UrgentMail
from bot.triage.telling.outbox import NO_ADDRESS, REPLY, EventName
from bot.triage.telling.posting import NotSent, Poster
from bot.triage.telling.tables import Delivery, Webhook
from bot.triage.telling.webhooks import Webhooks

log = logging.getLogger("bot")
# So that danger is reported within a second; each look is one query that an index answers.
LOOK_EVERY_S = 0.5
# How many receivers one process sends to at the same time.
_RECEIVERS_AT_ONCE = 32
_URGENT: EventName = "ticket.urgent"
# While the database is down, the log says so now and then, not twice a second.
_WAIT_AFTER_FAULT_S = 10.0
# Longer than an attempt takes, so that nobody else takes what is being sent.
_HOLD = timedelta(seconds=60)
# The waits that Standard Webhooks recommends: about three days in all, and then the delivery is dead.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))
_JITTER = 0.2
# The clocks of nodes differ by less than this.
_NODES_APART = timedelta(minutes=1)


class Courier:
    """A sender of due deliveries, with a thread in each process."""

    def __init__(
        self,
        database: Database,
        webhooks: Webhooks,
        poster: Poster,
        mail: ReplyMail | None = None,
        alarm: UrgentMail | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._webhooks = webhooks
        self._poster = poster
        self._mail = mail
        self._alarm = alarm
        self._now = now
        self._starting = threading.Lock()
        self._process: int | None = None
        self._ended = threading.Event()
        self._busy: set[str | None] = set()

    def start(self) -> None:
        """Start sending, once per process; a forked process has none of its parent's threads."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._run, name="courier", daemon=True).start()

    def send_due(self) -> int:
        """Send what is due now, to all receivers at once, and return how many deliveries were tried."""
        receivers = self._receivers()
        with ThreadPoolExecutor(max(1, len(receivers))) as pool:
            return sum(pool.map(self._send_to, receivers))

    def _send_to(self, receiver: str | None) -> int:
        """Send what is due to one receiver, one delivery after another, and return how many were tried."""
        tried = 0
        while (delivery_id := self._next_for(receiver)) is not None:
            if self.send(delivery_id) is None:
                break
            tried += 1
        return tried

    def send(self, delivery_id: str) -> str | None:
        """Try to send one delivery.

        :returns: its state then: ``sent``, ``waiting`` or ``dead``; ``None`` if it is not due or another process has it
        """
        row = self._claimed(delivery_id)
        if row is None:
            return None
        try:
            told = self._send(row)
        except NotSent as error:
            return self._refused(row, error)
        except SealedWithAnotherSecret as error:
            log.error("Delivery %s cannot be signed. %s", row.id, error)
            return self._failed(row, "the webhook's secret is sealed with another BOT_SECRET_KEY")
        except Exception as error:  # noqa: BLE001 - whatever it is, the other deliveries must go out
            log.error("Delivery %s failed with %s", row.id, type(error).__name__)
            return self._failed(row, type(error).__name__)
        # What arrived need not be kept here too; of a reply only its id is, by which staff see that it was mailed.
        body = row.body if row.event == REPLY else ""
        return self._kept(row.id, {"state": "sent", "body": body, "fault": told, "held_until": None})

    def _receivers(self) -> list[str | None]:
        """Return the webhooks with due deliveries, urgent ones first; ``None`` stands for the mail server."""
        urgent = func.max(case((Delivery.event == _URGENT, 1), else_=0))
        query = (
            select(Delivery.webhook_id)
            .where(*self._is_due())
            .group_by(Delivery.webhook_id)
            .order_by(urgent.desc(), func.min(Delivery.next_at))
            .limit(_RECEIVERS_AT_ONCE)
        )
        with self._database.statement() as connection:
            return list(connection.execute(query).scalars())

    def _next_for(self, receiver: str | None) -> str | None:
        """Return the delivery to send to a receiver next."""
        own = Delivery.webhook_id.is_(None) if receiver is None else Delivery.webhook_id == receiver
        urgent_first = case((Delivery.event == _URGENT, 0), else_=1)
        query = select(Delivery.id).where(own, *self._is_due()).order_by(urgent_first, Delivery.next_at).limit(1)
        with self._database.statement() as connection:
            found: str | None = connection.execute(query).scalar()
        return found

    def _is_due(self) -> tuple[Any, ...]:
        now = self._now()
        free = or_(Delivery.held_until.is_(None), Delivery.held_until < now)
        # A delivery made while a clock was ahead would otherwise wait until the clock reaches that time again.
        from_ahead = and_(Delivery.attempts == 0, Delivery.made_at > now + _NODES_APART)
        return (Delivery.state == "waiting", or_(Delivery.next_at <= now, from_ahead), free)

    def _claimed(self, delivery_id: str) -> Any:
        """Return the delivery with its webhook, held for this attempt; ``None`` if another was faster."""
        held = {"held_until": self._now() + _HOLD, "attempts": Delivery.attempts + 1}
        claim = update(Delivery).where(Delivery.id == delivery_id, *self._is_due()).values(**held)
        query = (
            select(Delivery, Webhook.url, Webhook.secret, Webhook.old_secret, Webhook.old_until)
            .outerjoin(Webhook, Webhook.id == Delivery.webhook_id)
            .where(Delivery.id == delivery_id)
        )
        with self._database.statement() as connection:
            if connection.execute(claim).rowcount == 0:
                return None
            return connection.execute(query).first()

    def _send(self, row: Any) -> str | None:
        """Send a delivery; return why it needed no sending, if it did not."""
        if row.event == REPLY:
            return None if self._mail is not None and self._mail.send(row.body) else NO_ADDRESS
        if row.webhook_id is None:
            return self._sent_alarm(row.body)
        now = self._now()
        secrets = self._webhooks.secrets_of(row, now)
        self._poster.post(row.url, message_id=row.id, body=row.body, secrets=secrets, now=now)
        return None

    def _sent_alarm(self, body: str) -> str | None:
        if self._alarm is None:
            # Mail was switched off in the meantime.
            return NO_ADDRESS
        self._alarm.send(body)
        return None

    def _refused(self, row: Any, error: NotSent) -> str:
        """Record a delivery that a receiver did not accept; stop or delay its other deliveries if it asked for that."""
        if error.is_gone and row.webhook_id is not None:
            log.error("Webhook %s is switched off: its receiver is gone (410)", row.webhook_id)
            self._webhooks.stop(row.webhook_id)
            return self._kept(row.id, {"state": "dead", "fault": error.found[:200], "held_until": None})
        outcome = self._failed(row, error.found)
        if error.wait_s and row.webhook_id is not None:
            self._webhooks.leave_alone(row.webhook_id, self._now() + timedelta(seconds=error.wait_s))
        return outcome

    def _failed(self, row: Any, found: str) -> str:
        tries = row.attempts
        values: dict[str, Any] = {"fault": found[:200], "held_until": None}
        if tries > len(WAITS):
            log.error("Delivery %s is given up after %d tries: %s", row.id, tries, found)
            return self._kept(row.id, values | {"state": "dead"})
        # So that deliveries that failed together are not retried together.
        wait = WAITS[tries - 1] * (1 + random.uniform(0, _JITTER))  # noqa: S311 - no secret
        return self._kept(row.id, values | {"state": "waiting", "next_at": self._now() + wait})

    def _kept(self, delivery_id: str, values: dict[str, Any]) -> str:
        with self._database.statement() as connection:
            connection.execute(update(Delivery).where(Delivery.id == delivery_id).values(**values))
        return str(values["state"])

    def _begin_to_send(self) -> None:
        """Send to each receiver that is not being sent to, in a thread of its own, so that a slow one delays nobody."""
        for receiver in self._receivers():
            if receiver not in self._busy and len(self._busy) < _RECEIVERS_AT_ONCE:
                self._busy.add(receiver)
                threading.Thread(target=self._send_alone, args=(receiver,), name="delivery", daemon=True).start()

    def _send_alone(self, receiver: str | None) -> None:
        try:
            self._send_to(receiver)
        except Exception as error:  # noqa: BLE001 - the next look tries again; a text may hold words
            log.error("Sending failed with %s", type(error).__name__)
        finally:
            self._busy.discard(receiver)

    def _run(self) -> None:
        wait_s = LOOK_EVERY_S
        while not self._ended.wait(wait_s):
            try:
                wait_s = LOOK_EVERY_S
                self._begin_to_send()
            except Exception as error:  # noqa: BLE001 - a thread that ends would never send again
                # The class says enough; a text may hold words.
                log.error("Sending failed with %s", type(error).__name__)
                wait_s = _WAIT_AFTER_FAULT_S
