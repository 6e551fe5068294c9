"""A partner's page in a real browser: the chat in its frame where it is allowed, and nothing where it is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Frame, Page

from bot.sites.contrast import readable
from bot.sites.tokens import LIFE_S

from .partners import Partnership
from .serving import serving

pytestmark = pytest.mark.browser

QUESTION = "What is a digital twin?"


class Host:
    """A partner's page at two origins of this machine, and the service at a third."""

    def __init__(self, shop: Partnership, service: str, page: str) -> None:
        self.shop, self.service = shop, service
        self.allowed = page.replace("127.0.0.1", "localhost")
        self.other = page

    def open(self, browser: Browser, at: str, site: str) -> tuple[Page, Frame]:
        page = browser.new_page()
        page.goto(f"{at}/?{self.service}/embed?site={site}")
        page.wait_for_function("document.querySelector('iframe').dataset.loaded")
        return page, page.frames[1]


def host_page() -> Flask:
    """A page that shows the address in its query in a frame, as the loader would."""
    app = Flask("host")
    script = (
        "const f = document.createElement('iframe'); f.onload = () => { f.dataset.loaded = 'yes' };"
        "f.src = location.search.slice(1); document.body.append(f)"
    )
    app.add_url_rule("/", view_func=lambda: f"<!doctype html><title>Host</title><body><script>{script}</script>")
    return app


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    shop = Partnership(tmp_path)
    with ExitStack() as stack:
        service = stack.enter_context(serving(shop.here.application))
        page = stack.enter_context(serving(host_page()))
        yield Host(shop, service, page)


def ask(frame: Frame) -> str:
    frame.locator("textarea").fill(QUESTION)
    frame.locator(".composer button").click()
    frame.locator(".snippet").first.wait_for()
    return frame.locator(".answer").first.inner_text()


def test_the_chat_answers_in_the_frame_of_an_allowed_page(browser: Browser, host: Host) -> None:
    partner = host.shop.partner(origins=(host.allowed,), name="Partner Hospital")
    page, frame = host.open(browser, host.allowed, partner.id)
    said = ask(frame)
    assert "Answer from Test Answers" in said
    # The partner wrote none of it.
    assert "Partner Hospital" not in said
    assert page.evaluate("document.querySelector('iframe').contentDocument") is None
    page.close()


def test_a_page_that_is_not_allowed_gets_nothing(browser: Browser, host: Host) -> None:
    partner = host.shop.partner(origins=(host.allowed,))
    nobody = host.shop.partner(origins=())
    for at, site in ((host.other, partner.id), (host.allowed, nobody.id), (host.allowed, "site_none")):
        page, frame = host.open(browser, at, site)
        assert frame.locator("textarea, explainer-chat").count() == 0
        assert frame.get_by_role("heading", name="The chat can't be shown here").is_visible()
        page.close()


def test_another_origins_script_cannot_ask_even_with_a_token(browser: Browser, host: Host) -> None:
    partner = host.shop.partner(origins=(host.allowed,))
    page, _ = host.open(browser, host.allowed, partner.id)
    outcome = page.evaluate(
        """async ([service, token]) => {
          const headers = {"Content-Type": "application/json", "X-Chat-Token": token};
          const body = '{"message": "twin"}';
          const post = (extra) => fetch(`${service}/api/v1/chat`, {method: "POST", body, ...extra});
          const renewed = fetch(`${service}/api/v1/token`, {headers});
          const ends = await Promise.allSettled([post({headers}), renewed, post({mode: "cors"})]);
          return ends.map((end) => end.status);
        }""",
        [host.service, host.shop.token(partner)],
    )
    assert outcome == ["rejected", "rejected", "rejected"]
    page.close()


def test_a_frame_that_was_open_for_hours_gets_a_fresh_token_and_its_answer(
    browser: Browser, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = host.shop.partner(origins=(host.allowed,))
    page, frame = host.open(browser, host.allowed, partner.id)
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + LIFE_S + 60)
    assert "A digital twin" in ask(frame)
    page.close()


def test_a_site_that_is_off_shows_whom_to_call_in_the_frame(browser: Browser, host: Host) -> None:
    partner = host.shop.partner(origins=(host.allowed,), country="GB")
    host.shop.store.set_enabled(partner.id, False, by="tests")
    page, frame = host.open(browser, host.allowed, partner.id)
    assert frame.get_by_role("link", name="Call 999", exact=True).get_attribute("href") == "tel:999"
    assert frame.locator("textarea").count() == 0
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("enabled", [True, False])
def test_axe_finds_nothing_on_a_page_in_a_partners_colours_nor_where_it_is_off(
    browser: Browser, host: Host, scheme: str, enabled: bool
) -> None:
    # The lightest and the darkest accents that are let through: what is made from them must be readable too.
    accents = {"accent_light": readable("#ff8800", "light"), "accent_dark": readable("#123456", "dark")}
    partner = host.shop.partner(contact_url="https://partner.example/help", country="US", **accents)
    host.shop.store.set_enabled(partner.id, enabled, by="tests")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{host.service}/embed?site={partner.id}")
    if enabled:
        ask(page.main_frame)
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found] == []
    context.close()


def test_the_accent_is_used_in_both_schemes(browser: Browser, host: Host) -> None:
    partner = host.shop.partner(accent_light="#7a1f5c", accent_dark="#eab08c")
    for scheme, colour in (("light", "rgb(122, 31, 92)"), ("dark", "rgb(234, 176, 140)")):
        page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{host.service}/embed?site={partner.id}")
        button = page.locator(".composer button")
        assert button.evaluate("element => getComputedStyle(element).backgroundColor") == colour
        page.close()
