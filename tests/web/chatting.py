"""What a family does in the chat, and what axe says of it."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Page, expect

OpenChat = Callable[..., Page]


def listens(place: Page | FrameLocator) -> None:
    """Waits for the chat's script: before it runs, Enter is a new line, and a question is sent with the button."""
    expect(place.locator("explainer-chat:defined")).to_be_attached()


def ask(page: Page, question: str) -> None:
    listens(page)
    count = page.locator(".turn").count()
    page.locator(".composer textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn .answer")).to_have_count(count + 1)


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:200] for node in one['nodes']]}" for one in found]
