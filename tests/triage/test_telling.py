"""What happens is told to webhooks, signed, once, and again until it arrives."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from bot.storage.audit import AuditLog
from bot.triage.telling.courier import WAITS
from bot.triage.telling.outbox import EVENTS, forget_deliveries
from bot.triage.telling.posting import Poster
from bot.triage.tickets.changing import Change, Seen
from tests.patience import PATIENCE_S, soon
from tests.structure.tree import TOP

from .queues import Desk
from .receivers import Telling


def test_events_are_signed_and_told_without_a_word_of_the_family(desk: Desk, telling: Telling) -> None:
    _, secret = telling.add()
    desk.ask("My daughter has stopped breathing", "referred_emergency")
    desk.ask("Swimming?")
    (row,) = desk.rows(reason="unanswered")
    desk.changes.apply([Seen(row.id, row.version)], Change(status="resolved"), by=telling.by)
    while telling.courier.send_due():
        pass
    events = telling.receiver.events()
    assert sorted(str(event["type"]) for event in events) == [
        "ticket.opened", "ticket.opened", "ticket.resolved", "ticket.urgent",
    ]  # fmt: skip
    for headers, body in telling.receiver.got:
        assert Verifier(secret).verify(body, {name.lower(): value for name, value in headers.items()})
        assert b"breathing" not in body
        assert b"Swimming" not in body
    urgent = next(event["data"] for event in events if event["type"] == "ticket.urgent")
    assert isinstance(urgent, dict)
    assert (urgent["priority"], urgent["reason"], urgent["path"]) == (
        "urgent", "emergency", f"/staff/tickets/{urgent['id']}",
    )  # fmt: skip


def test_words_go_along_only_where_an_admin_said_so_and_go_when_the_family_removes_them(
    desk: Desk, telling: Telling
) -> None:
    webhook_id, _ = telling.add(with_words=True)
    desk.ask("Swimming?", conversation_id="one")
    assert telling.courier.send_due() == 1
    assert telling.receiver.events()[0]["data"]["words"] == "Swimming?"  # type: ignore[index]
    desk.ask("Flying?", conversation_id="two")
    desk.memory.forget("two")
    assert telling.courier.send_due() == 0
    assert [one.state for one in telling.webhooks.deliveries(webhook_id=webhook_id)] == ["sent"]


def test_what_fails_is_tried_again_under_the_same_id_until_it_is_given_up_and_can_be_sent_again(
    desk: Desk, telling: Telling
) -> None:
    telling.add()
    telling.receiver.status = 500
    desk.ask("Swimming?")
    assert telling.courier.send_due() == 1
    assert telling.courier.send_due() == 0
    (waiting,) = telling.webhooks.deliveries()
    assert (waiting.state, waiting.attempts, waiting.fault) == ("waiting", 1, "the server answered 500")
    for wait in WAITS:
        telling.later += wait * 1.2 + timedelta(seconds=1)
        assert telling.courier.send_due() == 1
    (dead,) = telling.webhooks.deliveries(dead=True)
    assert (dead.state, dead.attempts) == ("dead", len(WAITS) + 1)
    telling.receiver.status = 200
    assert telling.webhooks.again(dead.id, by=telling.by) is True
    assert telling.webhooks.again(dead.id, by=telling.by) is False
    telling.later += timedelta(seconds=1)
    assert telling.courier.send_due() == 1
    assert {headers["webhook-id"] for headers, _ in telling.receiver.got} == {dead.id}
    assert telling.webhooks.deliveries()[0].state == "sent"


def test_of_fifty_who_send_at_once_one_does(desk: Desk, telling: Telling) -> None:
    telling.add()
    desk.ask("Swimming?")
    (delivery,) = telling.webhooks.deliveries()
    couriers = [telling.another_courier() for _ in range(50)]
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda courier: courier.send(delivery.id), couriers))
    assert outcomes.count("sent") == 1
    assert outcomes.count(None) == 49
    assert len(telling.receiver.got) == 1


def test_what_a_process_held_when_it_died_is_sent_by_another(desk: Desk, telling: Telling) -> None:
    telling.add()
    desk.ask("Swimming?")
    (delivery,) = telling.webhooks.deliveries()
    assert telling.courier._claimed(delivery.id) is not None
    assert telling.another_courier().send_due() == 0
    telling.later += timedelta(seconds=61)
    assert telling.another_courier().send_due() == 1
    assert telling.receiver.got[0][0]["webhook-id"] == delivery.id


def test_a_new_secret_signs_at_once_and_the_one_before_for_a_day(desk: Desk, telling: Telling) -> None:
    webhook_id, old = telling.add()
    new = telling.webhooks.rotate(webhook_id, by=telling.by)
    assert new is not None
    for number, hours in enumerate((0, 25)):
        telling.later = timedelta(hours=hours)
        desk.ask(f"word{number}?")
        assert telling.courier.send_due() == 1
    signatures = [headers["webhook-signature"].split() for headers, _ in telling.receiver.got]
    assert [len(found) for found in signatures] == [2, 1]
    headers, body = telling.receiver.got[0]
    lower = {name.lower(): value for name, value in headers.items()}
    for secret in (old, new):
        Verifier(secret).verify(body, lower)
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify(telling.receiver.got[1][1], {k.lower(): v for k, v in telling.receiver.got[1][0].items()})


def test_a_redirect_is_not_followed_and_nothing_is_told_to_a_webhook_that_is_off(desk: Desk, telling: Telling) -> None:
    webhook_id, _ = telling.add()
    telling.receiver.status = 302
    desk.ask("Swimming?")
    telling.courier.send_due()
    assert telling.webhooks.deliveries()[0].fault == "the server answered 302"
    telling.webhooks.change(webhook_id, EVENTS[:1], with_words=False, enabled=False, by=telling.by)
    desk.ask("Flying?")
    assert len(telling.webhooks.deliveries()) == 1
    actions = [entry.action for entry in AuditLog(desk.database).entries(limit=2)]
    assert actions == ["webhook.change", "webhook.add"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook", "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/",
        "https://localhost/", "https://user:secret@example.org/", "ftp://example.org/", "https://[::ffff:10.0.0.1]/",
        "https://127.0.0.1:8443/", "nonsense", "",
    ],
)  # fmt: skip
def test_a_private_address_is_refused(url: str) -> None:
    assert Poster().what_is_wrong(url) is not None


def test_a_name_that_leads_to_a_private_address_later_is_refused_when_it_is_sent_to(
    desk: Desk, telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling.webhooks.add("https://rebinding.example.org/", EVENTS[:1], with_words=False, by=telling.by)
    answers = [(2, 1, 6, "", ("192.168.0.7", 443))]
    monkeypatch.setattr("bot.syncing.addresses.socket.getaddrinfo", lambda *told, **named: answers)
    desk.ask("Swimming?")
    telling.courier.send_due()
    fault = telling.webhooks.deliveries()[0].fault
    assert fault is not None
    assert "192.168.0.7, which is not on the open internet" in fault
    assert telling.receiver.got == []


def test_what_was_sent_long_ago_is_purged_and_what_waits_is_not(desk: Desk, telling: Telling) -> None:
    telling.add()
    desk.ask("Swimming?")
    telling.courier.send_due()
    desk.ask("Flying?")
    assert forget_deliveries(desk.database, datetime.now(UTC) - timedelta(days=1)) == 0
    assert forget_deliveries(desk.database, datetime.now(UTC) + timedelta(seconds=1)) == 1
    assert [one.state for one in telling.webhooks.deliveries()] == ["waiting"]


SENDER = """
import sys
import bot.triage.tables
from bot.storage.connections import Database
from bot.triage.telling.courier import Courier
from bot.triage.telling.posting import Poster
from bot.triage.telling.webhooks import Webhooks

url, port, delivery = sys.argv[1:]
database = Database(url)
Courier(database, Webhooks(database, ["k" * 32]), Poster(frozenset({("127.0.0.1", int(port))}))).send(delivery)
"""


def test_what_a_process_was_sending_when_it_was_killed_comes_again_under_the_same_id(
    desk: Desk, telling: Telling, database_url: str
) -> None:
    telling.add()
    desk.ask("Swimming?")
    (delivery,) = telling.webhooks.deliveries()
    telling.receiver.delay_s = PATIENCE_S
    words = [sys.executable, "-c", SENDER, database_url, str(telling.receiver.port), delivery.id]
    sender = subprocess.Popen(words, cwd=TOP)
    assert soon(lambda: telling.receiver.got)
    sender.kill()
    sender.wait(PATIENCE_S)
    telling.receiver.delay_s = 0
    assert telling.courier.send_due() == 0
    telling.later = timedelta(seconds=61)
    assert telling.courier.send_due() == 1
    assert [headers["webhook-id"] for headers, _ in telling.receiver.got] == [delivery.id] * 2
    assert telling.webhooks.deliveries()[0].state == "sent"
