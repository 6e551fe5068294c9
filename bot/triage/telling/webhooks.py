"""Keep webhooks and their secrets, and show what was sent to them.

A secret is shown once, when it is made. Knows nothing of our own HTTP server.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, select, update

from bot.storage import audit
from bot.storage.connections import Database
from bot.triage.people.account import Staff
from bot.triage.people.sealing import SealedWithAnotherSecret, SecretSealer
from bot.triage.telling.outbox import EventName, tell
from bot.triage.telling.tables import Delivery, Webhook

_SECRET_BYTES, _ID_BYTES = 32, 9
# Time to put the new one in place, as with the keys of sites.
OLD_SECRET_HOLDS = timedelta(hours=24)
_SHOWN_DELIVERIES = 50


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook; with ``with_words`` it gets families' questions, without personal details."""

    id: str
    url: str
    events: tuple[EventName, ...]
    with_words: bool
    enabled: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Sending:
    """Something that was or will be sent; ``fault`` is why the last attempt failed."""

    id: str
    webhook_id: str | None
    event: str
    state: str
    attempts: int
    made_at: datetime
    next_at: datetime
    fault: str | None


class Webhooks:
    """The webhooks of one database, their secrets sealed with a key derived from the deployment's own."""

    def __init__(self, database: Database, secret_keys: Sequence[str]) -> None:
        self._database = database
        self._sealer = SecretSealer("webhooks", secret_keys)

    def add(self, url: str, events: Sequence[EventName], *, with_words: bool, by: Staff) -> tuple[str, str]:
        """Keep a webhook, and return its id and its secret."""
        webhook_id, secret = secrets.token_urlsafe(_ID_BYTES), _new_secret()
        values = {
            "id": webhook_id, "url": url, "events": _packed(events), "with_words": with_words, "enabled": True,
            "secret": self._sealer.seal(secret), "made_at": datetime.now(UTC),
        }  # fmt: skip
        with self._database.transaction() as connection:
            connection.execute(insert(Webhook), values)
            audit.write(connection, by.name, "webhook.add", object=webhook_id, detail=_host(url))
        return webhook_id, secret

    def change(
        self, webhook_id: str, events: Sequence[EventName], *, with_words: bool, enabled: bool, by: Staff
    ) -> bool:
        """Change what a webhook is told; false if there is none. Another address is another webhook."""
        values = {"events": _packed(events), "with_words": with_words, "enabled": enabled}
        return self._update(webhook_id, values, "webhook.change", by, "on" if enabled else "off")

    def rotate(self, webhook_id: str, *, by: Staff) -> str | None:
        """Make a new secret and return it, ``None`` if there is no such webhook; the old one also signs for a day."""
        secret = _new_secret()
        values = {
            "secret": self._sealer.seal(secret), "old_secret": Webhook.secret,
            "old_until": datetime.now(UTC) + OLD_SECRET_HOLDS,
        }  # fmt: skip
        return secret if self._update(webhook_id, values, "webhook.rotate", by, "") else None

    def remove(self, webhook_id: str, *, by: Staff) -> bool:
        """Remove a webhook with its deliveries; false if there is none."""
        with self._database.transaction() as connection:
            gone = connection.execute(delete(Webhook).where(Webhook.id == webhook_id)).rowcount == 1
            if gone:
                audit.write(connection, by.name, "webhook.remove", object=webhook_id)
        return gone

    def stop(self, webhook_id: str) -> None:
        """Switch off a webhook whose receiver said that it is gone, and give up what waits for it."""
        waits = (Delivery.webhook_id == webhook_id, Delivery.state == "waiting")
        with self._database.transaction() as connection:
            connection.execute(update(Webhook).where(Webhook.id == webhook_id).values(enabled=False))
            connection.execute(
                update(Delivery).where(*waits).values(state="dead", fault="the receiver is gone (410)", held_until=None)
            )
            audit.write(connection, audit.NOBODY, "webhook.change", object=webhook_id, detail="off: answered 410")

    def leave_alone(self, webhook_id: str, until: datetime) -> None:
        """Send nothing to a webhook before a moment, as its receiver asked."""
        early = (Delivery.webhook_id == webhook_id, Delivery.state == "waiting", Delivery.next_at < until)
        with self._database.statement() as connection:
            connection.execute(update(Delivery).where(*early).values(next_at=until))

    def test(self, webhook_id: str, *, by: Staff) -> str | None:
        """Have a test event sent, and return the id of its delivery; ``None`` if there is no such webhook."""
        with self._database.transaction() as connection:
            sent = tell(connection, "test", [webhook_id], only=webhook_id)
            if sent:
                audit.write(connection, by.name, "webhook.test", object=webhook_id)
        return sent[0] if sent else None

    def again(self, delivery_id: str, *, by: Staff) -> bool:
        """Have a dead delivery sent again, under the same id; false if there is no such dead delivery."""
        dead = (Delivery.id == delivery_id, Delivery.state == "dead")
        values = {"state": "waiting", "attempts": 0, "next_at": datetime.now(UTC), "held_until": None}
        with self._database.transaction() as connection:
            if connection.execute(update(Delivery).where(*dead).values(**values)).rowcount == 0:
                return False
            audit.write(connection, by.name, "delivery.again", object=delivery_id)
        return True

    def all(self) -> Sequence[Hook]:
        """Return the webhooks, the oldest first."""
        with self._database.statement() as connection:
            return [_hook(row) for row in connection.execute(select(Webhook).order_by(Webhook.made_at))]

    def deliveries(self, *, webhook_id: str | None = None, dead: bool = False) -> Sequence[Sending]:
        """Return the latest deliveries, sent or waiting, the newest first."""
        query = select(*(getattr(Delivery, name) for name in Sending.__slots__)).order_by(Delivery.made_at.desc())
        if webhook_id is not None:
            query = query.where(Delivery.webhook_id == webhook_id)
        if dead:
            query = query.where(Delivery.state == "dead")
        with self._database.statement() as connection:
            return [Sending(*row) for row in connection.execute(query.limit(_SHOWN_DELIVERIES))]

    def failing(self) -> frozenset[str]:
        """Return the ids of webhooks whose last tried delivery did not arrive."""
        tried = select(Delivery.webhook_id, func.max(Delivery.made_at).label("at"))
        last = tried.where(Delivery.attempts > 0).group_by(Delivery.webhook_id).subquery()
        of_last = (Delivery.webhook_id == last.c.webhook_id) & (Delivery.made_at == last.c.at)
        query = select(Delivery.webhook_id).join(last, of_last).where(Delivery.state != "sent")
        with self._database.statement() as connection:
            return frozenset(filter(None, connection.scalars(query)))

    def secrets_of(self, row: Any, now: datetime) -> list[str]:
        """Return what a webhook's deliveries are signed with: its secret, and the previous one while that is valid.

        :param row: with the columns ``secret``, ``old_secret`` and ``old_until``
        :raises SealedWithAnotherSecret: if its secret cannot be read
        """
        found = [self._sealer.open(row.secret)]
        if row.old_secret is not None and row.old_until is not None and row.old_until > now:
            # An old secret that cannot be read is left out, so that it does not stop the delivery.
            with suppress(SealedWithAnotherSecret):
                found.append(self._sealer.open(row.old_secret))
        return found

    def _update(self, webhook_id: str, values: dict[str, Any], action: str, by: Staff, detail: str) -> bool:
        with self._database.transaction() as connection:
            changed = connection.execute(update(Webhook).where(Webhook.id == webhook_id).values(**values))
            if changed.rowcount == 0:
                return False
            audit.write(connection, by.name, action, object=webhook_id, detail=detail)
        return True


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def _packed(events: Sequence[EventName]) -> str:
    return msgspec.json.encode(list(dict.fromkeys(events))).decode()


def _host(url: str) -> str:
    return url.split("/")[2].rsplit("@")[-1][:100]


def _hook(row: Any) -> Hook:
    return Hook(row.id, row.url, tuple(msgspec.json.decode(row.events)), row.with_words, row.enabled, row.made_at)
