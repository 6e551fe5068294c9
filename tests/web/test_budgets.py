"""What the chat costs a page and a family: requests, bytes and storage. ``bench/paint.py`` has the time."""

from __future__ import annotations

import gzip
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.patience import PATIENCE_S

from .hosting import Hosted, hosted

pytestmark = pytest.mark.browser

# After the frame has loaded, until the chat takes a question; before that a form without script does.
TAKES_AFTER_MS = 100
TAKING = "customElements.whenDefined('explainer-chat').then(() => { window.takes = performance.now(); })"
LOADED = "performance.getEntriesByType('navigation')[0]"
# Of the newest loader; of all that the first open of the chat fetches, and in how many requests.
LOADER_BYTES, CHAT_BYTES, CHAT_REQUESTS = 3_420, 16 * 1024, 6


@dataclass
class Traffic:
    """The requests of a page to the service, and to anybody else, beside its own."""

    service: str
    page: str
    ours: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: self._note(request.url))

    def _note(self, address: str) -> None:
        if address.startswith(self.service):
            self.ours.append(address)
        elif not address.startswith(self.page):
            self.others.append(address)

    def bytes_since(self, position: int) -> int:
        """How many bytes the files take when they are compressed, as a proxy in front of the service sends them."""
        return sum(_compressed(address) for address in self.ours[position:])


def _compressed(address: str) -> int:
    if "/api/" in address:
        return 0
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as response:
        return len(gzip.compress(response.read(), 9))


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    with hosted(tmp_path_factory.mktemp("budgets")) as found:
        yield found


def test_a_page_that_nobody_chats_on_costs_one_small_request_and_a_chat_little_more(
    browser: Browser, host: Hosted, capsys: pytest.CaptureFixture[str]
) -> None:
    with browser.new_context() as context:
        context.add_init_script(TAKING)
        page = context.new_page()
        traffic = Traffic(host.service, host.near)
        traffic.watch(page)
        page.goto(host.near, wait_until="networkidle")
        before = len(traffic.ours), traffic.bytes_since(0)
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        page.get_by_role("button", name="Ask a question").click()
        chat = page.frame_locator("explainer-chat iframe")
        expect(chat.get_by_role("heading", name="Ask a question")).to_be_focused()
        page.wait_for_load_state("networkidle")
        frame = page.frames[1]
        takes, came, loaded = (
            frame.evaluate(one) for one in ("takes", f"{LOADED}.responseEnd", f"{LOADED}.loadEventEnd")
        )
        opening = len(traffic.ours) - before[0], traffic.bytes_since(before[0])
        stored = "localStorage.length + sessionStorage.length"
        assert page.frames[1].evaluate(stored) == 0
        chat.locator(".composer textarea").fill("uncertain")
        chat.locator(".composer textarea").press("Enter")
        expect(chat.locator(".snippet")).to_have_count(1)
        answering = len(traffic.ours) - before[0] - opening[0], traffic.bytes_since(before[0] + opening[0])
        with capsys.disabled():
            sys.stdout.write(
                f"\nbefore the click: {before[0]} request, {before[1]:,} bytes; first open: {opening[0]} requests, "
                f"{opening[1]:,} bytes; first answer: {answering[0]} requests, {answering[1]:,} bytes of files; "
                f"the first question is taken {takes - came:.0f} ms after the frame's page came, "
                f"{takes - loaded:+.0f} ms from its load\n"
            )
        assert before[0] == 1
        assert before[1] <= LOADER_BYTES
        assert takes - loaded <= TAKES_AFTER_MS
        assert opening[0] <= CHAT_REQUESTS
        assert opening[1] <= CHAT_BYTES
        # What an answer needs came while the question was typed; later answers are one request each.
        assert answering[0] == 2
        chat.locator(".composer textarea").fill("twin")
        chat.locator(".composer textarea").press("Enter")
        expect(chat.locator(".snippet")).to_have_count(3)
        assert len(traffic.ours) - before[0] - opening[0] - answering[0] == 1
        assert traffic.others == []
        assert context.cookies() == []
