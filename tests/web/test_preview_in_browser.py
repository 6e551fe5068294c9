"""The page on which partners try the chat: lines are copied, colours are seen at once, and no shell is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .factories import client
from .partners import Partnership
from .serving import serving

pytestmark = pytest.mark.browser


@contextmanager
def preview(browser: Browser, folder: Path) -> Iterator[Page]:
    shop = Partnership(folder)
    partner = shop.partner(accent_light="#7a1f5c")
    with serving(shop.here.application) as origin, browser.new_context() as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
        page = context.new_page()
        page.goto(f"{origin}/partners/preview?site={partner.id}")
        yield page


def test_a_line_is_copied_by_its_button_and_has_the_accent(browser: Browser, tmp_path: Path) -> None:
    with preview(browser, tmp_path) as page:
        page.get_by_role("button", name="Copy: The line for your page").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        line = page.evaluate("navigator.clipboard.readText()")
        assert line == page.locator("pre").first.inner_text()
        assert 'data-accent="#7a1f5c"' in line
        assert "python" not in page.locator("main").inner_text()


def test_a_colour_is_seen_on_the_chats_at_once_and_none_is_cut(browser: Browser, tmp_path: Path) -> None:
    with preview(browser, tmp_path) as page:
        frames = page.locator("iframe.try")
        frames.first.scroll_into_view_if_needed()
        launcher = page.frame_locator("iframe.try-launcher").locator(".launcher")
        expect(launcher).to_have_css("background-color", "rgb(122, 31, 92)")
        page.locator("#accent-light").fill("#123456")
        expect(launcher).to_have_css("background-color", "rgb(18, 52, 86)")
        page.locator("iframe.try-inline").scroll_into_view_if_needed()
        inline = page.frame_locator("iframe.try-inline")
        asks = inline.frame_locator("explainer-chat iframe").get_by_role("button", name="Ask", exact=True)
        expect(asks).to_have_css("background-color", "rgb(18, 52, 86)")
        assert inline.locator("html").evaluate("page => page.scrollHeight <= innerHeight")


def test_our_own_site_has_no_line_for_others(browser: Browser) -> None:
    with serving(client().application) as origin, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{origin}/partners/preview")
        expect(page.get_by_text("These lines are for our own pages.")).to_be_visible()
