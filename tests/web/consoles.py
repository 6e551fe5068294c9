"""People of the console in a real browser, on a service that runs as in production."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from tests.live_server import Server

PASSWORD = "seven calm herons"


@dataclass
class People:
    """Opens pages for families and staff, each with cookies of their own."""

    server: Server
    browser: Browser
    stack: ExitStack

    def staff(self, name: str, role: str = "agent") -> Page:
        """A new account that has signed in and chosen its password; its page shows the queue."""
        made = json.loads(self.server.run("staff", "add", name, "--role", role, "--json"))
        page = self._page()
        page.goto("/staff/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(made["password"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Current password").fill(made["password"])
        page.get_by_label("New password 12").fill(PASSWORD)
        page.get_by_label("New password again").fill(PASSWORD)
        page.get_by_role("button", name="Change password").click()
        page.goto("/staff/")
        expect(page.get_by_role("heading", name="Queue")).to_be_visible()
        return page

    def family(self) -> Page:
        """A page with the chat."""
        page = self._page()
        page.goto("/ask")
        return page

    def _page(self) -> Page:
        context = self.browser.new_context(base_url=self.server.address, reduced_motion="reduce")
        self.stack.callback(context.close)
        return context.new_page()
