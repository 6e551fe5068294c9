"""What a family keeps of its chat and what is gone when it is forgotten: receipts, paper, other tabs, the screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .chatting import OpenChat, ask, violations

pytestmark = pytest.mark.browser


def ask_a_person(page: Page) -> str:
    """Asks a person without leaving an address, and returns the code to come back with."""
    page.get_by_role("button", name="Ask a person").last.click()
    page.get_by_role("button", name="Send to a person").click()
    return page.locator(".receipt .code").inner_text()


def test_the_code_to_come_back_with_is_still_there_after_a_reload(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "zebra")
    code = ask_a_person(page)
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", code)
    # One code, and no other number beside it.
    expect(page.locator(".receipt")).to_contain_text("Sent. A person will read it.")
    assert re.findall(r"[\w-]{16,}", page.locator(".receipt").inner_text()) == []
    page.reload()
    expect(page.locator(".receipt .code")).to_have_text(code)
    expect(page.get_by_role("link", name="Open the reply page")).to_have_attribute("href", "/comeback")


def test_forgetting_leaves_the_screen_as_before_the_first_question(open_chat: OpenChat) -> None:
    page = open_chat("/")
    starters = page.locator(".first button")
    expect(starters).not_to_have_count(0)
    ask(page, "zebra")
    ask_a_person(page)
    expect(starters.first).to_be_hidden()
    page.get_by_label("Your question").fill("half a thought")
    page.get_by_role("button", name="Forget this chat").click()
    page.get_by_role("button", name="Yes, delete them").click()
    expect(page.locator(".forgotten")).to_be_focused()
    expect(page.locator(".forgotten")).to_have_text("Done. Everything in this chat is deleted.")
    expect(page.locator(".turn, .code")).to_have_count(0)
    expect(starters.first).to_be_visible()
    for name in ("Forget this chat", "Print for my appointment"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    expect(page.locator("[role=status]")).to_be_empty()
    expect(page.get_by_label("Your question")).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0
    ask(page, "uncertain")
    expect(page.locator(".forgotten")).to_have_count(0)


def test_a_question_on_its_way_does_not_begin_what_was_forgotten_anew(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "zebra")
    page.route("**/api/v1/chat", lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.get_by_label("Your question").fill("uncertain")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Forget this chat").click()
    page.get_by_role("button", name="Yes, delete them").click()
    expect(page.locator(".forgotten")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0


def test_from_a_page_that_an_answer_led_to_ask_leads_back_to_the_conversation(open_chat: OpenChat) -> None:
    page = open_chat("/")
    ask(page, "uncertain")
    with page.expect_popup() as opened:
        page.get_by_role("link", name=re.compile("^Read in the full text")).click()
    reader = opened.value
    reader.get_by_role("link", name="Ask", exact=True).click()
    expect(reader.locator(".question .words")).to_have_text("uncertain")


def test_a_family_ticks_what_is_printed_and_words_of_danger_are_left_out(open_chat: OpenChat) -> None:
    page = open_chat(bypass_csp=True)
    for question in ("uncertain", "cannot breathe", "so alone", "zebra"):
        ask(page, question)
    # Nothing of it is offered right under whom to call, so that something else was asked since.
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Print for my appointment").click()
    sheet = opened.value
    expect(sheet.get_by_role("checkbox")).to_have_count(4)
    sheet.emulate_media(media="print")
    printed = sheet.locator("main").inner_text()
    assert "An uncertain result" in printed
    assert "zebra" in printed
    for words in ("breathe", "so alone", "Nothing here is about that", "Tick what you want"):
        assert words not in printed
    sheet.emulate_media(media="screen")
    sheet.get_by_role("checkbox").nth(2).check()
    sheet.get_by_role("checkbox").nth(3).uncheck()
    assert violations(sheet) == []
    sheet.emulate_media(media="print")
    printed = sheet.locator("main").inner_text()
    assert "so alone" in printed
    assert "zebra" not in printed


def test_the_contact_link_is_named_only_where_there_is_one(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "zebra")
    page.route("**/api/v1/handoff", lambda route: route.fulfill(status=503, json={"code": "contact_unavailable"}))
    for has_link in (False, True):
        if has_link:
            page.locator("explainer-chat").evaluate("chat => chat.setAttribute('contact', 'https://example.org/us')")
        page.get_by_role("button", name="Ask a person").click()
        page.get_by_label("Your e-mail or phone number").fill("ada@example.org")
        page.get_by_role("button", name="Send to a person").click()
        expect(page.locator(".own .problem")).to_contain_text("Please send it without.")
        expect(page.locator(".own .problem").get_by_role("link", name="Contact")).to_have_count(int(has_link))
        page.get_by_role("button", name="Cancel").click()
