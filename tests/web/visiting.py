"""A partner's page of another origin with the chat on it, and what a visitor does and sees there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from .chatting import listens

QUESTION = "What is a digital twin?"
# What the browser does comes at once; the rest is for a machine whose every core runs another browser.
PATIENCE_S = 120.0
OpenHost = Callable[..., Page]
# Keeps what the page around the chat is told, and all that reaches it by message.
LISTENING = """() => {
  window.told = []; window.heard = [];
  const names = ['ready', 'opened', 'closed', 'answer-shown', 'no-answer', 'urgent-shown', 'source-clicked',
    'feedback-sent', 'error'];
  for (const name of names)
    document.addEventListener(`explainer-chat:${name}`, ({ detail }) => told.push([name, detail]));
  addEventListener('message', ({ data }) => heard.push(data));
}"""


def inside(page: Page) -> FrameLocator:
    return page.frame_locator("explainer-chat iframe")


def opened(page: Page) -> FrameLocator:
    page.get_by_role("button", name="Ask a question").click()
    expect(inside(page).get_by_label("Your question")).to_be_visible()
    expect(inside(page).get_by_role("heading", name="Ask a question", include_hidden=True)).to_be_focused()
    return inside(page)


def ask(chat: FrameLocator, question: str = QUESTION) -> None:
    listens(chat)
    count = chat.locator(".turn").count()
    chat.locator(".composer textarea").fill(question)
    chat.locator(".composer textarea").press("Enter")
    expect(chat.locator(".turn .answer")).to_have_count(count + 1)


def told(page: Page) -> list[Any]:
    return list(page.evaluate("told"))


def console_of(page: Page) -> list[str]:
    """All that the console says from now on."""
    lines: list[str] = []
    page.on("console", lambda message: lines.append(message.text))
    return lines


def said_in_time(page: Page, lines: list[str], words: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not [line for line in lines if words in line]:
        assert time.monotonic() < until, lines
        page.wait_for_timeout(50)
