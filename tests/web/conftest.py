"""A real browser and a real server for the tests that are marked ``browser``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.web.app import create_app

from .chatting import OpenChat
from .fake_answerer import FakeAnswerer
from .hosting import Hosted, hosted
from .serving import OpenPage, serving
from .storied import storied_app
from .visiting import LISTENING, OpenHost

# What is expected comes at once; the rest is for a machine whose every core runs another browser.
PATIENCE_MS = 60_000
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser(chromium_path: str | None) -> Iterator[Browser]:
    """A Chromium for the tests of a process; each test opens a context of its own."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a path of an application around an answerer in a page; anything on the console fails the test."""
    with ExitStack() as stack:

        def open_one(path: str, answerer: FakeAnswerer | None = None, **context: object) -> Page:
            app = create_app(answerer or FakeAnswerer(), service_name="Test Answers")
            origin = stack.enter_context(serving(app))
            opened = browser.new_context(base_url=origin, **context)  # type: ignore[arg-type]
            stack.callback(opened.close)
            page = opened.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.goto(path)
            return page

        complaints: list[str] = []
        yield open_one
    # A failed request is reported by the browser itself, and some tests make requests fail.
    assert [found for found in complaints if not found.startswith("Failed to load resource")] == []


@pytest.fixture(scope="module")
def storied_origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(storied_app(tmp_path_factory.mktemp("storied"))) as found:
        yield found


@pytest.fixture
def open_chat(browser: Browser, storied_origin: str) -> Iterator[OpenChat]:
    with ExitStack() as stack:

        def open_one(path: str = "/embed", **context: Any) -> Page:
            opened = browser.new_context(base_url=storied_origin, **{"reduced_motion": "reduce", **context})
            stack.callback(opened.close)
            page = opened.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(path)
            return page

        faults: list[str] = []
        yield open_one
    assert faults == []


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    with hosted(tmp_path_factory.mktemp("hosted")) as found:
        yield found


@pytest.fixture
def open_host(browser: Browser, host: Hosted) -> Iterator[OpenHost]:
    """Opens the partner's page; a fault of a script on it fails the test."""
    with ExitStack() as stack:

        def open_one(query: str = "", at: str | None = None, **context: Any) -> Page:
            opened = browser.new_context(**context)
            stack.callback(opened.close)
            page = opened.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(f"{at or host.page}/?{query}")
            page.wait_for_load_state()
            page.evaluate(LISTENING)
            return page

        faults: list[str] = []
        yield open_one
    assert faults == []
