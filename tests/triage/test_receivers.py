"""Receivers that are slow, never done, gone or overloaded keep nobody else from being told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.storage.audit import AuditLog, Wanted
from bot.triage.telling.courier import Courier
from bot.triage.telling.outbox import EVENTS
from bot.triage.telling.webhooks import Webhooks

from .queues import Desk
from .receivers import KEY, Receiver, Telling, receiving

CRY = ("My daughter has stopped breathing", "referred_emergency")


@contextmanager
def another(telling: Telling) -> Iterator[tuple[Receiver, str]]:
    """A second receiver, with the id of its webhook."""
    with receiving() as receiver:
        hook, _ = telling.webhooks.add(receiver.url, EVENTS[:-1], with_words=False, by=telling.by)
        yield receiver, hook


def courier_to(telling: Telling, *others: Receiver, deadline_s: float = 600.0) -> Courier:
    poster = telling.poster(*others, deadline_s=deadline_s)
    return Courier(telling.database, Webhooks(telling.database, KEY), poster, now=telling.now)


def until(holds: Callable[[], object], patience_s: float = 60.0) -> bool:
    deadline = time.monotonic() + patience_s
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(holds())


def states(telling: Telling, hook: str) -> list[tuple[str, str | None]]:
    return [(one.state, one.fault) for one in telling.webhooks.deliveries(webhook_id=hook)]


def test_while_one_receiver_drips_another_has_its_alarm(desk: Desk, telling: Telling) -> None:
    slow, _ = telling.add()
    telling.receiver.drips = True
    for number in range(30):
        desk.ask(f"word{number}?")
    with another(telling) as (healthy, _):
        desk.ask(*CRY)
        courier = courier_to(telling, healthy, deadline_s=600.0)
        courier.start()
        # Nothing of the dripping one ends meanwhile.
        assert until(lambda: len(healthy.got) == 2 and telling.receiver.got)
        assert [event["type"] for event in healthy.events()] == ["ticket.urgent", "ticket.opened"]
        assert len(telling.receiver.got) == 1
        assert telling.receiver.events()[0]["type"] == "ticket.urgent"
        assert {state for state, _ in states(telling, slow)} == {"waiting"}
        courier._ended.set()
        telling.receiver.drips = False


@pytest.mark.parametrize("way", ["drips", "is silent"])
def test_a_receiver_that_is_never_done_has_a_time_in_all(desk: Desk, telling: Telling, way: str) -> None:
    hook, _ = telling.add()
    telling.receiver.drips = way == "drips"
    telling.receiver.delay_s = 0 if way == "drips" else 20
    desk.ask("Swimming?")
    assert courier_to(telling, deadline_s=0.5).send_due() == 1
    assert states(telling, hook) == [("waiting", "no answer within 0.5 seconds")]
    telling.receiver.drips = False


def test_a_receiver_that_says_it_is_gone_is_told_nothing_any_more(desk: Desk, telling: Telling) -> None:
    hook, _ = telling.add()
    telling.receiver.status = 410
    desk.ask(*CRY)
    with another(telling) as (healthy, other):
        desk.ask("Swimming?")
        courier_to(telling, healthy).send_due()
        assert len(telling.receiver.got) == 1
        assert {state for state, _ in states(telling, hook)} == {"dead"}
        assert states(telling, other) == [("sent", None)]
        desk.ask("Flying?")
        courier_to(telling, healthy).send_due()
        assert (len(telling.receiver.got), len(healthy.got)) == (1, 2)
    assert [one.enabled for one in telling.webhooks.all()] == [False, True]
    (entry, *_) = AuditLog(desk.database).entries(Wanted(action="webhook.change"))
    assert (entry.object, entry.detail) == (hook, "off: answered 410")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_receiver_that_asks_to_wait_is_left_alone_so_long(
    desk: Desk, telling: Telling, status: int, form: str
) -> None:
    hook, _ = telling.add()
    telling.receiver.status = status
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=3600), usegmt=True)
    telling.receiver.retry_after = "3600" if form == "seconds" else date
    desk.ask(*CRY)
    with another(telling) as (healthy, other):
        desk.ask("Swimming?")
        courier = courier_to(telling, healthy)
        courier.send_due()
        # The first answer is for all that waits.
        assert len(telling.receiver.got) == 1
        assert {state for state, _ in states(telling, hook)} == {"waiting"}
        assert states(telling, other) == [("sent", None)]
        telling.receiver.status = 204
        telling.later = timedelta(minutes=50)
        assert courier.send_due() == 0
        telling.later = timedelta(minutes=61)
        assert courier.send_due() == 3
    assert {state for state, _ in states(telling, hook)} == {"sent"}
    assert [event["type"] for event in telling.receiver.events()[:2]] == ["ticket.urgent", "ticket.urgent"]


@pytest.mark.parametrize("nonsense", ["soon", "-5", "1e9", "99999999999999999999", "", "Fri, 99 Foo 2026"])
def test_a_retry_after_that_cannot_be_read_changes_nothing_and_a_very_long_one_is_a_day(
    desk: Desk, telling: Telling, nonsense: str
) -> None:
    telling.add()
    telling.receiver.status, telling.receiver.retry_after = 503, nonsense
    desk.ask("Swimming?")
    telling.courier.send_due()
    (delivery,) = telling.webhooks.deliveries()
    assert delivery.next_at <= telling.now() + timedelta(days=1)
    assert (delivery.next_at > telling.now() + timedelta(hours=1)) == nonsense.startswith("999")
