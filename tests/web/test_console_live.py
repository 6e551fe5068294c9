"""Families and staff on one service of several workers, with SQLite and with PostgreSQL, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.settings import Settings
from tests.live_server import AT_ONCE_S, Server, running

from .chatting import ask
from .consoles import People

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.model]

WORKERS = 2


@pytest.fixture
def server(tmp_path: Path, shipped: Settings, database_url: str) -> Iterator[Server]:
    with running(tmp_path / "log", index=shipped.index, database_url=database_url, workers=WORKERS) as found:
        yield found


@pytest.fixture
def people(server: Server, browser: Browser) -> Iterator[People]:
    with ExitStack() as stack:
        yield People(server, browser, stack)


def test_what_families_ask_is_before_staff_at_once_and_danger_is_first(people: People) -> None:
    agent, family = people.staff("amir"), people.family()
    rows = agent.locator("#queue tbody tr[data-id]")
    for question in ("Do wolves howl at the moon in winter?", "How often do wolves howl at the moon?"):
        ask(family, question)
    # Two who ask the same are one row, which comes by itself.
    expect(rows).to_have_count(1, timeout=AT_ONCE_S * 1000)
    expect(rows.first.locator(".count")).to_have_text("2")
    ask(people.family(), "My daughter has stopped breathing")
    expect(rows.first).to_contain_text("stopped breathing", timeout=AT_ONCE_S * 1000)
    expect(rows).to_have_count(2)
    log = people.server.log.read_text(encoding="utf-8")
    assert "wolves" not in log
    assert "breathing" not in log
