"""What a family sees first: the box before anything else, a start for who has no words yet, and whom to call."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .chatting import OpenChat, ask, violations
from .factories import client
from .fake_answerer import SUGGESTIONS, FakeAnswerer
from .serving import OpenPage
from .sources import all_sources, source

pytestmark = pytest.mark.browser

SIZES = [(320, 568), (390, 844), (1280, 800)]


def guided() -> FakeAnswerer:
    return FakeAnswerer([*all_sources(), source("gene-therapy", "Gene therapy", "A gene is added.")])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/", "/embed"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_box_is_on_the_screen_at_every_width_and_whom_to_call_beside_it(
    open_page: OpenPage, size: tuple[int, int], path: str, scheme: str
) -> None:
    page = open_page(
        path, guided(), viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, bypass_csp=True
    )
    for control in (page.get_by_label("Your question"), page.get_by_role("button", name="Ask", exact=True)):
        expect(control).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link", name="Emergency?", exact=True)).to_be_in_viewport(ratio=1)
    expect(page.locator(".first > .questions button")).to_have_count(3)
    expect(page.get_by_text("The chat makes nothing up.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert violations(page) == []


def test_who_has_no_words_yet_opens_what_they_come_with_and_asks_by_a_tap(open_page: OpenPage) -> None:
    page = open_page("/embed", guided())
    page.get_by_text("Research words").click()
    page.get_by_role("button", name="What is gene therapy?").click()
    expect(page.locator(".turn .words")).to_have_text("What is gene therapy?")
    expect(page.locator(".first")).to_be_hidden()


@pytest.mark.parametrize("with_script", [True, False])
def test_whom_to_call_is_one_tap_away_before_and_after_an_answer(open_page: OpenPage, with_script: bool) -> None:
    page = open_page("/ask", viewport={"width": 320, "height": 568}, java_script_enabled=with_script)
    if with_script:
        ask(page, "uncertain")
    page.get_by_role("link", name="Emergency?", exact=True).click()
    expect(page.locator("#emergency .care .button").first).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Back to my question").click()
    expect(page.locator("#emergency")).to_be_hidden()
    expect(page.get_by_label("Your question")).to_be_in_viewport()


def test_the_numbers_that_were_looked_up_do_not_stand_below_the_next_answer(open_chat: OpenChat) -> None:
    page = open_chat()
    page.get_by_role("link", name="Emergency?", exact=True).click()
    expect(page.locator("#emergency")).to_be_visible()
    ask(page, "uncertain")
    expect(page.locator("#emergency")).to_be_hidden()


def test_the_pages_for_who_has_no_script_offer_the_same() -> None:
    page = client(guided()).get("/ask").text
    assert all(question in page for question in SUGGESTIONS[:3])
    assert '<button name="message" value="What is gene therapy?"' in page
    assert 'href="#emergency"' in page
    assert '<section class="emergency" id="emergency"' in page
