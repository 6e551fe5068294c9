"""A family that comes back reads in the chat what a person wrote."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from .chatting import OpenChat, ask, violations

pytestmark = pytest.mark.browser


def with_a_reply(route: Route, text: str) -> None:
    """The conversation as it is, with a reply to its first question."""
    kept = route.fetch().json()
    first = kept["turns"][0]["turn_id"]
    reply = {"reply_id": "r1", "turn_id": first, "text": text, "author_label": "Sam of Test Answers"}
    route.fulfill(json={**kept, "replies": [{**reply, "written_at": "2026-11-23T10:00:00Z"}]})


def test_what_a_person_wrote_is_under_its_question_when_the_family_comes_back(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "zebra")
    ask(page, "uncertain")
    said = "We looked it up.\nPlease ring us. <b>Really</b>"
    page.route("**/api/v1/conversations/*", lambda route: with_a_reply(route, said))
    page.reload()
    reply = page.locator(".turn").first.locator(".reply")
    expect(reply.locator("p").first).to_have_text(said)
    expect(reply.get_by_role("heading")).to_have_text("Reply from a person: Sam of Test Answers")
    expect(page.locator(".turn").last.locator(".reply")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("A person has replied. The reply is under your question.")
    assert violations(page) == []


def test_a_tab_that_was_left_open_shows_the_reply_once_when_it_is_looked_at_again(open_chat: OpenChat) -> None:
    page = open_chat()
    ask(page, "zebra")
    page.get_by_role("button", name="Ask a person").click()
    page.get_by_role("button", name="Send to a person").click()
    expect(page.locator(".receipt")).to_be_visible()
    page.route("**/api/v1/conversations/*", lambda route: with_a_reply(route, "Here it is."))
    for _ in range(2):
        with page.expect_response("**/api/v1/conversations/*"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".reply")).to_have_count(1)
