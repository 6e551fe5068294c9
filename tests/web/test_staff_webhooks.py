"""Webhooks on screen: their secrets shown once, their faults visible."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.triage.receivers import Receiver, receiving

from .desks import Browser, Console, a_console
from .factories import chat


@pytest.fixture
def receiver():  # type: ignore[no-untyped-def]
    with receiving() as found:
        yield found


@pytest.fixture
def here(tmp_path: Path, receiver: Receiver) -> Console:
    trusted = frozenset({("127.0.0.1", receiver.port)})
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3", trusted=trusted)


def added(boss: Browser, receiver: Receiver) -> str:
    """The path of a new webhook."""
    page = boss.post("/staff/webhooks", url=receiver.url, event="ticket.opened")
    assert page.status_code == 200, page.text
    found = re.search(r'action="(/staff/webhooks/[^"/]+)"', page.text)
    assert found is not None
    return found[1]


def test_a_secret_is_on_the_page_that_follows_its_making_and_on_no_other(here: Console, receiver: Receiver) -> None:
    boss = here.client("ada", "admin")
    page = boss.post("/staff/webhooks", url=receiver.url, event="ticket.opened").text
    assert len(re.findall(r"whsec_[\w+/=]{44}", page)) == 1
    path = re.search(r'action="(/staff/webhooks/[^"/]+)"', page)
    assert path is not None
    assert "whsec_" not in boss.get(path[1]).text
    assert "whsec_" in boss.post(f"{path[1]}/rotate").text
    assert "whsec_" not in boss.get("/staff/audit").text


def test_a_test_says_at_once_whether_it_arrived(here: Console, receiver: Receiver) -> None:
    boss = here.client("ada", "admin")
    path = added(boss, receiver)
    boss.post(f"{path}/test")
    assert "The test arrived." in boss.get(path).text
    receiver.status = 503
    boss.post(f"{path}/test")
    page = boss.get(path).text
    assert "The test did not arrive; it will be tried again." in page
    assert "the server answered 503" in page


def test_a_failing_webhook_is_shown_and_what_was_given_up_is_sent_again(here: Console, receiver: Receiver) -> None:
    boss = here.client("ada", "admin")
    path = added(boss, receiver)
    receiver.status = 500
    chat(here.app.test_client(), "zebra?")
    assert here.desk.courier.send_due() == 1
    assert "the server answered 500" in boss.get(path).text
    assert ">failing<" in boss.get("/staff/webhooks").text
    (delivery,) = here.desk.webhooks.deliveries()
    here.desk.courier._kept(delivery.id, {"state": "dead"})
    assert "Given up" in boss.get("/staff/webhooks").text
    assert boss.post(f"/staff/deliveries/{delivery.id}/again").status_code == 303
    receiver.status = 200
    assert here.desk.courier.send_due() == 1
    assert "Given up" not in boss.get("/staff/webhooks").text
    assert ">failing<" not in boss.get("/staff/webhooks").text
    assert boss.post(f"/staff/deliveries/{delivery.id}/again").status_code == 404


def test_an_address_that_cannot_be_used_is_refused_with_the_reason(here: Console) -> None:
    boss = here.client("ada", "admin")
    for url, found in (
        ("http://example.org/", "begins with https://"),
        ("https://127.0.0.1/", "not on the open internet"),
    ):
        refused = boss.post("/staff/webhooks", url=url, event="ticket.opened")
        assert refused.status_code == 422
        assert found in refused.text.replace("&#39;", "'")
    assert "Tick at least one event" in boss.post("/staff/webhooks", url="https://[2606:4700::1]/").text
    assert boss.post("/staff/webhooks/nothing/test").status_code == 404


def test_a_webhook_is_changed_switched_off_and_removed(here: Console, receiver: Receiver) -> None:
    boss = here.client("ada", "admin")
    path = added(boss, receiver)
    boss.post(path, event=["ticket.urgent", "test", "nonsense"], with_words="yes")
    (hook,) = here.desk.webhooks.all()
    assert (hook.events, hook.with_words, hook.enabled) == (("ticket.urgent",), True, False)
    assert boss.post(f"{path}/remove").status_code == 303
    assert here.desk.webhooks.all() == []
    assert boss.get(path).status_code == 404
