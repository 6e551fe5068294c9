"""Families and staff on one service of several workers, with SQLite and with PostgreSQL, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.settings import Settings
from tests.live_server import AT_ONCE_S, Server, running
from tests.patience import in_a_row, soon
from tests.triage.receivers import Receiver, receiving

from .chatting import ask
from .consoles import People

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.model]

WORKERS = 2


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def server(tmp_path: Path, shipped: Settings, database_url: str, receiver: Receiver) -> Iterator[Server]:
    trusted = {"BOT_TRUSTED_HOSTS": f"127.0.0.1:{receiver.port}"}
    log, index = tmp_path / "log", shipped.index
    with running(log, index=index, database_url=database_url, workers=WORKERS, **trusted) as found:
        yield found


@pytest.fixture
def people(server: Server, browser: Browser) -> Iterator[People]:
    with ExitStack() as stack:
        yield People(server, browser, stack)


def test_what_families_ask_is_before_staff_at_once_and_danger_is_first(people: People) -> None:
    agent = people.staff("amir")
    rows = agent.locator("#queue tbody tr[data-id]")
    for question in ("Do wolves howl at the moon in winter?", "How often do wolves howl at the moon?"):
        ask(people.family(), question)
    # Two families who ask the same are one row, which comes by itself.
    expect(rows).to_have_count(1, timeout=AT_ONCE_S * 1000)
    expect(rows.first.locator(".count")).to_have_text("2")
    ask(people.family(), "My daughter has stopped breathing")
    expect(rows.first).to_contain_text("stopped breathing", timeout=AT_ONCE_S * 1000)
    expect(rows).to_have_count(2)
    log = people.server.log.read_text(encoding="utf-8")
    assert "wolves" not in log
    assert "breathing" not in log


def test_a_person_replies_and_the_family_reads_it_when_it_comes_back_and_by_its_code(people: People) -> None:
    agent, family = people.staff("amir"), people.family()
    ask(family, "Do wolves howl at the moon in winter?")
    family.get_by_role("button", name="Ask a person").click()
    family.get_by_role("button", name="Send to a person").click()
    code = family.locator(".receipt .code").inner_text()
    agent.locator("#queue tbody tr[data-id] a").first.click()
    expect(agent.get_by_label("To the family")).to_be_visible()
    ticket = agent.url
    agent.get_by_label("To the family").fill("We do not know about wolves.\nPlease ring us.")
    agent.get_by_role("button", name="Send and resolve").click()
    expect(agent.locator(".told")).to_contain_text("Sent to 1 family")
    family.reload()
    expect(family.locator(".reply p").first).to_have_text("We do not know about wolves.\nPlease ring us.")
    elsewhere = people.family()
    elsewhere.goto(f"{people.server.address}/comeback")
    elsewhere.get_by_label("Your code").fill(code.lower())
    elsewhere.get_by_role("button", name="Open").click()
    expect(elsewhere.locator(".person-reply")).to_contain_text("Please ring us.")
    agent.goto(ticket)
    expect(agent.locator(".timeline")).to_contain_text("seen by 1")
    assert "wolves" not in people.server.log.read_text(encoding="utf-8")


def test_an_approved_answer_reaches_the_next_family_on_any_worker_at_once(people: People) -> None:
    agent, editor, family = people.staff("amir"), people.staff("bea", "editor"), people.family()
    asked, again = "Can a child with a feeding tube go swimming?", "is it ok to swim with a feeding tube?"
    said = "Many children with a feeding tube swim. Ask the care team first."
    ask(family, asked)
    assert said not in family.locator(".turns").inner_text()
    agent.goto("/staff/curated/new")
    agent.get_by_label("What families ask").fill(asked)
    agent.get_by_label("The answer").fill(said)
    agent.get_by_label("Written or reviewed by").fill("The team of tests")
    agent.get_by_role("button", name="Save draft").click()
    agent.get_by_role("button", name="What would change?").click()
    expect(agent.locator("#effects")).to_contain_text("Of the last 1 questions")
    editor.goto(agent.url.removesuffix("/effects"))
    editor.get_by_role("button", name="What would change?").click()
    editor.get_by_role("button", name="Approve version 1").click()
    expect(editor.get_by_role("status")).to_contain_text("Approved")
    # Each call is a connection of its own, so that both workers are asked.
    assert in_a_row(lambda: said in people.server.call("/api/v1/chat", {"message": again})[1], 20, AT_ONCE_S)
    editor.locator("summary", has_text="Retire").click()
    editor.get_by_role("button", name="Yes, retire").click()
    assert in_a_row(lambda: said not in people.server.call("/api/v1/chat", {"message": again})[1], 20, AT_ONCE_S)


def test_a_crisis_is_told_at_once_and_a_webhook_that_fails_is_tried_again_and_shown(
    people: People, receiver: Receiver
) -> None:
    boss = people.staff("ada", "admin")
    boss.goto("/staff/webhooks")
    boss.get_by_label("Address").fill(receiver.url)
    boss.get_by_role("button", name="Add").click()
    expect(boss.get_by_role("status")).to_contain_text("whsec_")
    ask(people.family(), "I want to end my life")
    assert soon(lambda: receiver.got)
    assert [event["type"] for event in receiver.events()] == ["ticket.urgent"]
    receiver.status = 500
    ask(people.family(), "My daughter has stopped breathing")
    assert soon(lambda: len(receiver.got) >= 2 + 1)
    # The same again after five seconds or six, under the same id, and staff see why.
    assert len({headers["webhook-id"] for headers, _ in receiver.got[1:]}) == 1
    boss.goto("/staff/webhooks")
    boss.get_by_role("link", name=receiver.url).click()
    expect(boss.get_by_role("region", name="Deliveries")).to_contain_text("the server answered 500")
