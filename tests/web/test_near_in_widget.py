"""Passages that may hold the answer, in the chat: opened by keyboard, read, kept, and there after a reload."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from .chatting import OpenChat, ask, violations
from .storied import OUTLOOK

pytestmark = pytest.mark.browser

SECOND = "Every one to two years is common. You can ask for it, too."


def kept(page: Page) -> dict[str, Any]:
    """The last turn as the service keeps it."""
    tab = page.evaluate("JSON.parse(sessionStorage.getItem('explainer-chat:default'))")
    turn: dict[str, Any] = page.request.get(f"/api/v1/conversations/{tab['id']}").json()["turns"][-1]
    return turn


def open_by_keyboard(page: Page, place: int) -> None:
    """Goes from the answer to a row with the Tab key, past the step back to the box, and opens it with Enter."""
    for _ in range(place + 2):
        page.keyboard.press("Tab")
    expect(page.locator(".near summary").nth(place)).to_be_focused()
    with page.expect_response("**/api/v1/feedback") as answered:
        page.keyboard.press("Enter")
    assert answered.value.json()["opened"] == place


def test_a_passage_is_opened_by_keyboard_with_quote_link_and_controls_and_that_is_kept(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 390, "height": 844}, bypass_csp=True)
    ask(page, "perhaps")
    expect(page.locator(".answer .message")).to_have_text("I'm not sure this answers you. It may be in one of these:")
    expect(page.locator(".near summary")).to_have_count(3)
    expect(page.locator(".near blockquote:visible")).to_have_count(0)
    expect(page.locator(".answer")).to_be_focused()
    open_by_keyboard(page, 1)
    row = page.locator(".near li").nth(1)
    expect(row.locator("blockquote")).to_have_text(SECOND)
    expect(row.locator(".where")).to_contain_text("A genetic counselor at 1:02:05")
    link = row.get_by_role("link", name="Read in the full text")
    assert "/interviews/a-parent-and-a-counselor#" in (link.get_attribute("href") or "")
    expect(row.get_by_role("button", name="Copy with source")).to_be_visible()
    assert kept(page)["opened"] == [1]
    assert violations(page) == []
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(row.locator("blockquote")).to_be_hidden()


def test_below_an_answer_they_say_for_whom_they_are_and_the_controls_stay_with_the_answer(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 390, "height": 844}, bypass_csp=True)
    ask(page, "likely")
    expect(page.locator(".answer .message")).to_have_count(0)
    expect(page.locator(".may-also")).to_have_text("If that doesn't answer you, it may be in one of these:")
    expect(page.locator(".near summary")).to_have_count(2)
    parts = page.locator(".answer > *").evaluate_all("all => all.map((one) => one.className)")
    assert [name for name in parts if name in ("tools", "may-also", "near")] == ["tools", "may-also", "near"]
    page.locator(".near summary").first.click()
    expect(page.locator(".near blockquote:visible")).to_have_count(1)
    assert violations(page) == []


def test_opening_takes_no_vote_away_and_both_are_there_after_a_reload(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "perhaps")
    open_by_keyboard(page, 0)
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.reload()
    expect(page.locator(".near details")).to_have_count(3)
    expect(page.locator(".near details[open]")).to_have_count(1)
    expect(page.locator(".helpful")).to_have_count(0)
    assert sent == []
    with page.expect_response("**/api/v1/feedback"):
        page.locator(".near summary").nth(2).click()
    assert kept(page)["opened"] == [0, 2]
    assert kept(page)["feedback"]["verdict"] == "up"
    page.get_by_role("button", name="Ask a person").click()
    page.get_by_role("button", name="Send to a person").click()
    expect(page.locator(".receipt").last).to_contain_text("Sent. A person will read it.")


def test_a_passage_opens_although_that_cannot_be_kept_and_is_told_when_it_is_opened_again(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "perhaps")
    tries: list[str] = []

    def lose_the_first(route: Route) -> None:
        tries.append(route.request.url)
        route.abort() if len(tries) == 1 else route.continue_()

    page.route("**/api/v1/feedback", lose_the_first)
    row = page.locator(".near summary").first
    with page.expect_event("requestfailed"):
        row.click()
    expect(page.locator(".near blockquote").first).to_be_visible()
    row.click()
    with page.expect_response("**/api/v1/feedback"):
        row.click()
    assert kept(page)["opened"] == [0]


def test_a_passage_about_death_does_not_say_its_words_before_the_tap_and_harm_stays_text(open_chat: OpenChat) -> None:
    page = open_chat(viewport={"width": 390, "height": 844})
    ask(page, "hard to say")
    first = page.locator(".near li").first
    expect(first.locator("summary")).to_contain_text("This part talks about")
    expect(first.locator("summary")).not_to_contain_text(OUTLOOK)
    first.locator("summary").click()
    expect(first.locator("blockquote")).to_have_text(OUTLOOK)
    page.locator(".near summary").nth(1).click()
    assert page.locator(".turn script, .turn b, .turn a[href^=javascript]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_screen_reader_meets_closed_rows_in_a_list_that_says_how_unsure_they_are(open_chat: OpenChat) -> None:
    page = open_chat("/embed?lang=es")
    ask(page, "perhaps")
    listed = page.get_by_role("list", name="Quizá respondan a su pregunta")
    expect(listed.get_by_role("listitem")).to_have_count(3)
    expect(listed.locator("summary .title").first).to_have_attribute("lang", "en")
    expect(page.get_by_role("figure")).to_have_count(0)
